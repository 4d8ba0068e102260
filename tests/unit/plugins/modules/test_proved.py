from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._host import unproved as _unproved
from ansible_collections.streamward.antmedia.plugins.modules import proved


def test_it_removes_the_mark_once_and_a_check_says_so(call, home):
    _unproved.mark(str(home))
    assert call(proved, check=True, home=str(home))["changed"] is True
    assert _unproved.marked(str(home))
    assert call(proved, home=str(home))["changed"] is True
    assert not _unproved.marked(str(home))
    for check in (True, False):
        assert call(proved, check=check, home=str(home))["changed"] is False


def test_what_is_no_mark_is_left_and_told(call, home):
    (home / "conf" / ".streamward-unproved" / "x").mkdir(parents=True)
    result = call(proved, home=str(home))
    assert result["failed"]
    assert "conf/.streamward-unproved cannot be removed: Is a directory" in result["msg"]
