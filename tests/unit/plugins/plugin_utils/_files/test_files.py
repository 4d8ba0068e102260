"""Real links, FIFOs and modes, and a real second account where the tests run as root."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import (
    files as _files,
    lock as _lock,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files.files import Unsafe

from tests.kit import child
from tests.kit.accounts import ACCOUNT as THEM, only_root as second_account

ROOT = os.geteuid() == 0


@pytest.fixture
def shared():
    """A folder that other accounts reach, unlike those of tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="streamward-", dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def team(shared):
    """A folder of this account that the group of the second account may write to."""
    folder = shared / "team"
    folder.mkdir()
    os.chown(folder, os.geteuid(), THEM)
    folder.chmod(0o2775)
    return folder


def as_them(code, *arguments):
    """Run Python as the second account; returns what it prints."""
    done = subprocess.run(
        ["/usr/bin/env", "python3", "-c", textwrap.dedent(code), *map(str, arguments)],
        user=THEM,
        group=THEM,
        extra_groups=[],
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def write(path, text=b"new"):
    with _files.replaced(path, 0o600) as stream:
        stream.write(text)


def lock(path):
    with _lock.locked(path, 0.2, "me@here, process 1"):
        pass


WRITES = {
    "replaced": write,
    "append": lambda path: _files.append(path, "line\n", 0o640),
    "locked": lock,
    "read": lambda path: _files.read(path, 100),
}
every_way = pytest.mark.parametrize("way", WRITES.values(), ids=WRITES)


def listed(folder):
    return sorted(path.name for path in folder.rglob("*"))


# --- where nobody else can write ---


def test_a_file_is_new_or_as_it_was(tmp_path):
    path = tmp_path / "file"
    write(path, b"one")
    with pytest.raises(RuntimeError), _files.replaced(path, 0o600) as stream:
        stream.write(b"two")
        raise RuntimeError
    assert path.read_bytes() == b"one" and listed(tmp_path) == ["file"]
    write(path, b"three")
    assert path.read_bytes() == b"three" and stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_new_file_is_closed_until_it_is_whole(tmp_path):
    with _files.replaced(tmp_path / "file", 0o644) as stream:
        assert stat.S_IMODE(os.fstat(stream.fileno()).st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644


def test_what_a_killed_run_left_goes_where_nobody_else_can_be_writing(tmp_path):
    (tmp_path / ".file.0123.new").touch()
    (tmp_path / ".other.0123.new").touch()
    write(tmp_path / "file")
    assert (tmp_path / ".file.0123.new").exists()
    with _files.replaced(tmp_path / "file", 0o600, alone=True):
        pass
    assert listed(tmp_path) == [".other.0123.new", "file"]


@every_way
def test_links_of_ones_own_are_followed(tmp_path, monkeypatch, way):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").touch()
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "again").symlink_to(tmp_path / "folder")
    way(tmp_path / "again" / "file")
    monkeypatch.chdir(tmp_path)
    way("again/../real/./file")
    assert (tmp_path / "again").is_symlink() and (tmp_path / "folder").is_symlink()


@pytest.mark.parametrize("name", ["replaced", "append", "read"])
def test_the_file_itself_may_be_a_link_of_ones_own(tmp_path, name):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("old")
    (tmp_path / "link").symlink_to("real/file")
    WRITES[name](tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and listed(tmp_path / "real") == ["file"]
    assert _files.settled(tmp_path / "link") == str(tmp_path / "real" / "file")


def test_a_way_back_through_a_link_is_the_systems(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "link").symlink_to("a/b")
    write(tmp_path / "link" / ".." / "file")
    assert listed(tmp_path / "a") == ["b", "file"]
    assert _files.settled(f"{tmp_path}/link/../no/file") == f"{tmp_path}/a/no/file"


def test_links_in_a_circle_end(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for way in WRITES.values():
        with pytest.raises(OSError, match=r"symbolic link"):
            way(tmp_path / "a" / "file")


def test_the_log_grows(tmp_path):
    path = tmp_path / "new" / "log"
    for _time in range(2):
        _files.append(path, "line\n", 0o640)
    assert path.read_text() == "line\nline\n"


@every_way
@pytest.mark.parametrize("kind", ["a folder", "a FIFO", "a device", "a socket"])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path, way, kind):
    path = tmp_path / "file"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a FIFO":
        os.mkfifo(path)
    elif kind == "a socket":
        import socket

        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    else:
        path = Path("/dev/zero")
        if way is lock:
            pytest.skip("a lock beside it is meant")
    began = time.monotonic()
    with pytest.raises(Unsafe) as told:
        way(path)
    assert kind in told.value.strerror and "regular file" in told.value.strerror
    assert time.monotonic() - began < 1


def test_what_is_read_is_bounded(tmp_path):
    path = tmp_path / "file"
    with open(path, "wb") as stream:
        stream.truncate(1 << 40)  # takes no room
    with pytest.raises(Unsafe, match=r"1,099,511,627,776 bytes, more than the 100 that"):
        _files.read(path, 100)
    path.write_bytes(b"x" * 100)
    assert _files.read(path, 100) == b"x" * 100
    with pytest.raises(Unsafe):
        _files.read(path, 99)


def test_a_file_of_proc_has_no_size_and_is_bounded_all_the_same():
    with pytest.raises(Unsafe, match="more than the 3 bytes"):
        _files.read("/proc/self/status", 3)


# --- umask 0 ---


def test_umask_0_opens_nothing(tmp_path):
    code = """
        import os, sys
        from pathlib import Path
        os.umask(0)
        here = Path(sys.argv[1])
        import importlib
        utils = "ansible_collections.streamward.antmedia.plugins.plugin_utils."
        files = importlib.import_module(utils + "_files.files")
        lock = importlib.import_module(utils + "_files.lock")
        with files.replaced(here / "new" / "deep" / "report", 0o640, make=0o777):
            pass
        files.append(here / "log" / "lines", "line", 0o666)
        with lock.locked(here / "lock", 1, make=0o700):
            pass
        files.folder(here / "folder" / "deep")
    """
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)],
        env=child.environment(),
        check=True,
    )
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {
        "new": 0o755,
        "deep": 0o755,
        "report": 0o640,
        "log": 0o755,
        "lines": 0o644,
        "lock": 0o600,
        "folder": 0o755,
    }


# --- folders that everybody may write to ---


@every_way
@pytest.mark.parametrize("inside", ["", "own"])
def test_a_folder_open_to_everybody_is_refused(tmp_path, way, inside):
    folder = tmp_path / "open"
    (folder / inside).mkdir(parents=True)
    path = folder / inside / "file"
    path.touch()
    folder.chmod(0o777)
    with pytest.raises(Unsafe) as told:
        way(path)
    assert told.value.strerror == (
        f"everybody may write to the folder {folder}, and so replace what is in it:"
        f" chmod o-w {folder}"
    )
    folder.chmod(0o775)
    way(path)


def test_nothing_is_made_in_a_folder_open_to_everybody(tmp_path):
    tmp_path.chmod(0o777)
    for way in (
        lambda path: _files.append(path, "line", 0o640),
        _files.folder,
    ):
        with pytest.raises(Unsafe):
            way(tmp_path / "new" / "deep")
    assert listed(tmp_path) == []


@second_account
@every_way
@pytest.mark.parametrize("inside", ["", "sub"])
def test_in_a_sticky_folder_ones_own_is_safe_and_anothers_refused(shared, way, inside):
    shared.chmod(0o1777)
    path = shared / inside / "file"
    path.parent.mkdir(exist_ok=True)
    path.touch()
    way(path)
    os.chown(shared / (inside or "file"), THEM, THEM)
    with pytest.raises(Unsafe, match=f"belongs to uid {THEM}: use a folder of your own"):
        way(path)


# --- a folder that a team shares ---


@second_account
@every_way
@pytest.mark.parametrize("where", ["file", "folder", "dangling"])
def test_a_link_of_another_member_leads_nowhere(team, tmp_path, way, where):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    as_them(
        """
        import os, sys
        where, team, victim = sys.argv[1:]
        os.symlink(victim if where != "folder" else os.path.dirname(victim), team + "/link")
        """,
        where, team, victim if where != "dangling" else tmp_path / "new",
    )  # fmt: skip
    path = team / "link" / "victim" if where == "folder" else team / "link"
    with pytest.raises(Unsafe, match="is a symbolic link") as told:
        way(path)
    assert f"uid {THEM} made" in told.value.strerror or way is lock
    assert victim.read_text() == "precious" and listed(tmp_path) == ["victim"]
    assert listed(team) == ["link"]


@second_account
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_lock_that_is_another_file_of_ones_own_is_neither_cut_nor_signed(team, link):
    victim = team / "victim"
    victim.write_text("precious, and quite a few lines\nof it")
    link(victim, team / "lock")
    with pytest.raises(Unsafe, match=r"lock.*(symbolic link|is not a lock)"):
        lock(team / "lock")
    assert victim.read_text() == "precious, and quite a few lines\nof it"


@second_account
def test_a_file_that_a_member_renamed_to_the_lock_is_not_cut(team):
    (team / "victim").write_text("precious")
    (team / "victim").chmod(0o600)
    as_them("import os, sys; os.rename(*sys.argv[1:])", team / "victim", team / "lock")
    with pytest.raises(Unsafe, match="holds something else: move it away"):
        lock(team / "lock")
    assert (team / "lock").read_text() == "precious"


@second_account
def test_anothers_lock_is_told_with_its_owner_and_what_to_do(team):
    as_them("import sys; open(sys.argv[1], 'w')", team / "lock")
    with pytest.raises(Unsafe) as told:
        lock(team / "lock")
    assert f"belongs to uid {THEM}" in told.value.strerror
    assert "remove it once no run of" in told.value.strerror


@second_account
def test_a_lock_that_may_not_be_opened_is_told_with_its_owner(team):
    (team / "lock").touch(0o600)
    child = os.fork()
    if not child:
        code = 1
        with contextlib.suppress(BaseException):
            os.setgroups([THEM])
            os.setgid(THEM)
            os.setuid(THEM)
            try:
                lock(team / "lock")
            except Unsafe as error:
                code = 0 if "belongs to root" in error.strerror else 2
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@second_account
def test_root_in_anothers_folder_leaves_its_owner_able_to_lock(shared):
    theirs = shared / "theirs"
    theirs.mkdir()
    os.chown(theirs, THEM, THEM)
    for _time in range(2):
        lock(theirs / "lock")
        assert (theirs / "lock").stat().st_uid == THEM


@second_account
def test_the_log_is_not_added_to_under_another_name(team, tmp_path):
    victim = team / "victim"
    victim.write_text("precious")
    os.link(victim, team / "log")
    with pytest.raises(Unsafe, match=r"has 2 names \(hard links\).*remove it here"):
        _files.append(team / "log", "line\n", 0o640)
    assert victim.read_text() == "precious"


def test_other_names_of_a_file_keep_what_it_held(tmp_path):
    (tmp_path / "file").write_text("old")
    os.link(tmp_path / "file", tmp_path / "other")
    write(tmp_path / "file")
    assert (tmp_path / "other").read_text() == "old"
    assert (tmp_path / "file").read_text() == "new"


@second_account
@pytest.mark.parametrize("keeps", [True, False])
def test_only_where_it_is_asked_for_root_leaves_a_file_its_owners(team, keeps):
    as_them("import sys; open(sys.argv[1], 'w')", team / "file")
    with _files.replaced(team / "file", 0o600, keep_owner=keeps):
        pass
    assert (team / "file").stat().st_uid == (THEM if keeps else 0)


@second_account
def test_a_folder_exchanged_for_a_link_between_check_and_use_leads_nowhere(
    team, tmp_path, monkeypatch
):
    (team / "sub").mkdir()
    real = os.stat

    def exchange(path, **more):
        seen = real(path, **more)
        if path == "sub":
            monkeypatch.undo()
            as_them(
                "import os, sys; team, to = sys.argv[1:];"
                "os.rename(team + '/sub', team + '/away'); os.symlink(to, team + '/sub')",
                team, tmp_path,
            )  # fmt: skip
        return seen

    monkeypatch.setattr(os, "stat", exchange)
    with pytest.raises(OSError):
        write(team / "sub" / "file")
    assert listed(tmp_path) == []


@second_account
def test_a_link_of_ones_own_exchanged_for_anothers_between_check_and_use(
    team, tmp_path, monkeypatch
):
    (team / "good").mkdir()
    (team / "sub").symlink_to("good")
    real = os.readlink

    def exchange(path, **more):
        as_them(
            "import os, sys; team, to = sys.argv[1:];"
            "os.rename(team + '/sub', team + '/away'); os.symlink(to, team + '/sub')",
            team, tmp_path,
        )  # fmt: skip
        return real(path, **more)

    monkeypatch.setattr(os, "readlink", exchange)
    with pytest.raises(Unsafe, match="was replaced while it was read"):
        write(team / "sub" / "file")
    assert listed(tmp_path) == []


@second_account
def test_random_exchanges_never_lead_out(team, tmp_path):
    """The other account exchanges folder and link as fast as it can; not one write gets out."""
    (tmp_path / "victim").write_text("precious")
    tmp_path.chmod(0o700)
    (team / "real").mkdir()
    exchanger = subprocess.Popen(
        ["/usr/bin/env", "python3", "-c", textwrap.dedent("""
            import os, sys
            team, to = sys.argv[1:]
            os.symlink(to, team + "/link")
            print("on", flush=True)
            while True:
                os.rename(team + "/real", team + "/sub")
                os.rename(team + "/sub", team + "/real")
                os.rename(team + "/link", team + "/sub")
                os.rename(team + "/sub", team + "/link")
        """), str(team), str(tmp_path)],
        user=THEM, group=THEM, extra_groups=[], cwd="/", stdout=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    came = {"written": 0, "refused": 0}
    try:
        exchanger.stdout.readline()
        for _number in range(2000):
            for path, way in ((team / "sub" / "victim", write), (team / "sub" / "lock", lock)):
                try:
                    way(path)
                    came["written"] += 1
                except OSError:
                    came["refused"] += 1
    finally:
        exchanger.kill()
        exchanger.wait()
        exchanger.stdout.close()
    assert (tmp_path / "victim").read_text() == "precious" and listed(tmp_path) == ["victim"]
    assert came["refused"] and came["written"], came
