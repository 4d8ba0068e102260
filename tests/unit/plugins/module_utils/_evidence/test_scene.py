from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene


def test_whose_account_the_server_is(scene, home):
    assert scene().uid == home.stat().st_uid
    assert scene(uid=12345).uid == 12345
    assert Scene("/x", None, None).uid is None


def test_what_needs_an_installation(scene, home):
    assert scene().there.home == str(home)
    with pytest.raises(ValueError, match="there is no installation"):
        _there = Scene("/x", None, None).there


def test_a_path_in_the_home(scene, home):
    assert scene().path("conf", "x") == str(home / "conf" / "x")
