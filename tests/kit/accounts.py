"""A real second account on this machine, and what it lays out in its folders."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

import pytest

ACCOUNT = 12345
OTHER = 23456

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can have other accounts")


@contextlib.contextmanager
def open_folder():
    """A folder that every account can enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def make_folder(path, uid=0, mode=0o755):
    path.mkdir()
    os.chown(path, uid, uid)
    path.chmod(mode)
    return path


def make_file(path, data=b"x", uid=0, mode=0o600):
    path.write_bytes(data)
    os.chown(path, uid, uid)
    path.chmod(mode)
    return path


def make_link(path, target, uid=0):
    path.symlink_to(target)
    os.lchown(path, uid, uid)
    return path


def make_pipe(path, uid=0):
    os.mkfifo(path, 0o666)
    os.chown(path, uid, uid)
    return path


def give(folder, uid=ACCOUNT):
    """Give a tree to the account."""
    for path in (folder, *folder.rglob("*")):
        os.lchown(path, uid, uid)


class Exchange:
    """Does something once, as root, before the n-th of the system calls from here on.

    :arg calls: names of :mod:`os`, those that count.
    """

    def __init__(self, monkeypatch, step, deed, calls):
        self.count, self.done = 0, False
        for name in calls:
            monkeypatch.setattr(os, name, self._wrap(getattr(os, name), step, deed))

    def _wrap(self, real, step, deed):
        def call(*arguments, **options):
            self.count += 1
            if self.count == step:
                self.done = True
                account = os.geteuid()
                os.seteuid(0)
                try:
                    deed()
                finally:
                    os.seteuid(account)
            return real(*arguments, **options)

        return call


def snapshot(folder):
    """Everything below a folder: kind, mode, owner, attributes and content of each entry."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            content, attributes = os.readlink(path), ()
        else:
            content = path.read_bytes() if path.is_file() else None
            attributes = tuple((n, os.getxattr(path, n)) for n in sorted(os.listxattr(path)))
        found[str(path.relative_to(folder))] = (
            oct(status.st_mode),
            status.st_uid,
            status.st_gid,
            attributes,
            content,
        )
    return found
