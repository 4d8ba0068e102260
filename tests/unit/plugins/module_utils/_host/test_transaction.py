from __future__ import annotations

import errno
import os
import shutil
import signal
import stat
import struct
import subprocess
import sys

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    leftovers as _leftovers,
    transaction as _transaction,
)

from tests.kit import child
from tests.unit.plugins.module_utils._host.replaced import (
    NEW,
    contents,
    left_over,
    paths_of,
    plan_of,
    read,
)

Transaction = _transaction.Transaction
TransactionError = _transaction.TransactionError


def app_of(folder):
    """The application whose folder a handle is of."""
    return os.readlink(f"/proc/self/fd/{folder}").split("/")[-2]


# --- what goes well ---


def test_all_files_are_replaced_and_the_old_ones_kept(home, changed):
    transaction, old = changed
    transaction.prepare()
    assert contents(home) == old
    transaction.commit()
    assert contents(home) == list(NEW.values())
    paths = paths_of(home)
    assert [path for path, _when in _leftovers.left_behind(paths)] == paths
    assert [_leftovers.read_old(path) for path in paths] == old
    _leftovers.clean(paths)
    assert left_over(home) == []
    assert contents(home) == list(NEW.values())
    assert _leftovers.left_behind(paths) == []


def test_nothing_to_do(home):
    transaction = Transaction([])
    transaction.prepare()
    transaction.commit()
    _transaction.put_back([])


def test_all_files_are_put_back(home, fake, changed):
    before = fake.snapshot(home)
    transaction, _old = changed
    transaction.prepare()
    transaction.commit()
    _transaction.put_back(paths_of(home))
    assert fake.snapshot(home) == before
    _transaction.put_back(paths_of(home))
    assert fake.snapshot(home) == before


def test_replaced_for_good(home, changed):
    transaction, _old = changed
    transaction.prepare()
    transaction.replace()
    assert contents(home) == list(NEW.values())
    assert left_over(home) == []


def test_the_older_old_file_is_the_one_that_was_proved(home, changed):
    """A run that was not finished, and one on top: back is to before the first."""
    transaction, old = changed
    transaction.prepare()
    transaction.commit()
    newer = {app: data + b"more=1\n" for app, data in NEW.items()}
    again = Transaction(plan_of(home, newer))
    again.prepare()
    again.commit()
    assert contents(home) == list(newer.values())
    _transaction.put_back(paths_of(home))
    assert contents(home) == old
    assert left_over(home) == []


def test_old_files_that_stay_are_closed_like_the_new_ones(home):
    paths = paths_of(home)
    os.chmod(paths[1], 0o600)
    transaction = Transaction(plan_of(home, mode=0o640))
    transaction.prepare()
    transaction.commit()
    transaction.seclude()
    modes = [stat.S_IMODE(os.stat(_leftovers.beside(p, _leftovers.OLD)).st_mode) for p in paths]
    assert modes == [0o640, 0o600, 0o640]
    _leftovers.clean(paths)
    transaction.seclude()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_old_files_that_stay_can_be_read_by_the_server(home):
    transaction = Transaction(plan_of(home, mode=0o640, uid=7, gid=8))
    transaction.prepare()
    transaction.commit()
    transaction.seclude()
    _transaction.put_back(paths_of(home))
    assert {os.stat(path).st_uid for path in paths_of(home)} == {7}


# --- what a file keeps ---


def acl(*entries):
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def test_mode_and_attributes_are_kept(home, fake):
    path = home / "conf" / "red5.properties"
    path.chmod(0o640)
    attributes = {"user.note": b"x"}
    everybody = 0xFFFFFFFF
    # u::rw- u:4711:r-- g::r-- m::rw- o::---
    attributes["system.posix_acl_access"] = acl(
        (1, 6, everybody), (2, 4, 4711), (4, 4, everybody), (16, 6, everybody), (32, 0, everybody)
    )
    kept = []
    for name, value in attributes.items():
        try:
            os.setxattr(path, name, value)
            kept.append(name)
        except OSError as error:
            assert error.errno == errno.ENOTSUP
    before = fake.snapshot(home)["conf/red5.properties"]
    transaction = Transaction(plan_of(home))
    transaction.prepare()
    transaction.replace()
    after = fake.snapshot(home)["conf/red5.properties"]
    assert after[:3] == before[:3]
    # Not all of them: some give rights to whoever runs the file.
    wanted = tuple(pair for pair in before[3] if pair[0] == "system.posix_acl_access")
    assert after[3] == wanted
    assert ("system.posix_acl_access" in kept) == bool(wanted)
    assert after[4] == NEW[""]


def test_a_file_system_without_attributes(home, changed, monkeypatch):
    transaction, _old = changed

    def refuse(*_arguments):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "getxattr", refuse)
    transaction.prepare()
    transaction.commit()
    assert contents(home) == list(NEW.values())


@pytest.mark.parametrize(("number", "fails"), [(errno.EPERM, False), (errno.ENOSPC, True)])
def test_attributes_that_cannot_be_set(home, fake, monkeypatch, number, fails):
    before = fake.snapshot(home)

    def refuse(*_arguments):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "getxattr", lambda path, name: b"x")
    monkeypatch.setattr(os, "setxattr", refuse)
    transaction = Transaction(plan_of(home))
    if fails:
        with pytest.raises(TransactionError, match="No space left on device"):
            transaction.prepare()
        monkeypatch.undo()
        assert fake.snapshot(home) == before
    else:
        transaction.prepare()


def test_new_mode(home):
    transaction = Transaction(plan_of(home, mode=0o600))
    transaction.prepare()
    transaction.commit()
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in paths_of(home)} == {0o600}


def test_secrets_are_never_readable_by_others_on_their_way(home, monkeypatch):
    """The new file is closed from its first byte on, whatever the umask."""
    modes = []
    real = os.fdopen

    def look(handle, mode):
        if mode == "wb":
            modes.append(stat.S_IMODE(os.fstat(handle).st_mode))
        return real(handle, mode)

    monkeypatch.setattr(os, "fdopen", look)
    umask = os.umask(0)
    try:
        Transaction(plan_of(home)).prepare()
    finally:
        os.umask(umask)
    assert modes == [0o600] * 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_owner_and_group_are_kept_and_set(home):
    path = home / "conf" / "red5.properties"
    os.chown(path, 1234, 2345)
    os.chown(home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties", 0, 2345)
    transaction = Transaction(plan_of(home))
    transaction.prepare()
    transaction.commit()
    owners = [(os.stat(path).st_uid, os.stat(path).st_gid) for path in paths_of(home)]
    assert owners[:2] == [(1234, 2345), (0, 2345)]
    transaction = Transaction(plan_of(home, uid=7, gid=8))
    transaction.prepare()
    transaction.commit()
    assert {os.stat(path).st_uid for path in paths_of(home)} == {7}
    _transaction.put_back(paths_of(home))
    assert os.stat(path).st_uid == 1234


def test_who_may_not_give_files_away_is_told(home, fake, monkeypatch):
    before = fake.snapshot(home)

    def refuse(*_arguments):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    with pytest.raises(TransactionError) as caught:
        Transaction(plan_of(home, uid=7, gid=8)).prepare()
    assert str(caught.value) == (
        f"{home}/conf/red5.properties: has to belong to 7:8, which this account cannot do;"
        " become root"
    )
    assert fake.snapshot(home) == before


def test_a_symbolic_link_stays_and_its_target_is_replaced(home):
    path = home / "conf" / "red5.properties"
    folder = home / "shared"
    folder.mkdir()
    target = folder / "red5.properties"
    path.rename(target)
    path.symlink_to("../shared/red5.properties")
    transaction = Transaction(plan_of(home))
    transaction.prepare()
    transaction.commit()
    assert path.is_symlink()
    assert os.readlink(path) == "../shared/red5.properties"
    assert target.read_bytes() == NEW[""]
    assert not target.is_symlink()
    assert left_over(folder) == [".red5.properties.streamward-old"]
    _transaction.put_back(paths_of(home))
    assert target.read_bytes().startswith(b"# HTTP")
    assert left_over(home) == []


# --- what goes wrong before anything is changed ---


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_file_changed_by_somebody_between_plan_and_write(home, fake, changed, number):
    transaction, _old = changed
    path = paths_of(home)[number]
    with open(path, "ab") as stream:
        stream.write(b"\nchanged=by somebody\n")
    before = fake.snapshot(home)
    with pytest.raises(TransactionError) as caught:
        transaction.prepare()
    assert str(caught.value) == f"{path}: was changed by somebody else meanwhile; run again"
    assert (caught.value.path, caught.value.restored) == (path, True)
    assert fake.snapshot(home) == before


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_file_changed_by_somebody_between_preparing_and_the_instant(home, fake, changed, number):
    transaction, _old = changed
    transaction.prepare()
    path = paths_of(home)[number]
    with open(path, "ab") as stream:
        stream.write(b"\nchanged=by somebody\n")
    with pytest.raises(TransactionError, match="was changed by somebody else meanwhile"):
        transaction.commit()
    assert left_over(home) == []
    assert b"changed=by somebody" in contents(home)[number]
    assert sum(b"new" in data for data in contents(home)) == 0


def test_a_file_that_is_gone(home, changed):
    transaction, _old = changed
    path = paths_of(home)[1]
    os.unlink(path)
    with pytest.raises(TransactionError, match=f"{path}: No such file or directory"):
        transaction.prepare()
    assert left_over(home) == []


SHELL = """
set -e
mount -t tmpfs -o size={size} none {mount}
cp -a {home}/. {mount}
{after}
{python} - {mount} <<'END'
import sys
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files, installation as _installation, transaction as _transaction)
found = _installation.observe(sys.argv[1])
more = b"x" * {more}
files = [_files.NewFile(a, f, f.data + more, f.mode, f.uid, f.gid) for a, f in found.files()]
try:
    transaction = _transaction.Transaction(files)
    transaction.prepare()
    transaction.commit()
    print("done")
except _transaction.TransactionError as error:
    print(error.path.partition(sys.argv[1])[2], "|", error.reason, "|", error.restored)
END
"""


@pytest.fixture
def on_tmpfs(home, tmp_path):
    """Replace all files of a home on a small file system of its own; what came of it, and the tree.

    `after` is run when the home is there, `more` bytes are added to each file.
    """

    def run(after="", more=0, size="256k"):
        mount = tmp_path / "mount"
        out = tmp_path / "out"
        mount.mkdir()
        out.mkdir()
        script = SHELL.format(
            size=size,
            mount=mount,
            home=home,
            after=after,
            python=sys.executable,
            more=more,
        )
        script += f"\ncp -a {mount}/. {out}\n"
        done = subprocess.run(
            ["unshare", "--map-root-user", "--mount", "sh", "-c", script],
            env=child.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if "unshare" in done.stderr or "mount:" in done.stderr:
            pytest.skip("no mount namespaces here: " + done.stderr.strip())
        assert done.returncode == 0, done.stderr
        return done.stdout.strip(), out

    return run


def test_on_a_file_system_of_its_own(on_tmpfs):
    assert on_tmpfs(more=1)[0] == "done"


def test_a_read_only_file_system(on_tmpfs, home, fake):
    said, tree = on_tmpfs(after="mount -o remount,ro {}".format(home.parent / "mount"))
    assert said == "/conf/red5.properties | Read-only file system | True"
    assert fake.snapshot(tree) == fake.snapshot(home)


@pytest.mark.parametrize("more", [1, 60_000])
def test_a_full_disk(on_tmpfs, home, fake, more):
    """Full from the start, and so that the first file still fits in."""
    mount = home.parent / "mount"
    fill = f"dd if=/dev/zero of={mount}/filler bs=4k status=none 2>/dev/null || true\n"
    if more > 1:
        fill += f"truncate -s -100k {mount}/filler\n"
    said, tree = on_tmpfs(after=fill, more=more)
    path, reason, restored = said.split(" | ")
    assert (reason, restored) == ("No space left on device", "True")
    assert path == (
        "/conf/red5.properties" if more == 1 else "/webapps/LiveApp/WEB-INF/red5-web.properties"
    )
    (tree / "filler").unlink()
    assert fake.snapshot(tree) == fake.snapshot(home)


# --- what goes wrong while files are replaced ---


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("function", ["link", "rename", "fsync"])
def test_if_one_cannot_be_replaced_the_others_are_put_back(
    home, fake, changed, monkeypatch, number, function
):
    before = fake.snapshot(home)
    transaction, _old = changed
    transaction.prepare()
    path = paths_of(home)[number]
    real, calls = getattr(os, function), []

    def fail(*arguments, **options):
        calls.append(arguments)
        if len(calls) == number + 1:
            raise OSError(errno.EIO, "Input/output error")
        return real(*arguments, **options)

    monkeypatch.setattr(os, function, fail)
    with pytest.raises(TransactionError) as caught:
        transaction.commit()
    monkeypatch.undo()
    assert str(caught.value) == f"{path}: Input/output error"
    assert caught.value.restored
    assert fake.snapshot(home) == before


def test_an_older_old_file_survives_a_transaction_that_fails(home, changed, monkeypatch):
    transaction, old = changed
    transaction.prepare()
    transaction.commit()
    again = Transaction(plan_of(home, {app: b"x=1" for app in NEW}))
    again.prepare()
    calls, real = [], os.link

    def fail(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 3:
            raise OSError(errno.EIO, "Input/output error")
        real(*arguments, **options)

    monkeypatch.setattr(os, "link", fail)
    with pytest.raises(TransactionError):
        again.commit()
    assert contents(home) == list(NEW.values())
    assert [_leftovers.read_old(path) for path in paths_of(home)] == old


def test_what_cannot_be_put_back_is_named_and_the_rest_is(home, changed, monkeypatch):
    transaction, old = changed
    transaction.prepare()
    real = os.rename

    def fail(source, target, **options):
        app = app_of(options["src_dir_fd"])
        if source.endswith(_leftovers.BEFORE) and app == "LiveApp":
            raise OSError(errno.EIO, "Input/output error")
        if source.endswith(_leftovers.NEW) and app == "events":
            raise OSError(errno.EROFS, "Read-only file system")
        real(source, target, **options)

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(TransactionError) as caught:
        transaction.commit()
    live = paths_of(home)[1]
    kept = live.replace("red5-web", ".red5-web") + _leftovers.BEFORE
    assert str(caught.value) == (
        f"{live}: could not be put back (Input/output error); its old content is in {kept}"
    )
    assert not caught.value.restored
    assert contents(home) == [old[0], NEW["LiveApp"], old[2]]
    assert read(kept) == old[1]


def test_what_cannot_be_put_back_later_is_named_and_the_rest_is(home, changed, monkeypatch):
    transaction, old = changed
    transaction.prepare()
    transaction.commit()
    real = os.rename

    def fail(source, target, **options):
        if app_of(options["src_dir_fd"]) == "LiveApp":
            raise OSError(errno.EIO, "Input/output error")
        real(source, target, **options)

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(TransactionError, match="could not be put back") as caught:
        _transaction.put_back(paths_of(home))
    assert not caught.value.restored
    assert contents(home) == [old[0], NEW["LiveApp"], old[2]]
    monkeypatch.undo()
    _transaction.put_back(paths_of(home))
    assert contents(home) == old


def test_if_the_prepared_file_is_gone(home, fake, changed):
    before = fake.snapshot(home)
    transaction, _old = changed
    transaction.prepare()
    os.unlink(_leftovers.beside(paths_of(home)[1], _leftovers.NEW))
    with pytest.raises(TransactionError, match=r"LiveApp.*No such file"):
        transaction.commit()
    assert fake.snapshot(home) == before


def test_if_it_cannot_be_replaced_for_good(home, changed):
    transaction, _old = changed
    transaction.prepare()
    os.unlink(_leftovers.beside(paths_of(home)[1], _leftovers.NEW))
    with pytest.raises(TransactionError, match=r"LiveApp.*No such file"):
        transaction.replace()


def test_old_files_that_cannot_be_renamed_are_old_files_all_the_same(home, changed, monkeypatch):
    transaction, old = changed
    transaction.prepare()
    real = os.rename

    def fail(source, target, **options):
        if target.endswith(_leftovers.OLD):
            raise OSError(errno.EIO, "Input/output error")
        real(source, target, **options)

    monkeypatch.setattr(os, "rename", fail)
    transaction.commit()
    monkeypatch.undo()
    assert [path for path, _when in _leftovers.left_behind(paths_of(home))] == paths_of(home)
    _transaction.put_back(paths_of(home))
    assert contents(home) == old
    assert left_over(home) == []


# --- kill -9 ---


SYSTEM_CALLS = ("open", "link", "rename", "unlink", "fsync", "fchown", "fchmod", "close")


def killed_at(step, work):
    """Do some work in a process that is killed at its n-th system call; whether it got there."""
    child = os.fork()
    if not child:
        count = 0

        def wrap(real):
            def call(*arguments, **options):
                nonlocal count
                count += 1
                if count == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **options)

            return call

        try:
            for name in SYSTEM_CALLS:
                setattr(os, name, wrap(getattr(os, name)))
            work()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_killed_at_any_moment_every_file_is_whole_and_the_next_run_gets_there(home, fake, tmp_path):
    old, new = contents(home), list(NEW.values())
    before = fake.snapshot(home)
    states, step = set(), 0
    while True:
        step += 1
        copy = tmp_path / "copy"
        shutil.copytree(home, copy, symlinks=True)

        def work(copy=copy):
            transaction = Transaction(plan_of(copy))
            transaction.prepare()
            transaction.commit()
            _leftovers.clean(transaction.paths)

        killed = killed_at(step, work)
        found = contents(copy)
        for data, was, becomes in zip(found, old, new):
            assert data in (was, becomes)
        # Whatever is new and not proved can be told, and put back.
        marked = {path for path, _when in _leftovers.left_behind(paths_of(copy))}
        for path, data, becomes in zip(paths_of(copy), found, new):
            if data == becomes and killed and found != new:
                assert path in marked
        states.add((tuple(data in new for data in found), len(marked)))
        back = tmp_path / "back"
        shutil.copytree(copy, back, symlinks=True)  # breaks the links between old and new
        if marked:
            _transaction.put_back(paths_of(back))
            put_back = dict(zip(paths_of(back), contents(back)))
            for path, was in zip(paths_of(copy), old):
                if path in marked:
                    assert put_back[path.replace(str(copy), str(back))] == was
        # The next run does its work over whatever is there.
        work()
        assert contents(copy) == new
        assert left_over(copy) == []
        shutil.rmtree(copy)
        shutil.rmtree(back)
        if not killed:
            break
    assert step > 25
    assert len(states) > 5
    assert {flags for flags, _marked in states} == {
        (False, False, False),
        (True, False, False),
        (True, True, False),
        (True, True, True),
    }
    assert fake.snapshot(home) == before


def test_killed_while_putting_back_the_next_attempt_gets_there(home, tmp_path):
    old = contents(home)
    transaction = Transaction(plan_of(home))
    transaction.prepare()
    transaction.commit()
    step = 0
    while True:
        step += 1
        copy = tmp_path / "copy"
        shutil.copytree(home, copy, symlinks=True)
        killed = killed_at(step, lambda copy=copy: _transaction.put_back(paths_of(copy)))
        for data, was, becomes in zip(contents(copy), old, NEW.values()):
            assert data in (was, becomes)
        _transaction.put_back(paths_of(copy))
        assert contents(copy) == old
        assert left_over(copy) == []
        shutil.rmtree(copy)
        if not killed:
            break
    assert step > 9
