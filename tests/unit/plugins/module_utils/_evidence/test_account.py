from __future__ import annotations

import os
import pwd

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    account as _account,
)


@pytest.fixture
def shadow(tmp_path, monkeypatch):
    path = tmp_path / "shadow"
    monkeypatch.setattr(_account, "SHADOW", str(path))
    return path


def test_the_account_of_the_files_and_of_the_process(scene, home):
    own = pwd.getpwuid(home.stat().st_uid)
    found = _account.look(scene())
    assert (found["name"], found["shell"], found["running"]) == (own.pw_name, own.pw_shell, False)
    assert found["groups"]
    assert _account.look(scene(uid=own.pw_uid))["running"] is True


def test_one_without_a_name(scene):
    found = _account.look(scene(uid=54321))
    assert (found["name"], found["groups"], found["password"]) == ("account 54321", [], None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root sees them")
@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("daemon:*:1:0:::::\n", "none"),
        ("daemon:!$6$x:1:0:::::\n", "none"),
        ("daemon:$6$x$hidden:1:0:::::\n", "set"),
        ("other:$6$x:1:0:::::\n", None),
        ("", None),
    ],
)
def test_whether_it_can_log_in(scene, shadow, text, password):
    shadow.write_text(text)
    uid = pwd.getpwnam("daemon").pw_uid
    found = _account.look(scene(uid=uid))
    assert found["password"] == password
    assert "hidden" not in str(found)


def test_an_account_that_may_not_see_passwords(scene, shadow, monkeypatch):
    shadow.write_text("daemon:$6$x:1:0:::::\n")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert _account.look(scene(uid=pwd.getpwnam("daemon").pw_uid))["password"] is None
