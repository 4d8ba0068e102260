# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A report for pipelines: a test suite per host, a test case per control.

``not enforced`` is a failure and ``cannot tell`` an error, so that neither is ever green; what the
operator accepts is skipped.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree as Tree

from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import (
    NOT_ENFORCED,
    Control,
    Host,
    Report,
)

NAME = "{title}.junit.xml"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """The text of the file."""
    root = Tree.Element("testsuites", name=report.title)
    for host in report.hosts:
        _suite(root, host, report)
    totals = ("tests", "failures", "errors", "skipped")
    for name in totals:
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    Tree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, "unicode") + "\n"


def _suite(root: Tree.Element, host: Host, report: Report) -> None:
    suite = Tree.SubElement(root, "testsuite", name=_clean(host.name), hostname=_clean(host.name))
    suite.set("timestamp", time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(report.made_at)))
    if not host.good and not host.controls:
        case = _case(suite, host, "host", 0)
        _verdict(case, "error", host.reason, host.reason)
    for control in host.controls:
        case = _case(suite, host, _name(control), control.milliseconds)
        _judge(case, control)
        if control.probes:
            Tree.SubElement(case, "system-out").text = _clean(_probes(control.probes))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(suite)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in suite):.3f}")


def _case(suite, host, name, milliseconds):
    return Tree.SubElement(
        suite,
        "testcase",
        classname=_clean(host.name),
        name=_clean(name),
        time=f"{milliseconds / 1000:.3f}",
    )


def _name(control: Control) -> str:
    place = f"{control.app}: " if control.app else ""
    origin = f" from {control.seen_from}" if control.seen_from else ""
    return f"{place}{control.name}{origin} ({control.wants})"


def _judge(case: Tree.Element, control: Control) -> None:
    text = f"{control.outcome}: {control.reason}"
    wrong = _probes(probe for probe in control.probes if probe["expected"] != probe["came"])
    if control.outcome == NOT_ENFORCED:
        _verdict(case, "failure", text, wrong)
    elif not control.good:
        _verdict(case, "error", text, wrong)
    elif control.reason:
        _verdict(case, "skipped", text, "")


def _verdict(case, tag, message, text):
    Tree.SubElement(case, tag, message=_clean(message)).text = _clean(text)


def _probes(probes):
    return "\n".join(map(_line, probes))


def _line(probe):
    expected, came = probe["expected"], probe["came"]
    mark = "ok" if expected == came else "BAD"
    return (
        f"{mark} {probe['case']}: {probe['asked']}: expected {expected}, came {came}"
        f" ({probe['answer']}) in {probe['milliseconds']} ms"
    )


def _clean(text):
    return _NOT_XML.sub("?", str(text))
