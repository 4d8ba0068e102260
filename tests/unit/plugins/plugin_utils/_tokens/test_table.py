from __future__ import annotations

import csv
import json
import os
import stat

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import table as _table
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Order,
    TokenError,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.rows import BatchError

from tests.kit.accounts import ACCOUNT as THEM, only_root as second_account
from tests.kit.token_tasks import BASE, minted


def write(path, streams=("a", "b"), form="csv", encrypt=None, keep=()):
    names = _table.columns(BASE, (), keep)
    values = (_table.values(names, token, {}, kept) for token, kept in minted(list(streams), keep))
    return _table.write(str(path), values, names, form, encrypt)


def test_csv_out(tmp_path):
    path = tmp_path / "t.csv"
    assert write(path) == 2
    read = list(csv.DictReader(path.open()))
    assert [row["stream"] for row in read] == ["a", "b"]
    assert list(read[0]) == ["app", "stream", "type", "expires_at", "expires", "token"]
    assert read[0]["token"].count(".") == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_json_out(tmp_path):
    path = tmp_path / "t.json"
    streams = [{"stream": "a", "site": "Žďár"}]
    write(path, streams, "json", keep=["site"])
    (row,) = json.loads(path.read_text())["tokens"]
    assert (row["stream"], row["site"], row["expires"]) == ("a", "Žďár", 1_800_003_600)
    write(path, [], "json")
    assert json.loads(path.read_text()) == {"tokens": []}


def test_encrypted_out(tmp_path):
    path = tmp_path / "t.json"
    write(path, form="json", encrypt=lambda data: data[::-1])
    assert len(json.loads(path.read_bytes()[::-1])["tokens"]) == 2


def test_nothing_is_replaced_by_a_failure(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("old")
    with pytest.raises(BatchError):
        write(path, ["a", "b d"])
    with pytest.raises(TokenError):
        write(path, encrypt=_fail)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["t.csv"]


def _fail(_data):
    raise TokenError(["no"])


def test_an_old_file_is_replaced_and_narrowed(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("old")
    path.chmod(0o644)
    write(path)
    assert "LiveApp" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "t.csv"
    link.symlink_to(tmp_path / "real" / "t.csv")
    write(link)
    assert link.is_symlink()
    assert "LiveApp" in (tmp_path / "real" / "t.csv").read_text()


def test_columns():
    room = Order(app="a", room="r")
    code = Order(app="a", kind="totp", subscriber="sub1")
    assert "room" in _table.columns(room)
    assert "subscriber" in _table.columns(code)
    names = _table.columns(BASE, ("rtmp", "hls"), ["site"])
    assert names[3:4] + names[-3:] == ["site", "token", "rtmp", "hls"]


def test_tokens_are_not_written_where_everybody_may_write(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(OSError, match=r"everybody may write to the folder .*: chmod o-w"):
        _table.write(str(tmp_path / "tokens.csv"), [], ["token"], "csv")
    assert list(tmp_path.iterdir()) == []


@second_account
def test_tokens_do_not_become_the_property_of_who_put_a_file_there(tmp_path):
    path = tmp_path / "tokens.csv"
    path.touch()
    os.chown(path, THEM, THEM)
    _table.write(str(path), [], ["token"], "csv")
    assert path.stat().st_uid == 0 and stat.S_IMODE(path.stat().st_mode) == 0o600


@second_account
def test_tokens_are_not_written_by_anothers_link(tmp_path):
    (tmp_path / "victim.csv").write_text("stream\na\n")
    (tmp_path / "link.csv").symlink_to("victim.csv")
    os.lchown(tmp_path / "link.csv", THEM, THEM)
    with pytest.raises(OSError, match=f"is a symbolic link that uid {THEM} made"):
        _table.write(str(tmp_path / "link.csv"), [], ["token"], "csv")
    assert (tmp_path / "victim.csv").read_text() == "stream\na\n"
