from __future__ import annotations

import os
import stat
import types

import pytest
from ansible.plugins.action import ActionBase
from ansible_collections.streamward.antmedia.plugins.action import rotation as action

from tests.kit.accounts import ACCOUNT as THEM

refuse_unknown = action.ActionModule._refuse_unknown


@pytest.mark.parametrize(
    "text, value", [("0", 0.0), (0, 0.0), ("90d", 90 * 86400.0), ("1h", 3600.0)]
)
def test_durations(text, value):
    assert action.seconds(text, "x") == value


@pytest.mark.parametrize(
    "text, said", [("90", "antmedia_x: '90' has no unit; write 90d"), ("soon", "antmedia_x: ")]
)
def test_what_is_no_duration(text, said):
    with pytest.raises(ValueError, match=said):
        action.seconds(text, "antmedia_x")


def test_applications_that_the_store_does_not_know():
    documents = {"fleet/LiveApp/rest": {}, "fleet/_default/stream": {}, "fleet/management": {}}
    refuse_unknown([], documents)
    refuse_unknown(["LiveApp", "_default"], documents)
    with pytest.raises(ValueError, match="no secret of LiveAp, only of LiveApp, _default"):
        refuse_unknown(["LiveApp", "LiveAp"], documents)


# --- the log ---

write = action.ActionModule._write


def test_the_log_is_made_with_its_folder_and_grows(tmp_path):
    path = tmp_path / "reports" / "log"
    before = os.umask(0)
    try:
        for _time in range(2):
            write(str(path), [{"b": 1, "a": 2}])
    finally:
        os.umask(before)
    assert path.read_text() == '{"a": 2, "b": 1}\n' * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    "kind, said",
    [
        ("another's link", "is a symbolic link that"),
        ("hard link", r"has 2 names \(hard links\)"),
        ("open folder", "everybody may write to the folder"),
        ("FIFO", "it is a FIFO"),
    ],
)
def test_the_log_adds_to_nothing_else(tmp_path, kind, said):
    victim, path = tmp_path / "victim", tmp_path / "log"
    victim.write_text("precious")
    if kind == "another's link":
        if os.geteuid():
            pytest.skip("a second account needs root")
        path.symlink_to("victim")
        os.lchown(path, THEM, THEM)
    elif kind == "hard link":
        os.link(victim, path)
    elif kind == "open folder":
        tmp_path.chmod(0o777)
    else:
        os.mkfifo(path)
    with pytest.raises(ValueError, match=f"antmedia_rotation_log: .*{said}.*itself is done: {{"):
        write(str(path), [{"a": 1}])
    assert victim.read_text() == "precious"


# --- options ---


@pytest.mark.parametrize(
    "option, variable",
    [
        ("max_age", "antmedia_secret_max_age"),
        ("grace", "antmedia_previous_grace"),
        ("quorum", "antmedia_rotation_quorum"),
        ("lead", "antmedia_cutover_lead"),
        ("record", "antmedia_rotation_log"),
        ("drain_timeout", "antmedia_drain_timeout"),
    ],
)
def test_a_null_is_told_by_its_variable(monkeypatch, option, variable):
    monkeypatch.setattr(ActionBase, "run", lambda *_given: {})
    made = object.__new__(action.ActionModule)
    made._task = types.SimpleNamespace(args={"step": "plan", option: None})
    with pytest.raises(ValueError, match=f"{variable}: is null, which says nothing"):
        made.work({})


@pytest.mark.parametrize("value", [-1, float("nan"), "nan", 10**400, 86401])
def test_a_lead_out_of_bounds(monkeypatch, value):
    monkeypatch.setattr(ActionBase, "run", lambda *_given: {})
    made = object.__new__(action.ActionModule)
    made._task = types.SimpleNamespace(args={"step": "begin", "lead": value})
    with pytest.raises(ValueError, match=r"antmedia_cutover_lead: .* is not 0 to 86400"):
        made.work({})


@pytest.mark.parametrize("age", ["", "-1d", "nan", "9999999999w"])
def test_an_age_that_is_none(age):
    made = object.__new__(action.ActionModule)
    made._args = {"mode": "auto", "max_age": age, "grace": "0", "quorum": "all"}
    with pytest.raises(ValueError, match="antmedia_secret_max_age: "):
        made._options()


@pytest.mark.parametrize("quorum", ["", "-1", "0", "0%", "-5%", "101%", "nan%", "inf", "None"])
def test_a_quorum_that_is_none(quorum):
    made = object.__new__(action.ActionModule)
    made._args = {"mode": "auto", "max_age": None, "grace": "0", "quorum": quorum}
    with pytest.raises(ValueError, match="antmedia_rotation_quorum: "):
        made._options()
