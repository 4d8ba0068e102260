"""axe-core, which finds what keeps people with a screen reader or a keyboard from using a page.

It comes from the package index, in a package that ships it, and is kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile

from tests.kit.places import CACHE

PACKAGE = "axe-playwright-python==0.1.8"
FILE = "axe_playwright_python-0.1.8-py3-none-any.whl"
DIGEST = "fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8"
MEMBER = "axe_playwright_python/axe.min.js"


def script():
    """The text of axe-core."""
    path = CACHE / "axe" / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
        subprocess.run([*pip, "--dest", str(path.parent), PACKAGE], check=True)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == DIGEST, f"{path} is not what it was"
    with zipfile.ZipFile(path) as archive:
        return archive.read(MEMBER).decode("utf-8")


def faults(browser, script):
    """What it finds in the page that a browser shows, but for what is minor."""
    browser.run(f"{script}; 0")
    found = browser.run("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [
        (each["id"], each["impact"], each["nodes"][0]["html"][:200])
        for each in found
        if each["impact"] in ("moderate", "serious", "critical")
    ]
