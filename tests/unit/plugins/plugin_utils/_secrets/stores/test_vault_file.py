from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
import textwrap
import time

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    Conflict,
    Locked,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    ConfigError,
    Context,
    Damaged,
    Missed,
    Store,
    Unavailable,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores import (
    open_store,
    vault_file,
)

from tests.kit.accounts import ACCOUNT as THEM, only_root as second_account
from tests.kit.kept import present, read, stage

SCOPE = "fleet/LiveApp/stream"
OTHER = "fleet/LiveApp/rest"
ONE, TWO = ("one", VaultSecret(b"first password")), ("two", VaultSecret(b"second password"))


def opened(folder, secrets=(ONE,), **options):
    return open_store(
        {"kind": "vault_file", "path": "store.yml", **options}, Context(str(folder), list(secrets))
    )


def clear(folder, secret=ONE):
    return VaultLib([secret]).decrypt((folder / "store.yml").read_bytes()).decode()


def put(folder, text, secret=ONE):
    sealed = VaultLib([secret]).encrypt(text, secret[1], vault_id=secret[0])
    (folder / "store.yml").write_bytes(sealed)


def files(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != ".store.yml.lock")


def test_a_rotation_in_a_file(tmp_path):
    store = opened(tmp_path)
    assert store.mark() == "absent" and store.list() == {} and files(tmp_path) == []
    first = present(store, SCOPE)["current"]
    mark = store.mark()
    stage(store, SCOPE)
    assert store.mark() != mark
    store.promote(SCOPE)
    found = read(opened(tmp_path), SCOPE)
    assert found["previous"]["secret"] == first["secret"]
    store.retire(SCOPE)
    assert list(read(opened(tmp_path), SCOPE)) == ["current"]
    assert store.scopes() == [SCOPE] and store.scopes("none") == []
    assert store.where() == str(tmp_path / "store.yml")


def test_the_file_is_the_vaults_and_for_the_owner_only(tmp_path):
    secret = present(opened(tmp_path), SCOPE)["current"]["secret"]
    path = tmp_path / "store.yml"
    assert path.read_bytes().startswith(b"$ANSIBLE_VAULT;1.2;AES256;one\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert files(tmp_path) == ["store.yml"]
    assert yaml.safe_load(clear(tmp_path))["scopes"][SCOPE]["current"]["secret"] == secret
    path.chmod(0o644)
    stage(opened(tmp_path), SCOPE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_folders_are_made_closed(tmp_path):
    present(opened(tmp_path, path="new/deep/store.yml"), SCOPE)
    assert stat.S_IMODE((tmp_path / "new" / "deep").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "path, inventories, said",
    [
        ("group_vars/all/store.yml", (), "loads as variables"),
        ("inv/host_vars/x.yml", (), "loads as variables"),
        ("inv/secrets/store.yml", ("inv",), "in a hidden one, for example .secrets/store.yml"),
        ("inv/.secrets/store.yml", ("inv",), None),
        ("secrets/store.yml", ("inv",), None),
        ("inventory/store.yml", ("inv",), None),
    ],
)
def test_a_place_that_ansible_itself_would_read_is_refused(tmp_path, path, inventories, said):
    context = Context(
        str(tmp_path), [ONE], inventories=tuple(str(tmp_path / name) for name in inventories)
    )
    if said is None:
        open_store({"kind": "vault_file", "path": path}, context)
        return
    with pytest.raises(ConfigError, match=said):
        open_store({"kind": "vault_file", "path": path}, context)


def test_a_symlink_stays_one(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "store.yml").symlink_to("real/secrets.yml")
    present(opened(tmp_path), SCOPE)
    assert (tmp_path / "store.yml").is_symlink()
    assert files(tmp_path / "real") == [".secrets.yml.lock", "secrets.yml"]


UNKNOWN = """\
# a comment
version: 7   # with a comment
other: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  6162
scopes:
  fleet/LiveApp/stream:
    owner: somebody
    current:
      secret: A-first-secret-of-43-characters-0123456789x
      ticket: 0042
      when: 2026-11-24
    seal: !custom {a: 1}
list:
- {a: 1}   # flow

- 2026-01-01
"""


def test_what_nobody_here_knows_is_kept(tmp_path):
    put(tmp_path, UNKNOWN)
    store = opened(tmp_path)
    stage(store, SCOPE)
    text = clear(tmp_path)
    before, after = UNKNOWN.split("scopes:\n")[0], UNKNOWN[UNKNOWN.index("list:\n") :]
    assert text.startswith(before) and text.endswith(after)
    node = next(v for k, v in yaml.compose(text).value if k.value == "scopes").value[0][1]
    kept = {key.value: value for key, value in node.value}
    assert kept["owner"].value == "somebody" and kept["seal"].tag == "!custom"
    current = {key.value: value.value for key, value in kept["current"].value}
    assert current["when"] == "2026-11-24"
    assert yaml.safe_load(yaml.serialize(kept["current"]))["ticket"] == 34  # octal, as before
    store.promote(SCOPE)
    store.retire(SCOPE)
    assert "owner: somebody" in clear(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "scopes:\n",
        "scopes: {}\nx: 1\n",
        "x: 1",
        "",
        "# only a comment\n",
        "---\nx: [1,\n 2]\nscopes: {}   # none\n\n# end\ny: 2\n",
        "scopes:\n  fleet/management:\n"
        "    current: {secret: A-first-secret-of-43-characters-0123456789x}\n\n"
        "# a comment on y\ny: 2\n",
    ],
)
def test_any_layout_around_is_kept(tmp_path, text):
    put(tmp_path, text)
    others = {k: v for k, v in (yaml.safe_load(text) or {}).items() if k != "scopes"}
    present(opened(tmp_path), SCOPE)
    after = yaml.safe_load(clear(tmp_path))
    assert SCOPE in after.pop("scopes") and after == others
    for line in text.splitlines():
        if line.startswith("#"):
            assert line in clear(tmp_path)


@pytest.mark.parametrize(
    "text, said",
    [
        ("- a\n", "holds no mapping"),
        ("a: [canary-text\n", "not YAML in line 2"),
        ("scopes: [canary-text]\n", "scopes is not a mapping"),
        ("scopes: {fleet/stream: {}}\n", "is not a scope"),
        ("scopes: {fleet/management: {current: canary-text}}\n", "no text 'secret'"),
        (
            "scopes: {fleet/management: {current: {secret: canary-text, fingerprint: 'fp:0'}}}\n",
            "one of the two was edited",
        ),
        ("a: canary-text\n? !!map {}\n: *nothing\n", "not YAML"),
    ],
)
def test_content_that_cannot_be_trusted_stops_and_stays(tmp_path, text, said):
    put(tmp_path, text)
    sealed = (tmp_path / "store.yml").read_bytes()
    with pytest.raises(Damaged) as told:
        stage(opened(tmp_path), SCOPE)
    assert said in str(told.value) and "canary" not in str(told.value)
    assert (tmp_path / "store.yml").read_bytes() == sealed


def test_another_password_is_told_and_nothing_is_lost(tmp_path):
    present(opened(tmp_path), SCOPE)
    sealed = (tmp_path / "store.yml").read_bytes()
    with pytest.raises(Damaged, match=r"identities: two.*password is another one, or the file"):
        stage(opened(tmp_path, [TWO]), SCOPE)
    with pytest.raises(Unavailable, match="opened without a vault password: use --vault-id"):
        read(opened(tmp_path, []), SCOPE)
    assert (tmp_path / "store.yml").read_bytes() == sealed


def test_no_password_makes_no_file(tmp_path):
    with pytest.raises(Unavailable, match="written without a vault password"):
        present(opened(tmp_path, []), SCOPE)
    assert files(tmp_path) == []


@pytest.mark.parametrize("position", [0.0, 0.02, 0.3, 0.6, 0.99])
def test_a_tampered_file_is_noticed(tmp_path, position):
    present(opened(tmp_path), SCOPE)
    path = tmp_path / "store.yml"
    sealed = bytearray(path.read_bytes())
    at = min(int(len(sealed) * position), len(sealed) - 2)
    sealed[at] = ord("3") if sealed[at] != ord("3") else ord("4")
    path.write_bytes(sealed)
    for step in (lambda s: read(s, SCOPE), lambda s: stage(s, SCOPE)):
        with pytest.raises(Damaged):
            step(opened(tmp_path))
    assert path.read_bytes() == sealed


@pytest.mark.parametrize("left", [0, 1, 40, 300, -3])
def test_a_cut_file_is_noticed(tmp_path, left):
    present(opened(tmp_path), SCOPE)
    path = tmp_path / "store.yml"
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(Damaged):
        stage(opened(tmp_path), SCOPE)


def test_a_file_in_clear_is_refused(tmp_path):
    (tmp_path / "store.yml").write_text("scopes: {}\n")
    with pytest.raises(Damaged, match=r"not encrypted.*ansible-vault encrypt"):
        present(opened(tmp_path), SCOPE)


def test_several_identities(tmp_path, monkeypatch):
    def header():
        return (tmp_path / "store.yml").read_bytes().split(b"\n")[0].rpartition(b";")[2]

    present(opened(tmp_path, [ONE, TWO]), SCOPE)
    assert header() == b"one"
    stage(opened(tmp_path, [ONE, TWO], vault_id="two"), SCOPE)
    assert header() == b"two"
    opened(tmp_path, [ONE, TWO]).promote(SCOPE)
    assert header() == b"two"  # by the identity that opened it
    assert "previous" in read(opened(tmp_path, [TWO]), SCOPE)
    with pytest.raises(ConfigError, match="'three' is not one of this run's identities: one, two"):
        opened(tmp_path, [ONE, TWO], vault_id="three").retire(SCOPE)
    monkeypatch.setattr(vault_file.C, "DEFAULT_VAULT_ENCRYPT_IDENTITY", "two", raising=False)
    (tmp_path / "store.yml").unlink()
    present(opened(tmp_path, [ONE, TWO]), SCOPE)
    assert header() == b"two"
    monkeypatch.setattr(vault_file.C, "DEFAULT_VAULT_ENCRYPT_IDENTITY", "no", raising=False)
    (tmp_path / "store.yml").unlink()
    with pytest.raises(Unavailable, match="cannot be encrypted"):
        present(opened(tmp_path, [ONE, TWO]), SCOPE)


def test_many_scopes_are_one_reading_and_one_writing_all_or_nothing(tmp_path, monkeypatch):
    store = opened(tmp_path)
    counted = {"decrypt": 0, "encrypt": 0}
    for name in counted:
        real = getattr(vault_file.Kept, f"_{name}")

        def count(self, *args, name=name, real=real):
            counted[name] += 1
            return real(self, *args)

        monkeypatch.setattr(vault_file.Kept, f"_{name}", count)
    scopes = [f"fleet/app{number}/rest" for number in range(50)]
    store.change(scopes, lambda d, now: {**d, "n": 1})
    store.change(scopes, lambda d, now: {**d, "n": 1})
    assert counted == {"decrypt": 1, "encrypt": 1}
    sealed = (tmp_path / "store.yml").read_bytes()

    def second_fails(document, now, seen=[]):  # noqa: B006
        seen.append(1)
        if len(seen) == 2:
            raise Conflict("no")
        return {**document, "n": 2}

    with pytest.raises(Conflict):
        store.change(scopes, second_fails)
    assert (tmp_path / "store.yml").read_bytes() == sealed


def test_compare_and_set(tmp_path):
    store = opened(tmp_path)
    present(store, SCOPE)
    document, token = store.load(SCOPE)
    stage(opened(tmp_path), SCOPE)
    with pytest.raises(Missed):
        store.save(SCOPE, document, token)
    document, token = store.load(SCOPE)
    store.save(SCOPE, {**document, "x": 1}, token)
    assert store.load(SCOPE)[0]["x"] == 1


def test_an_editor_that_knows_no_lock_is_noticed(tmp_path, monkeypatch):
    store = opened(tmp_path)
    present(store, SCOPE)
    real = os.fchown

    def edited(*args):
        put(tmp_path, "scopes: {}\nedited: true\n")
        return real(*args)

    monkeypatch.setattr(os, "fchown", edited)
    with pytest.raises(Missed, match="changed by somebody else meanwhile"):
        stage(store, SCOPE)
    assert "edited: true" in clear(tmp_path) and files(tmp_path) == ["store.yml"]


def test_a_second_writer_waits_and_then_tells_who(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(f"""
            import fcntl, os, time
            handle = os.open({str(tmp_path / ".store.yml.lock")!r}, os.O_CREAT | os.O_RDWR)
            fcntl.flock(handle, fcntl.LOCK_EX)
            os.write(handle, b"somebody@here, process 7")
            print("held", flush=True)
            time.sleep(60)
        """)],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        holder.stdout.readline()
        with pytest.raises(Locked, match=r"being written by somebody@here, process 7, for 0\.2 s"):
            present(opened(tmp_path, lock_timeout=0.2), SCOPE)
    finally:
        holder.kill()
        holder.wait()
    present(opened(tmp_path, lock_timeout=5), SCOPE)  # the dead hold nothing


def test_many_writers_at_once_lose_nothing(tmp_path):
    scopes = [f"fleet/app{number}/rest" for number in range(8)]
    workers = [_forked(lambda scope=scope: present(opened(tmp_path), scope)) for scope in scopes]
    assert [_code(worker) for worker in workers] == [0] * 8
    assert opened(tmp_path).scopes() == scopes


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("call", ["open", "create", "fchmod", "fsync", "rename"])
def test_a_write_that_fails_anywhere_leaves_the_old_file(tmp_path, monkeypatch, call, code):
    store = opened(tmp_path)
    first = present(store, SCOPE)["current"]
    sealed = (tmp_path / "store.yml").read_bytes()

    name = "open" if call == "create" else call
    real = getattr(os, name)

    def fail(*args, **more):
        if call == "create" and not args[1] & os.O_EXCL:
            return real(*args, **more)
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as broken:
        broken.setattr(os, name, fail)
        with pytest.raises(Unavailable) as told:
            stage(store, SCOPE)
    assert os.strerror(code) in str(told.value) and str(tmp_path) in str(told.value)
    assert (tmp_path / "store.yml").read_bytes() == sealed
    assert files(tmp_path) == ["store.yml"]
    assert stage(store, SCOPE)["current"] == first


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "store.yml").mkdir()
    with pytest.raises(Unavailable, match="cannot be read: it is a folder"):
        read(opened(tmp_path), SCOPE)


def _forked(step):
    """Run a function in a process of its own. Returns its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        step()
        code = 0
    finally:
        os._exit(code)


def _code(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _die(module, name, after, times=1):
    """Kill this process at the n-th call of a function, before or after its work."""
    real, left = getattr(module, name), [times]

    def dying(*args, **more):
        left[0] -= 1
        if left[0]:
            return real(*args, **more)
        if after:
            real(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, dying)


def _die_half_written():
    class Half:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, data):
            self.file.write(data[: len(data) // 2])
            self.file.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    real = os.fdopen

    def half(handle, mode, **more):
        return Half(real(handle, mode, **more)) if mode == "wb" else real(handle, mode, **more)

    os.fdopen = half


POINTS = {
    "before the lock": lambda: _die(fcntl, "flock", False),
    "holding the lock": lambda: _die(fcntl, "flock", True),
    "signed the lock": lambda: _die(os, "pwrite", True),
    "before the new file": lambda: _die(_files.secrets, "token_hex", False),
    "empty new file": lambda: _die(os, "fchown", False),
    "half the content": _die_half_written,
    "before the flush": lambda: _die(os, "fsync", False),
    "after the flush": lambda: _die(os, "fsync", True),
    "before the renaming": lambda: _die(os, "rename", False),
    "after the renaming": lambda: _die(os, "rename", True),
    "before the folder's flush": lambda: _die(os, "fsync", False, 2),
    "after the folder's flush": lambda: _die(os, "fsync", True, 2),
}


STEPS = {"stage": stage, "promote": Store.promote, "retire": Store.retire}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_in_a_write_the_file_is_the_old_or_the_new_one(tmp_path, point, step):
    store = opened(tmp_path)
    present(store, SCOPE)
    if step != "stage":
        stage(store, SCOPE)
    if step == "retire":
        store.promote(SCOPE)
    before = store.load(SCOPE)[0]

    def killed():
        POINTS[point]()
        STEPS[step](opened(tmp_path), SCOPE)

    assert _code(_forked(killed)) == -signal.SIGKILL
    after = opened(tmp_path).load(SCOPE)[0]
    if after != before:
        assert point.startswith("after the") or "folder" in point
        assert after == STEPS[step](opened(tmp_path), SCOPE) | {
            key: value for key, value in after.items() if key not in ("current", "previous")
        }
    # Running it again gets there, and clears away what the dead one left.
    STEPS[step](opened(tmp_path), SCOPE)
    done = opened(tmp_path).load(SCOPE)[0]
    names = {
        "stage": ["current", "pending"],
        "promote": ["current", "previous"],
        "retire": ["current", "retired"],
    }
    assert sorted(done) == names.get(step, ["current"])
    assert (
        done["current"]["secret"] == before["pending" if step == "promote" else "current"]["secret"]
    )
    if step == "promote":
        assert done["previous"]["secret"] == before["current"]["secret"]
    opened(tmp_path).change([SCOPE], lambda d, now: {**d, "x": 1})
    assert files(tmp_path) == ["store.yml"]


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 64 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "streamward-test", str(folder)],
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_for_real(small_disk):
    store = opened(small_disk)
    first = present(store, SCOPE)
    (small_disk / "ballast").write_bytes(b"x" * 4096)
    with pytest.raises(OSError, match="No space"), open(small_disk / "rest", "wb") as file:
        while True:
            file.write(b"x" * 4096)
            file.flush()
    with pytest.raises(Unavailable, match="No space left on device; it is as it was before"):
        stage(store, SCOPE)
    assert read(opened(small_disk), SCOPE) == first
    (small_disk / "rest").unlink()
    assert set(stage(store, SCOPE)) == {"current", "pending"}
    assert files(small_disk) == ["ballast", "store.yml"]


def test_a_read_only_disk_for_real(small_disk):
    store = opened(small_disk)
    first = present(store, SCOPE)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(Unavailable, match="Read-only file system"):
        stage(store, SCOPE)
    assert read(opened(small_disk), SCOPE) == first


# --- in folders where others may write ---


def test_a_store_open_to_everybody_is_refused(tmp_path):
    present(opened(tmp_path), SCOPE)
    tmp_path.chmod(0o777)
    for step in (lambda store: read(store, SCOPE), lambda store: stage(store, SCOPE)):
        with pytest.raises(Unavailable, match=r"everybody may write.*chmod o-w"):
            step(opened(tmp_path))


def test_the_lock_does_not_cut_what_a_link_leads_to(tmp_path):
    (tmp_path / "victim").write_text("precious")
    (tmp_path / ".store.yml.lock").symlink_to("victim")
    with pytest.raises(Unavailable, match=r"lock .*: it is a symbolic link, .*: remove it"):
        present(opened(tmp_path), SCOPE)
    assert (tmp_path / "victim").read_text() == "precious"


def test_the_lock_does_not_cut_another_name_of_a_file(tmp_path):
    (tmp_path / "victim").write_text("precious")
    os.link(tmp_path / "victim", tmp_path / ".store.yml.lock")
    with pytest.raises(Unavailable, match=r"another name or holds something else: move it away"):
        present(opened(tmp_path), SCOPE)
    assert (tmp_path / "victim").read_text() == "precious"


@second_account
def test_the_lock_of_another_account_is_told(tmp_path):
    (tmp_path / ".store.yml.lock").touch(0o600)
    os.chown(tmp_path / ".store.yml.lock", THEM, THEM)
    with pytest.raises(Unavailable, match=f"belongs to uid {THEM}, who could keep it"):
        present(opened(tmp_path), SCOPE)


@second_account
@pytest.mark.parametrize("name", ["store.yml", "folder"])
def test_a_link_that_another_account_made_is_not_followed(tmp_path, name):
    (tmp_path / "elsewhere").mkdir()
    target = "elsewhere/secrets" if name == "store.yml" else "elsewhere"
    (tmp_path / name).symlink_to(target)
    os.lchown(tmp_path / name, THEM, THEM)
    path = "store.yml" if name == "store.yml" else "folder/store.yml"
    for step in (lambda store: present(store, SCOPE), lambda store: read(store, SCOPE)):
        with pytest.raises(Unavailable, match=f"is a symbolic link that uid {THEM} made"):
            step(opened(tmp_path, path=path))
    assert files(tmp_path / "elsewhere") == []


def test_another_name_of_the_file_is_told_since_it_keeps_what_is_retired(tmp_path):
    store = opened(tmp_path)
    old = present(store, SCOPE)["current"]["secret"]
    os.link(tmp_path / "store.yml", tmp_path / "other")
    assert store.notes == []
    stage(store, SCOPE)
    (note,) = store.notes
    assert "another name" in note and str((tmp_path / "other").stat().st_ino) in note
    assert VaultLib([ONE]).decrypt((tmp_path / "other").read_bytes()).decode().count(old) == 1
    store.promote(SCOPE)
    assert len(store.notes) == 1


def test_umask_0_opens_nothing(tmp_path):
    def step():
        os.umask(0)
        present(opened(tmp_path, path="new/deep/store.yml"), SCOPE)

    assert _code(_forked(step)) == 0
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert found == {"new": 0o700, "deep": 0o700, "store.yml": 0o600, ".store.yml.lock": 0o600}


@pytest.mark.parametrize("kind", ["FIFO", "device"])
def test_a_store_that_never_ends_is_refused_at_once(tmp_path, kind):
    if kind == "FIFO":
        os.mkfifo(tmp_path / "store.yml")
    else:
        (tmp_path / "store.yml").symlink_to("/dev/zero")

    def step():
        with pytest.raises(Unavailable, match=f"it is a {kind}, not a regular file"):
            read(opened(tmp_path), SCOPE)

    child = _forked(step)
    for _moment in range(50):
        done, code = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.1)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pytest.fail("it hangs")
    assert code == 0


def test_a_store_too_large_to_be_one_is_refused(tmp_path):
    with open(tmp_path / "store.yml", "wb") as file:
        file.truncate(vault_file.MOST + 1)
    with pytest.raises(Unavailable, match=r"has 16,777,217 bytes, more than the 16,777,216"):
        read(opened(tmp_path), SCOPE)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "1e9"])
def test_a_wait_without_end_is_refused(tmp_path, value):
    with pytest.raises(ConfigError, match=r"lock_timeout .* is not 0 to 3600"):
        opened(tmp_path, lock_timeout=value)


@pytest.mark.parametrize("name", ["path", "vault_id", "lock_timeout"])
@pytest.mark.parametrize(
    "value, said",
    [
        (None, "is null, which says nothing"),
        ("a\ud800", "half a character"),
        ("__omit_place_holder__0123456789abcdef", "omit leaves behind"),
    ],
)
def test_what_cannot_be_meant_names_the_option(tmp_path, name, value, said):
    with pytest.raises(ConfigError, match=f"antmedia_secret_store: {name}: .*{said}") as told:
        opened(tmp_path, **{name: value})
    assert len(told.value.faults) == 1
