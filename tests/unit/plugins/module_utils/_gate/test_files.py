"""The gate's files on a host: what they are to be, and whether they are."""

from __future__ import annotations

import dataclasses
import os
import stat

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    files as _files,
    nginx as _nginx,
    policy as _policy,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import own as _own

from tests.kit.accounts import ACCOUNT, make_folder, only_root


def by_path(policy):
    return {file.path: file for file in _files.wanted(policy, {})}


def test_every_file_and_who_reads_it(host, policy):
    found = by_path(policy)
    assert list(found) == [path for path in _files.PATHS if "tls" not in path]
    secret = {_files.POLICY: "streamward-gate", _files.CONF: "streamward-gate-nginx"}
    for path, file in found.items():
        assert (file.mode, file.group) == ((0o640, secret[path]) if path in secret else (0o644, ""))
    assert _policy.read(found[_files.POLICY].data.decode()) == policy
    assert _nginx.mark(found[_files.CONF].data.decode())


def test_no_secret_is_in_any_file_but_the_policy(host, policy):
    for path, file in by_path(policy).items():
        for app in policy.applications.values():
            for secret in (*app.publish.secrets, *app.play.secrets):
                assert (secret.secret.encode() in file.data) == (path == _files.POLICY)
    assert "test-only" not in repr(_files.wanted(policy, {}))


def test_the_daemon_reads_copies_of_a_certificate(host, policy, secure):
    found = by_path(secure)
    assert list(found) == list(_files.PATHS)
    told = _policy.read(found[_files.POLICY].data.decode())
    assert told.certificate.key == str(host.root) + "/run/streamward-gate-tls/key.pem"
    assert dataclasses.replace(told, certificate=secure.certificate) == secure
    assert _files.on_host(policy) is policy


@only_root
def test_a_certificate_that_somebody_could_exchange(host, secure, base):
    theirs = make_folder(base / "theirs", ACCOUNT)
    (theirs / "key.pem").write_text("x")
    link = base / "link.pem"
    link.symlink_to(theirs / "key.pem")
    for key in (theirs / "key.pem", link):
        changed = dataclasses.replace(
            secure, certificate=dataclasses.replace(secure.certificate, key=str(key))
        )
        with pytest.raises(_files.GateError, match=f"key {key}: .*read another file"):
            _files.wanted(changed, {})


def test_a_certificate_that_is_not_there(host, secure):
    gone = dataclasses.replace(secure, certificate=_policy.Certificate("/nowhere/a", "/nowhere/b"))
    with pytest.raises(_files.GateError, match=r"certificate /nowhere/a: .*key /nowhere/b: "):
        _files.wanted(gone, {})


def test_without_nginx(host, policy, monkeypatch):
    monkeypatch.setattr(_files, "PROGRAMS", ("/nowhere/nginx",))
    with pytest.raises(_files.GateError, match="apt-get install nginx"):
        _files.wanted(policy, {})


@only_root
def test_an_nginx_that_somebody_could_exchange(host, policy, base, monkeypatch):
    theirs = make_folder(base / "theirs", ACCOUNT)
    (theirs / "nginx").write_text("x")
    monkeypatch.setattr(_files, "PROGRAMS", (str(theirs / "nginx"),))
    with pytest.raises(_files.GateError, match="others than root can change it"):
        _files.nginx()


def test_without_a_python(host, policy, monkeypatch):
    monkeypatch.setattr(_own, "python", lambda: None)
    with pytest.raises(_files.GateError, match=r"no Python 3\.8"):
        _files.wanted(policy, {})


def test_an_application_that_nginx_cannot_hold(host, policy):
    apps = {"a;b": policy.applications["open"]}
    changed = dataclasses.replace(policy, applications=apps)
    with pytest.raises(_files.GateError, match="a;b"):
        _files.wanted(changed, {})
    with pytest.raises(_files.GateError, match="a;b"):
        _files.try_out(changed)


def test_a_file_that_is_as_it_is_to_be_and_every_way_not_to_be(host, policy):
    for file in _files.wanted(policy, {}):
        assert _files.differs(file)
        _files.put(file)
        assert not _files.differs(file)
        seen = os.stat(file.path)
        assert (stat.S_IMODE(seen.st_mode), seen.st_gid) == (file.mode, host.groups[file.group])
        os.chmod(file.path, file.mode | 0o002)
        assert _files.differs(file)
        _files.put(file)
        with open(file.path, "ab") as stream:
            stream.write(b"\n")
        assert _files.differs(file)
        _files.put(file)
        assert not _files.differs(file)
        os.unlink(file.path)
        os.mkfifo(file.path)
        assert _files.differs(file)
        os.unlink(file.path)


@only_root
def test_a_file_that_another_account_has(host, policy):
    file = _files.wanted(policy, {})[0]
    _files.put(file)
    os.chown(file.path, ACCOUNT, 0)
    assert _files.differs(file)
    os.chown(file.path, 0, ACCOUNT)
    assert _files.differs(file)


@only_root
def test_a_folder_that_another_account_can_change(host, policy):
    file = by_path(policy)[_files.CONF]
    make_folder(host.root / "etc")
    os.chown(host.root / "etc", ACCOUNT, 0)
    with pytest.raises(_files.GateError, match="who would get into the gate"):
        _files.put(file)
    assert _files.there() == []


def test_a_group_that_is_not_there(host, policy):
    host.groups.pop("streamward-gate")
    with pytest.raises(_files.GateError, match="no group streamward-gate"):
        _files.put(by_path(policy)[_files.POLICY])


def test_a_disk_that_takes_nothing(host, policy, monkeypatch):
    file = by_path(policy)[_files.CONF]
    _files.put(file)

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(_files.GateError, match=r"nginx\.conf: No space left"):
        _files.put(dataclasses.replace(file, data=b"x"))
    assert not _files.differs(file)
    assert os.listdir(os.path.dirname(file.path)) == ["nginx.conf"]


def test_a_try_leaves_nothing(host, secure):
    host.tries.append(lambda folder: sorted(os.listdir(folder)))
    _files.try_out(secure)
    names = ["cache", "certificate", "key", "nginx.conf", "run"]
    assert host.tried == [names]
    assert not os.path.lexists(_files.TRIED)


def test_what_a_killed_try_left_is_in_nobodys_way(host, policy):
    os.makedirs(os.path.join(_files.TRIED, "run", "deep"))
    os.symlink("/etc", os.path.join(_files.TRIED, "link"))
    _files.try_out(policy)
    assert not os.path.lexists(_files.TRIED)
    assert os.path.isdir("/etc")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("nginx: [emerg] key values mismatch", "key values mismatch"),
        ('nginx: [emerg] unknown directive "sub_filter"', "nginx-full"),
    ],
)
def test_a_configuration_that_nginx_does_not_take(host, policy, said, words):
    host.says(said, 1)
    with pytest.raises(_files.GateError, match=f"does not take.*{words}"):
        _files.try_out(policy)
    assert not os.path.lexists(_files.TRIED)
