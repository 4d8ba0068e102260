"""Files of root's own: had, compared, gone."""

from __future__ import annotations

import os
import stat
import sys

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import own as _own

from tests.kit.accounts import ACCOUNT, only_root, open_folder


@pytest.fixture
def path():
    with open_folder() as folder:
        yield str(folder / "new" / "deep" / "file")


def test_a_file_comes_and_goes(path):
    assert _own.read(path) is None
    for data in (b"one", b"two"):
        _own.write(path, data, 0o640)
        assert _own.read(path) == data
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
        assert os.listdir(os.path.dirname(path)) == ["file"]
    _own.write(path, None, 0)
    _own.write(path, None, 0)
    assert _own.read(path) is None


@only_root
def test_a_file_of_a_group(path):
    _own.write(path, b"x", 0o640, ACCOUNT)
    seen = os.stat(path)
    assert (seen.st_uid, seen.st_gid) == (0, ACCOUNT)


def test_whether_nobody_else_can_write_it(path):
    _own.write(path, b"x", 0o644)
    assert _own.safe(path)
    os.chmod(path, 0o664)
    assert not _own.safe(path)
    os.unlink(path)
    assert not _own.safe(path)
    os.mkdir(path)
    assert not _own.safe(path)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("/usr/local/antmedia", "/usr/local/antmedia"),
        ("/srv/a b", '"/srv/a b"'),
        ('/a"b', '"/a\\"b"'),
        ("/a\\b", '"/a\\\\b"'),
        ("/a%b$c", '"/a%%b$$c"'),
    ],
)
def test_words_of_a_unit(text, word):
    assert _own.quoted(text) == word


def test_a_python_that_runs_programs(monkeypatch):
    monkeypatch.setattr(_own, "PYTHONS", ("/nowhere", "/bin/false", sys.executable))
    assert _own.python() in (sys.executable, None)
    monkeypatch.setattr(_own, "OLDEST_PYTHON", (99, 0))
    assert _own.python() is None


@only_root
def test_a_python_that_somebody_could_exchange(monkeypatch, path):
    os.makedirs(os.path.dirname(path))
    os.symlink(os.path.realpath("/usr/bin/python3"), path)
    monkeypatch.setattr(_own, "PYTHONS", (path,))
    assert _own.python() == path
    os.chown(os.path.dirname(path), ACCOUNT, 0)
    assert _own.python() is None
