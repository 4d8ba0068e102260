from __future__ import annotations

import os

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import rights as _rights
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import files as _files


def test_a_file(tmp_path):
    (tmp_path / "x").write_bytes(b"a\xff")
    os.utime(tmp_path / "x", (5, 5))
    files = _files.Files()
    found = files.read(str(tmp_path / "x"))
    assert (found.data, found.text, found.changed) == (b"a\xff", "a\ufffd", 5)
    assert files.read(str(tmp_path / "none")) is files.read(str(tmp_path / "x" / "y")) is None
    assert files.unread == []


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "x").mkdir()
    files = _files.Files()
    for _again in range(2):
        assert files.read(str(tmp_path / "x")) is None
    assert files.unread == [f"{tmp_path}/x: Is a directory"]
    quiet = _files.Files()
    assert (quiet.read(str(tmp_path / "x"), quiet=True), quiet.unread) == (None, [])


def test_a_folder(tmp_path):
    for name in ("a.xml", "b.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "c.xml").mkdir()
    files = _files.Files()
    names, found = files.folder(str(tmp_path), lambda name: name.endswith(".xml"))
    assert names == ["a.xml", "b.txt", "c.xml"]
    assert {name: file.text for name, file in found.items()} == {"a.xml": "a.xml"}
    assert files.unread == [f"{tmp_path}/c.xml: Is a directory"]
    assert files.folder(str(tmp_path / "none")) == ([], {})


def test_more_than_anybody_has(tmp_path):
    files = _files.Files()
    assert files.few("x", range(100)) == list(range(100)) and files.unread == []
    assert files.few("x", range(101)) == list(range(100))
    assert files.unread == ["x: names more than 100 of a kind; the others were left out"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")
def test_whose_word_it_is(base):
    (base / "x").write_text("x")
    files = _files.Files()
    assert files.read(str(base / "x")).author is None
    (base / "x").chmod(0o600)
    account = _rights.Rights(65533, 65533)
    assert files.read(str(base / "x"), account) is None
    assert files.folder(str(base), lambda _name: True, account)[1] == {}
    assert len(files.unread) == 1
