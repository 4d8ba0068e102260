"""Audits that are made up: controls, hosts and findings, without a home of the server."""

from __future__ import annotations

import datetime

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    audit as _audit,
    control as _control,
    run as _run,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    Evidence,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.waivers import Waiver

NOW = 1_790_000_000  # 2026-09-21
PAGE = _control.Page("what", "why", "attack", "remedy", ("docs/doors.md", "https://example.net/1"))
# What a host, a stream or whoever answers in their place may have put into a text.
HOSTILE = (
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "{{ lookup('pipe', 'id') }}",
    "| a | b |\n# heading\n[x](javascript:alert(1))",
    "]]>&amp;<!--",
    "\x1b[2J\x07\x00\u202e",
    "=cmd|' /C calc'!A0",
    "x" * 5000,
)
# What no run leaves in a text.
RAW = ("\ud800", "\x00", "\r\n# x", "\u2028<b>", "a\u202eb", "\ufffe", "- [x](y)")


def control(id="some-control", severity="high", judge=None, topic="access", **more):
    """A control; it passes unless it is told otherwise."""
    return _control.Control(
        id=id,
        title=f"title of {id}",
        severity=severity,
        topic=topic,
        page=PAGE,
        judge=judge or (lambda evidence: _control.passed("fine")),
        **more,
    )


def failing(*texts, app="", policy=None, step=""):
    """A rule that always fails."""
    faults = [_control.Fault(text, app, policy or {}, step) for text in texts or ("a fault",)]
    return lambda evidence: _control.found(faults)


def evidence(name="web1", **more):
    """A host that reported an installation, and next to nothing of it."""
    facts = {
        "home": "/usr/local/antmedia",
        "version": "2.17.1",
        "edition": "community",
        "process": {"pid": 1, "started": 1.0},
        "apps": {},
        "faults": [],
        "unread": [],
        "evidence": {"machine": {"root": True, "account": "root"}, "unread": []},
    }
    facts.update(more.pop("facts", {}))
    return Evidence(name, facts, **more)


def waiver(control="*", days=1, **more):
    """A waiver that expires some days from now."""
    today = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc).date()
    expires = today + datetime.timedelta(days=days)
    return Waiver(control, "a reason", "jane@example.net", expires, **more)


def audit(hosts=None, controls=None, **more):
    """An audit of all kinds of findings, or of what is given."""
    if controls is None:
        controls = [
            control("bad-one", "critical", failing("of an app", app="LiveApp", policy=POLICY)),
            control("known-one", "low", failing("accepted")),
            control("fine-one", "medium", None),
            control("blind-one", "high", lambda evidence: _control.cannot_tell("not seen")),
            control("other-one", "info", lambda evidence: _control.not_applicable("no such thing")),
        ]
    hosts = [evidence()] if hosts is None else hosts
    waivers = more.pop("waivers", {host.host: [waiver("known-one")] for host in hosts})
    return _run.run(hosts, controls, more.pop("made_at", NOW), waivers=waivers, **more)


POLICY = {"antmedia_apps": {"LiveApp": {"rest_cidrs": ["127.0.0.1"]}}}


def hostile(text):
    """An audit in which everything that a host says is one text."""
    facts = {"version": f"2.17.1{text}", "edition": text, "home": text, "apps": {text: {}}}
    facts["unread"] = [text]
    rules = [
        control("bad-one", "critical", failing(text, app=text, step="step")),
        control("blind-one", "high", lambda evidence: _control.cannot_tell(text)),
    ]
    host = evidence(text, facts=facts, groups=(text,))
    return _run.run([host, evidence("down", problem=text)], rules, NOW)


def raw(text):
    """An audit of which every text is one as no run would leave it: no format relies on that."""
    rules = (control("bad-one", "critical"), control("known-one"), control("blind-one"))
    accepted = Waiver(text, text, text, datetime.date(2027, 1, 31))
    policy = {"antmedia_apps": {text: {"rest_cidrs": [text]}}}
    faults = (_audit.JudgedFault(text, text, policy, text, expired=accepted),)
    known = (_audit.JudgedFault(text, text, waiver=accepted),)
    findings = (
        _audit.Judged(rules[0], _control.FAIL, faults, (text,), NOW),
        _audit.Judged(rules[1], _control.FAIL, known, (text,), NOW),
        _audit.Judged(rules[2], _control.CANNOT_TELL, lines=(text,)),
    )
    host = _audit.HostResult(
        name=text,
        groups=(text,),
        state=_audit.RUNNING,
        version=text,
        edition="community",
        home=text,
        apps=(text,),
        notes=(text,),
        findings=findings,
        score=0,
    )
    unknown = tuple(_audit.Judged(rule, _control.CANNOT_TELL, lines=(text,)) for rule in rules)
    down = _audit.HostResult("down", problem=text, findings=unknown)
    found = (accepted,)
    return _audit.Audit("audit", NOW, (host, down), rules, 0, {text: 0}, None, found, found)


def fleet(hosts=40, kinds=12, alike=8):
    """An audit of many hosts, of which every eighth or so is like another, and of every outcome."""
    severities = ("critical", "high", "medium", "low", "info")

    def rule(number):
        def judge(evidence):
            turn = (int(evidence.host[-4:]) % alike + 3 * number) % 7
            if turn < 2:
                text = f"app{turn}: setting{number}Enabled is false"
                policy = {"antmedia_apps": {f"app{turn}": {"rest_cidrs": ["127.0.0.1"]}}}
                return _control.found([_control.Fault(text, f"app{turn}", policy, "Look at it.")])
            if turn < 4:
                return _control.cannot_tell(f"setting{number} is not told")
            return _control.passed("fine") if turn < 6 else _control.not_applicable("no such thing")

        return judge

    topics = list(_control.TOPICS)
    rules = [
        control(
            f"control-{number:02}",
            severities[number % len(severities)],
            rule(number),
            topics[number % len(topics)],
        )
        for number in range(kinds)
    ]
    names = [f"edge-{number:04}" for number in range(hosts)]
    found = [evidence(name, groups=(f"region{name[-1]}", "edges")) for name in names]
    waivers = {name: [waiver("control-0[01]", apps=("app0",))] for name in names[::5]}
    return _run.run(found, rules, NOW, waivers=waivers)
