"""Places in folders of a real second account, which tries to lead root elsewhere."""

from __future__ import annotations

import os
import signal
import stat

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    place as _place,
    rights as _rights,
)

from tests.kit.accounts import ACCOUNT, OTHER, make_file, make_folder, make_link, only_root

pytestmark = only_root


@pytest.fixture
def folder(base):
    """A folder of the account."""
    return make_folder(base / "home", ACCOUNT)


def read(path, **options):
    return _place.read(str(path), **options).data


def uid_at(path):
    with _place.find(str(path)) as at:
        return at.rights and at.rights.uid


# --- whose rights ---


def test_the_rights_are_those_of_whoever_can_exchange_the_name(base, folder):
    assert uid_at(base / "file") is None
    assert uid_at(folder / "file") == ACCOUNT
    make_folder(folder / "inner", OTHER)
    assert uid_at(folder / "inner" / "file") == OTHER
    make_folder(folder / "roots")
    assert uid_at(folder / "roots" / "file") is None


def test_a_folder_that_a_group_or_everybody_can_change(base):
    group = make_folder(base / "group", mode=0o775)
    os.chown(group, 0, ACCOUNT)
    with _place.find(str(group / "file")) as at:
        assert (at.rights.uid, at.rights.gid) == (_rights.NOBODY, ACCOUNT)
        assert str(at.rights) == f"group {ACCOUNT}"
    os.chown(group, 0, 0)
    assert uid_at(group / "file") is None
    assert uid_at(make_folder(base / "all", mode=0o777) / "file") == _rights.NOBODY


def test_of_a_sticky_folder_an_entry_is_its_owners(base):
    sticky = make_folder(base / "sticky", mode=0o1777)
    make_file(sticky / "mine")
    make_file(sticky / "theirs", uid=ACCOUNT)
    assert uid_at(sticky / "mine") is None
    assert uid_at(sticky / "theirs") == ACCOUNT
    assert uid_at(sticky / "absent") == _rights.NOBODY


def test_rights_are_taken_and_given_back(folder):
    mine = os.geteuid(), os.getegid(), os.getgroups()
    with _place.find(str(folder / "file")) as at:
        at.mark("file")
    seen = (folder / "file").stat()
    assert (seen.st_uid, stat.S_IMODE(seen.st_mode)) == (ACCOUNT, 0o600)
    with pytest.raises(RuntimeError), _rights.taken(_rights.Rights(ACCOUNT, 7, (8, 9))):
        assert (os.geteuid(), os.getegid(), os.getgroups()) == (ACCOUNT, 7, [8, 9])
        raise RuntimeError
    assert (os.geteuid(), os.getegid(), os.getgroups()) == mine


def test_whose_rights_are_taken_cannot_stop_root(folder):
    """Neither by a signal nor by tracing it, as the kernel goes by the real account."""
    with _rights.taken(_rights.of_account(ACCOUNT)):
        me = os.getpid()
        child = os.fork()
        if not child:
            os.seteuid(0)
            os.setgroups([])
            os.setresuid(ACCOUNT, ACCOUNT, ACCOUNT)
            try:
                os.kill(me, signal.SIGTERM)
            except PermissionError:
                os._exit(0)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_an_account_of_the_system_has_its_groups():
    found = _rights.of_account(1)
    assert found.gid and found.gid in found.groups
    assert _rights.of_account(ACCOUNT).groups == ()


def test_rights_that_cannot_be_taken(folder, monkeypatch):
    def refuse(_groups):
        raise PermissionError(1, "Operation not permitted")

    with monkeypatch.context() as patch, _place.find(str(folder / "file")) as at:
        patch.setattr(os, "setgroups", refuse)
        with pytest.raises(OSError, match="Operation not permitted"):
            at.mark("file")
    assert os.geteuid() == 0


# --- links ---


def test_links_of_root_are_followed_as_if_they_were_not_there(base, folder):
    data = make_folder(base / "data")
    make_file(data / "file", b"root's")
    make_link(folder / "link", data / "file")
    make_link(folder / "inner", "../data")
    with _place.find(str(folder / "link")) as at:
        assert (at.name, at.rights, at.link) == ("file", None, True)
        assert at.read().data == b"root's"
    with _place.find(str(folder / "inner" / "file")) as at:
        assert (at.rights, at.link) == (None, False)
        assert at.read().data == b"root's"


def test_behind_a_link_of_the_account_its_rights_hold_to_the_end(base, folder):
    data = make_folder(base / "data")
    make_file(data / "file", b"root's")
    make_file(data / "open", b"public", mode=0o644)
    make_link(folder / "link", data / "file", ACCOUNT)
    make_link(folder / "inner", data, ACCOUNT)
    for path in (folder / "link", folder / "inner" / "file"):
        assert uid_at(path) == ACCOUNT
        with pytest.raises(PermissionError, match=f"account {ACCOUNT}"):
            read(path)
    assert read(folder / "inner" / "open") == b"public"
    with _place.find(str(folder / "inner" / "open")) as at:
        for deed in (
            lambda: at.mark("new"),
            lambda: at.drop("open"),
            lambda: at.rename("open", "moved"),
            lambda: at.name_too("open", "second"),
            lambda: at.write("new", _place.Content(b"", 0o600, 0, 0)),
        ):
            with pytest.raises(PermissionError):
                deed()
    assert sorted(os.listdir(data)) == ["file", "open"]


def test_a_link_in_a_sticky_folder_is_its_owners(base):
    sticky = make_folder(base / "sticky", mode=0o1777)
    make_file(base / "file", b"root's")
    make_link(sticky / "link", base / "file", ACCOUNT)
    with pytest.raises(PermissionError):
        read(sticky / "link")
    make_link(sticky / "mine", base / "file")
    assert read(sticky / "mine") == b"root's"


def test_a_link_into_a_folder_that_only_root_enters(base, folder):
    hidden = make_folder(base / "hidden", mode=0o700)
    make_file(hidden / "file", mode=0o644)
    make_link(folder / "link", hidden / "file", ACCOUNT)
    with pytest.raises(PermissionError):
        read(folder / "link")
    make_link(folder / "mine", hidden / "file")
    assert read(folder / "mine") == b"x"


def test_a_path_that_the_account_has_written_down(base, folder):
    make_file(base / "file", b"root's")
    make_file(base / "open", b"public", mode=0o644)
    theirs = _rights.of_account(ACCOUNT)
    assert read(base / "open", named_by=theirs) == b"public"
    with pytest.raises(PermissionError):
        read(base / "file", named_by=theirs)


def test_links_without_end(folder):
    make_link(folder / "a", "b", ACCOUNT)
    make_link(folder / "b", "a", ACCOUNT)
    with pytest.raises(OSError, match="symbolic links"):
        read(folder / "a")


def test_paths_of_all_forms(base):
    make_file(make_folder(base / "a") / "file", b"found")
    make_link(base / "up", "a/../a/./file")
    for path in ("a/file", "a//file", "a/./file", "a/../a/file", "up"):
        assert read(base / path) == b"found"
    with _place.folder(str(base / "a")) as at:
        assert (at.name, at.names()) == (".", ["file"])
    with _place.folder("/") as at:
        assert "proc" in at.names()
    for path, error in (
        ("a/file/x", NotADirectoryError),
        ("none/x", FileNotFoundError),
        ("a/none", FileNotFoundError),
        ("a", IsADirectoryError),
        ("a\0b", OSError),
    ):
        with pytest.raises(error):
            read(base / path)
    with pytest.raises(FileNotFoundError), _place.folder(str(base / "none")):
        pass
    with pytest.raises(NotADirectoryError), _place.folder(str(base / "a" / "file")):
        pass


def test_a_path_from_here(base, monkeypatch):
    make_file(base / "file", b"found")
    monkeypatch.chdir(base)
    assert read("file") == b"found"


# --- what is read ---


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_file_is_not_opened(folder, kind):
    path = folder / "file"
    if kind == "pipe":
        os.mkfifo(path, 0o666)
    elif kind == "socket":
        os.mknod(path, stat.S_IFSOCK | 0o666)
    else:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    os.chown(path, ACCOUNT, ACCOUNT)
    with pytest.raises(OSError, match=f"is a {kind}, not a file|No such device"):
        read(path)


def test_no_more_than_a_file_may_have(folder):
    path = make_file(folder / "file", b"12345", ACCOUNT)
    assert read(path, most=5) == b"12345"
    with pytest.raises(OSError, match="has more than 0 KiB"):
        read(path, most=4)
    os.truncate(path, 300 << 20)
    with pytest.raises(OSError, match="has more than 1 MiB"):
        read(path)


def test_a_hard_link_to_a_file_of_somebody_else(base, folder):
    make_file(base / "file", mode=0o644)
    os.link(base / "file", folder / "file")
    with pytest.raises(OSError, match="is a hard link to a file of root; put a copy in its place"):
        read(folder / "file")
    os.unlink(base / "file")
    assert read(folder / "file") == b"x"
    os.chown(folder / "file", ACCOUNT, ACCOUNT)
    os.link(folder / "file", folder / "second")
    assert read(folder / "file") == b"x"


def test_what_the_account_cannot_read_is_not_read_for_it(folder):
    make_file(folder / "file")
    with pytest.raises(PermissionError, match=f"account {ACCOUNT}, who can change this folder"):
        read(folder / "file")


# --- what is written ---


def test_a_new_file_has_its_owner_and_never_a_permission_to_be_somebody_else(folder):
    content = _place.Content(b"data", 0o6755, OTHER, 34567)
    with _place.find(str(folder / "file")) as at:
        at.write("new", content)
        at.rename("new", "file")
    seen = (folder / "file").stat()
    assert (seen.st_uid, seen.st_gid) == (OTHER, 34567)
    assert stat.S_IMODE(seen.st_mode) == 0o755
    assert (folder / "file").read_bytes() == b"data"


def test_a_file_is_replaced_as_a_whole_or_not_at_all(folder, monkeypatch):
    path = make_file(folder / "file", b"old")
    make_file(folder / "by", b"of a killed run")
    with _place.find(str(path)) as at:
        at.replace("file", _place.Content(b"new", 0o600, ACCOUNT, ACCOUNT), by="by")
    assert path.read_bytes() == b"new"

    def fail(*_names, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", fail)
    with _place.find(str(path)) as at, pytest.raises(OSError, match="No space left"):
        at.replace("file", _place.Content(b"newer", 0o600, ACCOUNT, ACCOUNT), by="by")
    assert path.read_bytes() == b"new"
    assert os.listdir(folder) == ["file"]


def test_capabilities_are_not_carried_over(folder):
    path = make_file(folder / "file", uid=ACCOUNT)
    os.setxattr(
        path, "security.capability", bytes.fromhex("0100000280000000000000000000000000000000")
    )
    with _place.find(str(path)) as at:
        content = at.read()
        assert content.attributes == ()
        at.write("new", content)
    assert os.listxattr(folder / "new") == []


def test_a_folder_of_roots_own(base, folder):
    for _again in range(2):
        _place.make_folder(str(base / "run"))
        assert stat.S_IMODE((base / "run").stat().st_mode) == 0o700
    os.chmod(base / "run", 0o777)
    _place.make_folder(str(base / "run"))
    assert stat.S_IMODE((base / "run").stat().st_mode) == 0o700
    make_link(base / "link", folder)
    make_file(base / "file")
    make_folder(base / "theirs", ACCOUNT)
    for path in (base / "link", base / "file", base / "theirs", folder / "run"):
        with pytest.raises(OSError, match="remove it"):
            _place.make_folder(str(path))


def test_who_could_exchange_a_program(base, folder):
    make_file(base / "program")
    assert _place.exchangeable(str(base / "program")) == ""
    make_file(folder / "program")
    assert _place.exchangeable(str(folder / "program")) == (
        f"{folder} can be changed by account {ACCOUNT}"
    )
    make_link(base / "link", folder)
    assert "can be changed by account" in _place.exchangeable(str(base / "link" / "program"))


def test_who_could_exchange_a_link_to_a_program(base, folder):
    make_file(base / "program")
    make_link(base / "fine", base / "program")
    assert _place.exchangeable(str(base / "fine")) == ""
    theirs = f"{folder} can be changed by account {ACCOUNT}"
    # It is root's, and so is what it leads to: but not the folder that it is in.
    make_link(folder / "roots", base / "program")
    assert _place.exchangeable(str(folder / "roots")) == theirs
    # On the way of a link, too.
    make_folder(folder / "inner")
    make_file(folder / "inner" / "program")
    make_link(base / "through", folder / "inner" / "program")
    assert _place.exchangeable(str(base / "through")) == theirs
