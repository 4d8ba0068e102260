from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils import _report
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import (
    as_json,
    as_junit,
    console,
    formats,
)
from hypothesis import given, strategies as st

from tests.kit.accounts import ACCOUNT as THEM, only_root

IN, OUT = "let in", "refused"


def control(name="rest-jwt", outcome="enforced", reason="", app="LiveApp"):
    return {
        "app": app,
        "control": name,
        "wants": "jwt",
        "outcome": outcome,
        "reason": reason,
        "note": "",
        "probes": 2,
        "right": 2 if outcome == "enforced" else 1,
        "milliseconds": 12.5,
    }


def probe(name="rest-jwt", came=OUT, app="LiveApp"):
    return {
        "app": app,
        "control": name,
        "case": "no token",
        "asked": "GET /x from 127.0.0.1",
        "expected": OUT,
        "came": came,
        "answer": "HTTP 403",
        "milliseconds": 3.1,
    }


def found(*controls, **more):
    about = {"version": "2.17.1", "edition": "community"}
    probes = [probe(c["control"], IN if c["outcome"] == "not enforced" else OUT) for c in controls]
    return {
        "controls": list(controls),
        "probes": probes,
        "installation": about,
        "notes": [],
        **more,
    }


GOOD = found(control(), control("play"))
BAD = found(control(), control("play", "not enforced", "lets in: no token"))
UNSURE = found(control(), control("webrtc-play", "cannot tell", "Community"))


def report(accept=(), **results):
    builder = _report.Builder(tuple(accept))
    for name, result in results.items():
        builder.add(name, result)
    return builder.report("verify", 1_800_000_000)


def host(result, accept=()):
    return report(accept, web1=result).hosts[0]


def test_a_host_is_as_good_as_its_worst_control():
    assert (host(GOOD).outcome, host(GOOD).good, host(GOOD).reason) == ("enforced", True, "")
    assert (host(BAD).outcome, host(BAD).good) == ("not enforced", False)
    assert host(BAD).reason == "LiveApp play: not enforced: lets in: no token"
    assert (host(UNSURE).outcome, host(UNSURE).good) == ("cannot tell", False)


def test_what_is_accepted_passes_and_is_still_not_green():
    accepted = host(UNSURE, ["webrtc-*"])
    assert (accepted.outcome, accepted.good) == ("cannot tell", True)
    # Whoever is let in is never accepted.
    assert not host(BAD, ["*"]).good


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (None, "it was not asked"),
        ({"unreachable": True, "msg": "ssh: no\nroute"}, "unreachable: ssh: no route"),
        ({"failed": True, "msg": "a fault"}, "a fault"),
        ({"skipped": True}, "it gave no answer"),
        (found(), "the policy names nothing that could be proved"),
    ],
)
def test_a_host_that_says_nothing_never_passes(result, reason):
    silent = host(result, ["*"])
    assert (silent.outcome, silent.good, silent.reason) == ("cannot tell", False, reason)
    assert "error" in as_junit.render(report(["*"], web1=result))


def test_no_hosts_prove_nothing():
    assert not report().good
    assert report().outcome == "cannot tell"


def test_vantages():
    builder = _report.Builder()
    builder.add("web1", GOOD, [("far", BAD), ("gone", {"unreachable": True, "msg": "no"})])
    (seen,) = builder.report("verify", 0).hosts
    assert [c.seen_from for c in seen.controls] == ["", "", "far", "far", "gone"]
    assert seen.reason == "LiveApp play from far: not enforced: lets in: no token (and 1 more)"


def test_a_vantage_shows_what_the_host_cannot():
    own = found(dict(control("publish", "cannot tell", "a vantage"), excused=True))
    there = found(control("publish"))
    there["probes"] = [probe("publish", IN)]
    for machine, settled in ((there, "enforced"), (found(control("publish")), "cannot tell")):
        builder = _report.Builder()
        builder.add("web1", own, [("far", machine)])
        (seen,) = builder.report("verify", 0).hosts
        assert seen.outcome == settled
    # Only what is excused, and only by the same control.
    builder = _report.Builder()
    builder.add("web1", found(control("publish", "cannot tell", "broken")), [("far", there)])
    assert builder.report("verify", 0).hosts[0].outcome == "cannot tell"


def test_a_vantage_shows_what_another_cannot():
    """One is on the list, which shows nothing without somebody who is not."""
    inside = found(dict(control("front-address", "cannot tell", "it is on the list"), excused=True))
    inside["probes"] = [probe("front-address", IN)]
    outside = found(control("front-address"))
    for came, outcome in ((OUT, "enforced"), (IN, "cannot tell")):
        outside["probes"] = [probe("front-address", came)]
        builder = _report.Builder()
        builder.add("web1", GOOD, [("near", inside), ("far", outside)])
        (seen,) = builder.report("verify", 0).hosts
        assert [c.outcome for c in seen.controls if c.seen_from] == [outcome, "enforced"]


def test_on_a_terminal_a_table_for_each_of_a_few():
    text = "\n".join(line for line, _colour in console.lines(report(web2=BAD, web1=GOOD)))
    assert text.index("web1") < text.index("web2")
    assert "lets in: no token" in text
    assert "2 hosts: enforced 1, not enforced 1, cannot tell 0; 1 pass" in text
    colours = {line.split()[0]: c for line, c in console.lines(report(web2=BAD)) if "play" in line}
    assert colours == {"play": "red"}


def test_on_a_terminal_a_line_for_each_of_many():
    many = report(**{f"web{number:03}": GOOD if number % 7 else BAD for number in range(200)})
    lines = [line for line, _colour in console.lines(many)]
    assert len(lines) == 200 + 2
    assert "web007" in lines[7] and "1/2" in lines[7] and "lets in: no token" in lines[7]


def test_junit():
    root = Tree.fromstring(as_junit.render(report(["webrtc-*"], web1=BAD, web2=UNSURE, web3=None)))
    totals = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert totals == {"tests": "5", "failures": "1", "errors": "1", "skipped": "1"}
    failure = root.find(".//failure")
    assert failure.get("message") == "not enforced: lets in: no token"
    assert failure.text.startswith("BAD no token: GET /x")
    assert [suite.get("name") for suite in root] == ["web1", "web2", "web3"]
    assert root.find(".//testcase").get("time") == "0.013"


@given(st.text(), st.text())
def test_junit_is_always_well_formed(reason, name):
    result = found(control("play", "not enforced", reason))
    builder = _report.Builder()
    builder.add(name, result)
    Tree.fromstring(as_junit.render(builder.report("verify", 0)))


def test_json():
    content = json.loads(as_json.render(report(web1=BAD, web2=GOOD)))
    assert (content["outcome"], content["passed"]) == ("not enforced", False)
    assert [h["name"] for h in content["hosts"]] == ["web1", "web2"]
    assert content["hosts"][0]["controls"][1]["probes"][0]["came"] == IN


def test_files(tmp_path):
    folder = tmp_path / "a" / "b"
    for name in formats.FORMATS:
        path = formats.write(report(web1=GOOD), name, folder)
        assert path == formats.path(report(web1=GOOD), name, folder)
        assert stat.S_IMODE(path.stat().st_mode) == formats.MODE
    assert sorted(p.name for p in folder.iterdir()) == ["verify.json", "verify.junit.xml"]


def test_a_format_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = formats.write(report(web1=GOOD), "json", tmp_path)
    before = path.read_bytes()

    def fail(_report):
        raise RuntimeError

    monkeypatch.setattr(as_json, "render", fail)
    with pytest.raises(RuntimeError):
        formats.write(report(web1=BAD), "json", tmp_path)
    assert [p.name for p in Path(tmp_path).iterdir()] == ["verify.json"]
    assert path.read_bytes() == before


# --- in folders where others may write ---


def test_umask_0_opens_nothing(tmp_path):
    before = os.umask(0)
    try:
        path = formats.write(report(web1=GOOD), "json", tmp_path / "a" / "b")
    finally:
        os.umask(before)
    assert [stat.S_IMODE(p.stat().st_mode) for p in (path, *path.parents[:2])] == [
        formats.MODE,
        0o755,
        0o755,
    ]


def test_a_folder_open_to_everybody_is_refused(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(OSError, match=r"everybody may write to the folder .*: chmod o-w"):
        formats.write(report(web1=GOOD), "json", tmp_path)
    assert list(tmp_path.iterdir()) == []


@only_root
@pytest.mark.parametrize("name", ["reports", "reports/verify.json"])
def test_a_link_that_another_account_made_is_not_followed(tmp_path, name):
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(tmp_path / "elsewhere" / ("" if name == "reports" else "new"))
    os.lchown(link, THEM, THEM)
    with pytest.raises(OSError, match=f"is a symbolic link that uid {THEM} made"):
        formats.write(report(web1=GOOD), "json", tmp_path / "reports")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_is_a_link_of_ones_own_is_written_to(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "reports").symlink_to("real")
    formats.write(report(web1=GOOD), "json", tmp_path / "reports")
    assert (tmp_path / "reports").is_symlink() and (tmp_path / "real" / "verify.json").is_file()


@pytest.mark.parametrize(
    "answer",
    [
        {"controls": 5},
        {"controls": ["x"]},
        {"controls": [{"control": "x"}]},
        {"controls": [dict(control(), outcome="splendid")]},
        {"controls": [dict(control(), probes="many")]},
        {"controls": [dict(control(), probes=float("inf"))]},
        {"controls": [dict(control(), milliseconds=float("nan"))]},
        {"controls": [control()], "probes": [{"app": "LiveApp", "control": "rest-jwt"}]},
        {"controls": [control()], "probes": [5]},
    ],
)
def test_an_answer_that_is_none_is_a_problem_of_its_host_alone(answer):
    builder = _report.Builder()
    builder.add("bad", answer)
    builder.add("good", found(control()), [("far", answer)])
    report = builder.report("verify", 0)
    bad, good = report.hosts
    assert "not that of the module probe" in bad.reason
    assert [(c.name, c.outcome) for c in good.controls] == [
        ("rest-jwt", "enforced"),
        ("vantage", "cannot tell"),
    ]
    for shown in (as_json.render(report), as_junit.render(report), list(console.lines(report))):
        assert shown


def test_what_a_host_calls_things_cannot_pass_for_a_line_of_another():
    builder = _report.Builder()
    name = "x\n2 hosts: enforced 2\x1b"
    builder.add("a", found(dict(control(), control=name, reason=name, outcome="not enforced")))
    lines = [text for text, _colour in console.lines(builder.report("verify", 0))]
    assert not any("\n" in line or "\x1b" in line for line in lines)
