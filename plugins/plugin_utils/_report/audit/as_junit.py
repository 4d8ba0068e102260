# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit for pipelines: a test suite per host, a test case per control.

What fails is a failure and ``cannot tell`` an error, so that neither is ever green; what is waived
or not applicable is skipped. The two usual schemas of such files both take it.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from xml.etree import ElementTree as Tree

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    CANNOT_TELL,
    FAIL,
    NOT_APPLICABLE,
    WAIVED,
    Audit,
    HostResult,
    Judged,
)

NAME = "{title}.junit.xml"

_TAGS = {FAIL: "failure", CANNOT_TELL: "error", WAIVED: "skipped", NOT_APPLICABLE: "skipped"}
_COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A suite has to have a name, whatever the inventory calls its host.
_NAMELESS = "?"


def render(audit: Audit) -> str:
    """The text of the file."""
    root = Tree.Element("testsuites")
    when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(audit.made_at))
    for number, host in enumerate(audit.hosts):
        _suite(root, host, audit.title, when, number)
    Tree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, "unicode") + "\n"


def _suite(root: Tree.Element, host: HostResult, title: str, when: str, number: int) -> None:
    name = _clean(host.name).strip() or _NAMELESS
    suite = Tree.SubElement(root, "testsuite", name=name, package=_clean(title), id=str(number))
    suite.attrib.update(hostname=name, timestamp=when, time="0")
    properties = Tree.SubElement(suite, "properties")
    for key, value in _about(host):
        Tree.SubElement(properties, "property", name=key, value=_clean(value))
    for finding in host.findings:
        _case(suite, name, finding)
    for attribute, tag in _COUNTS.items():
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(host.findings)))
    Tree.SubElement(suite, "system-out").text = _clean(_remedy.lines(host.policy))
    Tree.SubElement(suite, "system-err").text = _clean("\n".join((host.problem, *host.notes)))


def _about(host: HostResult) -> Iterator[tuple[str, str]]:
    yield "state", host.state
    yield "version", host.version
    yield "edition", host.edition
    yield "groups", " ".join(host.groups)
    yield "score", "" if host.score is None else str(host.score)


def _case(suite: Tree.Element, host: str, finding: Judged) -> None:
    case = Tree.SubElement(suite, "testcase", classname=host, name=finding.control.id, time="0")
    tag = _TAGS.get(finding.status)
    if not tag:
        return
    verdict = Tree.SubElement(case, tag, message=_clean(_message(finding)))
    if tag != "skipped":
        verdict.set("type", finding.control.severity if tag == "failure" else finding.status)
        verdict.text = _clean("\n".join(_lines(finding)))


def _message(finding: Judged) -> str:
    if finding.status == WAIVED:
        waivers = [fault.waiver for fault in finding.faults if fault.waiver]
        return "; ".join(
            f"waived until {each.expires} by {each.owner}: {each.reason}"
            for each in dict.fromkeys(waivers)
        )
    texts = [fault.text for fault in finding.open_faults] or list(finding.lines)
    more = len(texts) - 1 + finding.more
    rest = f" (and {more} more)" if more > 0 else ""
    return f"{finding.status}: {texts[0] if texts else finding.control.title}{rest}"


def _lines(finding: Judged) -> Iterator[str]:
    yield f"{finding.control.severity}: {finding.control.title}"
    for fault in finding.open_faults:
        over = f" (waived until {fault.expired.expires})" if fault.expired else ""
        yield f"- {fault.text}{over}"
    if finding.more:
        yield f"- and {finding.more} more"
    yield from finding.lines
    yield from finding.steps
    if finding.policy:
        yield _remedy.lines(finding.policy)


def _clean(text: str) -> str:
    return _NOT_XML.sub("?", text)
