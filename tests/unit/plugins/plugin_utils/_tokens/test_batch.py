from __future__ import annotations

import csv
import json
import os
import stat
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import batch as _batch
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.batch import BatchError
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.mint import Mint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Order,
    TokenError,
)

from tests.kit.accounts import ACCOUNT as THEM, only_root as second_account

SECRET = "k9_-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
BASE = Order(app="LiveApp", type="play", lifetime="1h")


def rows(path, text, keep=()):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(_batch.rows_of_file(str(path), keep))


def minted(streams, keep=()):
    mint = Mint(1_800_000_000)
    ordered = _batch.orders(_batch.rows_of_list(streams), BASE, keep)
    return _batch.mint_all(ordered, lambda order: mint.mint(order, SECRET))


def test_lists():
    assert list(_batch.rows_of_list(["a", {"stream": "b", "type": None}, 7])) == [
        ("row 1", {"stream": "a"}),
        ("row 2", {"stream": "b", "type": ""}),
        ("row 3", {"stream": "7"}),
    ]


def test_csv(tmp_path):
    want = [
        ("line 2", {"stream": "a", "type": "play"}),
        ("line 4", {"stream": "b", "type": ""}),
    ]
    for text in (
        "stream,type\na,play\n\nb,\n",
        "stream;type\r\na;play\r\n\r\nb;\r\n",
        "stream\ttype\na\tplay\n\nb\t",
        b"\xef\xbb\xbfstream,type\na, play\n\nb,\n",
        'stream,type\n"a","play"\n\n"b",""\n',
    ):
        assert rows(tmp_path / "s.csv", text) == want


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must name the columns"),
        ("a\nb\n", "'a' is not known"),
        ("stream,strm\n", "'strm' is not known"),
        ("stream,stream\n", "twice"),
        ("type\n", "one of them stream"),
        (b"stream\n\xff\n", "is not UTF-8"),
    ],
)
def test_bad_csv(tmp_path, text, words):
    with pytest.raises(BatchError) as caught:
        rows(tmp_path / "s.csv", text)
    assert words in str(caught.value)


def test_rows_of_a_wrong_width(tmp_path):
    read = rows(tmp_path / "s.csv", "stream,type\na\nb,play,x\n")
    faults = [order for _name, order, _kept in _batch.orders(read, BASE)]
    assert faults == [["has 1 cells, the header has 2"], ["has 3 cells, the header has 2"]]


def test_yaml_and_json(tmp_path):
    want = [("row 1", {"stream": "a"}), ("row 2", {"stream": "b", "lifetime": "2h"})]
    assert rows(tmp_path / "s.yml", "- a\n- {stream: b, lifetime: 2h}\n") == want
    assert rows(tmp_path / "s.yaml", "streams:\n- a\n- {stream: b, lifetime: 2h}\n") == want
    assert rows(tmp_path / "s.json", '["a", {"stream": "b", "lifetime": "2h"}]') == want
    for text, words in (
        ("a: 1", "neither a list"),
        ("a: [", "is not YAML"),
        ("3", "neither a list"),
    ):
        with pytest.raises(BatchError) as caught:
            rows(tmp_path / "s.yml", text)
        assert words in str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(BatchError, match="No such file"):
        list(_batch.rows_of_file(str(tmp_path / "none.csv")))


def test_orders():
    read = [
        ("row 1", {"stream": "a"}),
        (
            "row 2",
            {"stream": "b", "type": "publish", "app": "x", "lifetime": "2h", "site": "north"},
        ),
    ]
    (first, second) = _batch.orders(read, BASE, ["site"])
    assert first == ("row 1", Order(app="LiveApp", stream="a", type="play", lifetime="1h"), [""])
    assert second[1:] == (Order(app="x", stream="b", type="publish", lifetime="2h"), ["north"])


def test_one_error_has_all_rows():
    streams = ["good", "b d", {"stream": "c", "type": "x"}, {"strm": "d"}, "good2"]
    with pytest.raises(BatchError) as caught:
        list(minted(streams))
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["row 2", "row 3", "row 4"]


def test_not_every_one_of_a_thousand_faults():
    with pytest.raises(BatchError) as caught:
        list(minted(["a b"] * 1000))
    assert len(caught.value.faults) == 21
    assert caught.value.faults[-1] == "and 980 more"


def test_progress(monkeypatch):
    monkeypatch.setattr(_batch, "PROGRESS_SECONDS", 0)
    told = []
    ordered = _batch.orders(_batch.rows_of_list(["a"] * 2500), BASE)
    made = _batch.mint_all(ordered, lambda order: order, told.append)
    assert len(list(made)) == 2500
    assert told == [1000, 2000]


def write(path, streams=("a", "b"), form="csv", encrypt=None, keep=()):
    names = _batch.columns(BASE, (), keep)
    values = (_batch.values(names, token, {}, kept) for token, kept in minted(list(streams), keep))
    return _batch.write(str(path), values, names, form, encrypt)


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
    assert "room" in _batch.columns(room)
    assert "subscriber" in _batch.columns(code)
    names = _batch.columns(BASE, ("rtmp", "hls"), ["site"])
    assert names[3:4] + names[-3:] == ["site", "token", "rtmp", "hls"]


# --- in folders where others may write ---


@pytest.mark.parametrize("deep", [1, 900])
@pytest.mark.parametrize("key", ["", "stream"])
def test_a_row_that_is_no_text_is_a_fault_of_its_own(deep, key):
    item = "a"
    for _level in range(deep):
        item = [item] * 2  # as the aliases of YAML make them, of 2 ** 900 texts
    rows = _batch.rows_of_list([{key: item} if key else item, "b"])
    (first, fault, _kept), (_second, order, _kept) = _batch.orders(rows, BASE)
    assert (first, fault) == ("row 1", ["stream is a list or a mapping, not a text"])
    assert order.stream == "b"


def told(path):
    with pytest.raises(BatchError) as caught:
        list(_batch.rows_of_file(str(path)))
    (fault,) = caught.value.faults
    return fault


@pytest.mark.parametrize("name", ["rows.csv", "rows.json"])
@pytest.mark.parametrize("kind", ["FIFO", "device", "folder"])
def test_rows_are_read_from_a_regular_file(tmp_path, name, kind):
    path = tmp_path / name
    if kind == "FIFO":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    began = time.monotonic()
    assert told(path) == f"streams_file: {path}: it is a {kind}, not a regular file"
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "name, most", [("rows.csv", _batch.MOST_CSV), ("rows.yml", _batch.MOST_YAML)]
)
def test_a_file_of_rows_has_bounds(tmp_path, name, most):
    with open(tmp_path / name, "wb") as file:
        file.truncate(most + 1)
    assert f"{most + 1:,} bytes, more than the {most:,} that are read" in told(tmp_path / name)


@pytest.mark.parametrize(
    "name, text, said",
    [
        ("rows.csv", "stream\n" + "a" * 200_000, "is no CSV file: field larger than"),
        ("rows.csv", "s" * 1_000_000, "must name the columns"),
        ("rows.yml", "[" * 3000 + "]" * 3000, "rows.yml"),
    ],
)
def test_content_that_is_not_meant_for_reading(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(BatchError) as caught:
        list(_batch.rows_of_file(str(tmp_path / name)))
    assert said in caught.value.faults[-1]


@second_account
def test_rows_are_not_read_and_tokens_not_written_by_anothers_link(tmp_path):
    (tmp_path / "victim.csv").write_text("stream\na\n")
    (tmp_path / "link.csv").symlink_to("victim.csv")
    os.lchown(tmp_path / "link.csv", THEM, THEM)
    assert f"is a symbolic link that uid {THEM} made" in told(tmp_path / "link.csv")
    with pytest.raises(OSError, match=f"is a symbolic link that uid {THEM} made"):
        _batch.write(str(tmp_path / "link.csv"), [], ["token"], "csv")
    assert (tmp_path / "victim.csv").read_text() == "stream\na\n"


def test_tokens_are_not_written_where_everybody_may_write(tmp_path):
    tmp_path.chmod(0o777)
    with pytest.raises(OSError, match=r"everybody may write to the folder .*: chmod o-w"):
        _batch.write(str(tmp_path / "tokens.csv"), [], ["token"], "csv")
    assert list(tmp_path.iterdir()) == []


@second_account
def test_tokens_do_not_become_the_property_of_who_put_a_file_there(tmp_path):
    path = tmp_path / "tokens.csv"
    path.touch()
    os.chown(path, THEM, THEM)
    _batch.write(str(path), [], ["token"], "csv")
    assert path.stat().st_uid == 0 and stat.S_IMODE(path.stat().st_mode) == 0o600
