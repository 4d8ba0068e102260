# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit in SARIF 2.1.0, for what collects the findings of all kinds of scanners.

A fault is a result, and so is a control that cannot be told. A host stands for a file, as such
collectors show nothing without one. What passes is left out: some of them take every result for an
alert.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    CANNOT_TELL,
    FAIL,
    WAIVED,
    Audit,
    HostResult,
    Judged,
    JudgedFault,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    AnyControl,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import Waiver

NAME = "{title}.sarif"

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
# A number that GitHub sorts by: critical from 9, high from 7, medium from 4.
_NUMBERS = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0", "info": "0.1"}
# To whatever a file's path is relative to, hosts are.
_BASE = "FLEET"
_NAMELESS = "?"


def render(audit: Audit) -> str:
    """The text of the file."""
    content = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(audit)]}
    return json.dumps(content, separators=(",", ":")) + "\n"


def _run(audit: Audit) -> dict[str, Any]:
    return {
        "tool": {
            "driver": {
                "name": "Streamward audit",
                "informationUri": "https://github.com/streamward/antmedia",
                "rules": [_rule(control) for control in audit.controls],
            }
        },
        "automationDetails": {"id": f"{audit.title}/"},
        "originalUriBaseIds": {
            _BASE: {"description": {"text": "The hosts of the inventory, by name."}}
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(audit.made_at)),
                "toolExecutionNotifications": [
                    _notification(host, text)
                    for host in audit.hosts
                    for text in filter(None, (host.problem, *host.notes))
                ],
            }
        ],
        "results": list(_results(audit)),
        "columnKind": "unicodeCodePoints",
    }


def _rule(control: AnyControl) -> dict[str, Any]:
    page = control.page
    mends = "`secure` mends it." if control.mends else ""
    chapters = {
        "What is looked at": page.what,
        "Why it matters": page.why,
        "How it is used": page.attack,
        "What to do": f"{page.remedy} {mends}".strip(),
    }
    return {
        "id": control.id,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": page.why},
        "defaultConfiguration": {"level": LEVELS[control.severity]},
        "help": {
            "text": "\n\n".join(chapters.values()),
            "markdown": "\n\n".join(f"**{head}**\n\n{text}" for head, text in chapters.items()),
        },
        "properties": {
            "tags": ["security", control.topic],
            "severity": control.severity,
            "security-severity": _NUMBERS[control.severity],
        },
    }


def _notification(host: HostResult, text: str) -> dict[str, Any]:
    level = "error" if text == host.problem else "note"
    return {"level": level, "message": _message(text), "locations": [_location(host.name, "")]}


def _results(audit: Audit) -> Iterator[dict[str, Any]]:
    indexes = {control.id: number for number, control in enumerate(audit.controls)}
    for host in audit.hosts:
        for finding in host.with_status(FAIL, WAIVED, CANNOT_TELL):
            rule = {"ruleId": finding.control.id, "ruleIndex": indexes[finding.control.id]}
            if finding.status == CANNOT_TELL:
                yield {**rule, **_open(host, finding)}
            for fault in finding.faults:
                yield {**rule, **_failed(host, finding, fault)}


def _open(host: HostResult, finding: Judged) -> dict[str, Any]:
    return {
        "kind": "open",
        "level": "none",
        "message": _message("; ".join(finding.lines) or "cannot tell"),
        "locations": [_location(host.name, "")],
        "partialFingerprints": _fingerprints(host, finding, ""),
    }


def _failed(host: HostResult, finding: Judged, fault: JudgedFault) -> dict[str, Any]:
    properties: dict[str, Any] = {"since": finding.since}
    if fault.policy:
        properties["policy"] = _remedy.lines(fault.policy)
    if fault.step:
        properties["step"] = fault.step
    result = {
        "kind": "fail",
        "level": LEVELS[finding.control.severity],
        "message": _message(fault.text or finding.control.title),
        "locations": [_location(host.name, fault.app)],
        "partialFingerprints": _fingerprints(host, finding, f"{fault.app}\0{fault.text}"),
        "properties": properties,
    }
    if fault.waiver:
        result["suppressions"] = [_suppression(fault.waiver)]
    return result


def _message(text: str) -> dict[str, str]:
    """A text as a message, in which braces are places for arguments and brackets are links."""
    text = text.replace("{", "{{").replace("}", "}}")
    return {"text": re.sub(r"[\[\]]", r"\\\g<0>", text) if "](" in text else text}


def _suppression(waiver: Waiver) -> dict[str, Any]:
    until = f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"
    return {"kind": "external", "status": "accepted", "justification": until}


def _location(host: str, app: str) -> dict[str, Any]:
    # A path of dots would lead elsewhere.
    names = [name if name.strip(". ") else _NAMELESS for name in (host, *([app] if app else []))]
    uri = "/".join(quote(name, safe="", errors="replace") for name in names)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": _BASE},
            "region": {"startLine": 1},
        },
        "logicalLocations": [
            {"fullyQualifiedName": "/".join(names), "kind": "module" if app else "resource"}
        ],
    }


def _fingerprints(host: HostResult, finding: Judged, text: str) -> dict[str, str]:
    whole = "\0".join((host.name, finding.control.id, text))
    return {"fault/v1": hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:32]}
