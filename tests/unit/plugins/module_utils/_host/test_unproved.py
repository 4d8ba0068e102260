from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import unproved as _unproved

from tests.kit.accounts import ACCOUNT, make_folder, make_link, only_root


def test_a_mark_stays_until_it_is_removed(home):
    path = home / "conf" / ".streamward-unproved"
    assert not _unproved.marked(str(home))
    for _again in range(2):
        _unproved.mark(str(home))
        assert _unproved.marked(str(home))
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_bytes() == b""
    path.unlink()
    assert not _unproved.marked(str(home))


def test_a_link_is_not_followed(home, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (home / "conf" / ".streamward-unproved").symlink_to(elsewhere)
    _unproved.mark(str(home))
    assert _unproved.marked(str(home))
    assert not elsewhere.exists()


def test_no_folder_for_it(tmp_path):
    assert not _unproved.marked(str(tmp_path))
    with pytest.raises(FileNotFoundError):
        _unproved.mark(str(tmp_path))


def test_forgetting_removes_the_mark_and_says_so(home):
    assert not _unproved.forget(str(home))
    _unproved.mark(str(home))
    assert _unproved.forget(str(home))
    assert not _unproved.marked(str(home))


def test_forgetting_removes_a_link_and_not_what_it_leads_to(home, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("kept")
    (home / "conf" / ".streamward-unproved").symlink_to(elsewhere)
    assert _unproved.forget(str(home))
    assert elsewhere.read_text() == "kept"


def test_forgetting_removes_no_folder(home):
    inside = home / "conf" / ".streamward-unproved" / "inside"
    inside.mkdir(parents=True)
    with pytest.raises(OSError):
        _unproved.forget(str(home))
    assert inside.is_dir()


@only_root
def test_forgetting_goes_to_no_other_folder(base):
    other = base / "other"
    other.mkdir()
    (other / ".streamward-unproved").write_text("")
    home = make_folder(base / "home", ACCOUNT)
    make_link(home / "conf", other, ACCOUNT)
    with pytest.raises(PermissionError):
        _unproved.forget(str(home))
    assert (other / ".streamward-unproved").exists()
