# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Put the enforcement double into the files of a real server.

One jar, compiled once, serves every version. Two `class=` attributes an application are all that
changes in the server. Were the jar absent while its beans are wired, the server would open no port.
"""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAR = "streamward-enforcement-double.jar"
BEANS = {
    "token.service": "streamward.testdouble.TokenService",
    "publishIPFilter": "streamward.testdouble.PublisherAddresses",
}


@functools.lru_cache(maxsize=None)
def compiled(against: Path) -> bytes:
    """Return the jar, compiled against the libraries of the server under `against`."""
    if not shutil.which("javac"):
        raise SystemExit("javac is needed for the double (Debian: openjdk-17-jdk-headless)")
    with tempfile.TemporaryDirectory() as work:
        class_path = ":".join(
            f"{against}/{part}" for part in ("ant-media-server.jar", "lib/*", "plugins/*")
        )
        sources = [str(path) for path in sorted(HERE.rglob("*.java"))]
        subprocess.run(
            [
                "javac",
                "--release",
                "11",
                "-nowarn",
                "-proc:none",
                "-d",
                f"{work}/classes",
                "-cp",
                class_path,
                *sources,
            ],
            check=True,
        )
        subprocess.run(
            ["jar", "--create", f"--file={work}/{JAR}", "-C", f"{work}/classes", "."], check=True
        )
        return Path(work, JAR).read_bytes()


def wired(text: str) -> str:
    """Return an application's red5-web.xml with the double in place of the stock beans."""
    for bean, name in BEANS.items():
        text, count = re.subn(
            rf'(<bean id="{re.escape(bean)}"\s+class=)"[^"]*"', rf'\1"{name}"', text
        )
        if count != 1:
            raise SystemExit(f"bean {bean} is not where it was: cannot wire the double")
    return text


def install(folder: Path, compile_against: Path, edit) -> None:
    """Install into the server under `folder`; `edit(path, change)` rewrites a text file of it."""
    (folder / "plugins" / JAR).write_bytes(compiled(compile_against))
    for path in folder.glob("webapps/*/WEB-INF/red5-web.xml"):
        if path.parents[1].name != "root":
            edit(path, wired)
