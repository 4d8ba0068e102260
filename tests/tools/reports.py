"""Write the reports of servers as shipped, docs/reports, anew: what an audit says of them.

python -m tests.tools.reports [--pictures]

Pictures want Chromium; pngquant makes them smaller where it is.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from demo import sandbox
from tests.kit import collection
from tests.kit.places import ROOT

collection.make_importable()

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (  # noqa: E402
    look as _look,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (  # noqa: E402
    audit as _audit,
    run as _run,
    table as _table,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (  # noqa: E402
    Evidence,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import (  # noqa: E402
    Waiver,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (  # noqa: E402
    as_html,
    as_markdown,
)

from tests.kit import audited, calling  # noqa: E402

FOLDER = ROOT / "docs" / "reports"
VERSIONS = ("2.17.1", "2.4.3")
HOME = "/usr/local/antmedia"
MADE_AT = 1_790_000_000  # 2026-09-21
ABOUT = """\
<!-- Ant Media Server {version} Community as its archive has it, unpacked on a host in good order,
     not started yet. Written by `python -m tests.tools.reports`. -->

"""


class _Printed:
    """What modules print, for whoever calls them outside of a test."""

    def __init__(self):
        self.stream = io.StringIO()

    def readouterr(self):
        text = self.stream.getvalue()
        self.stream.seek(0)
        self.stream.truncate()
        return SimpleNamespace(out=text)


@contextlib.contextmanager
def _unpacked(version):
    """A host with a server just unpacked."""
    printed = _Printed()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        stack.enter_context(contextlib.redirect_stdout(printed.stream))
        audited.stub(patch)
        # Who owns the files of this copy, and what lies about here, says nothing about a server.
        for part in ("paths", "copies"):
            patch.setitem(_look.OF_HOME, part, lambda _scene: [])
        call = calling.Caller(printed, patch)
        yield audited.real(sandbox.distribution(version), Path(folder), call)


def facts(version, policy=None):
    """What `facts` tells of a server just unpacked, or then secured."""
    with _unpacked(version) as host:
        if policy:
            host.secure(policy)
        return json.loads(json.dumps(host.facts()).replace(str(host.home), HOME))


def audit(version) -> _audit.Audit:
    """The audit of a server just unpacked."""
    host = Evidence(f"stock-{version}", facts(version))
    return _run.run([host], _table.controls(), MADE_AT)


def fleet() -> _audit.Audit:
    """The audit of hosts of which some are secured by what the audits of the others said."""
    new, old = ((version, audit(version).hosts[0].policy) for version in VERSIONS)
    kinds = {
        "edge-eu": (facts(*new), 5, ("edges", "europe")),
        "edge-us": (facts(new[0]), 6, ("edges", "america")),
        "origin": (facts(*old), 3, ("origins", "europe")),
        "legacy": (facts(old[0]), 4, ("origins", "america")),
    }
    hosts = [
        Evidence(f"{name}-{number}", told, groups=groups)
        for name, (told, count, groups) in kinds.items()
        for number in range(1, count + 1)
    ]
    hosts.append(Evidence("staging", problem="unreachable: no route to host"))
    waiver = Waiver(
        "play-unguarded",
        "the streams of the town council are for everybody",
        "jane@example.net",
        datetime.date(2027, 6, 30),
    )
    waivers = {host.host: [waiver] for host in hosts if "europe" in host.groups}
    return _run.run(hosts, _table.controls(), MADE_AT, waivers=waivers)


def page(version) -> str:
    """The page of its report."""
    return ABOUT.format(version=version) + as_markdown.render(audit(version))


def path(version) -> Path:
    """Where that is."""
    return FOLDER / f"stock-{version}.md"


def pictures():
    """Take the pictures of reports as pages, by daylight and at night."""
    from tests.kit.browser import Browser

    shown = {f"stock-{version}": audit(version) for version in VERSIONS}
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        for name, found in {**shown, "fleet": fleet()}.items():
            file = Path(folder) / "audit.html"
            file.write_text(as_html.render(found), encoding="utf-8")
            for scheme in ("light", "dark"):
                browser.see(1100, 760, dark=scheme == "dark")
                browser.open(file.as_uri())
                browser.wait("document.readyState === 'complete'")
                browser.run("document.querySelector('#matrix-title')?.scrollIntoView()")
                browser.run("scrollBy(0, -140)")
                picture = FOLDER / f"{name}-{scheme}.png"
                browser.screenshot(picture)
                if shutil.which("pngquant"):
                    smaller = ["pngquant", "--force", "--ext=.png", "64", picture]
                    subprocess.run(smaller, check=True)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for version in VERSIONS:
        path(version).write_text(page(version), encoding="utf-8")
    if "--pictures" in sys.argv[1:]:
        pictures()
