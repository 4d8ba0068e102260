from __future__ import annotations

import os
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import rows as _rows
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.rows import BatchError

from tests.kit.accounts import ACCOUNT as THEM, only_root as second_account
from tests.kit.token_tasks import BASE


def rows(path, text, keep=()):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(_rows.rows_of_file(str(path), keep))


def test_lists():
    assert list(_rows.rows_of_list(["a", {"stream": "b", "type": None}, 7])) == [
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
    faults = [order for _name, order, _kept in _rows.orders(read, BASE)]
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
        list(_rows.rows_of_file(str(tmp_path / "none.csv")))


def test_orders():
    read = [
        ("row 1", {"stream": "a"}),
        (
            "row 2",
            {"stream": "b", "type": "publish", "app": "x", "lifetime": "2h", "site": "north"},
        ),
    ]
    (first, second) = _rows.orders(read, BASE, ["site"])
    assert first == ("row 1", Order(app="LiveApp", stream="a", type="play", lifetime="1h"), [""])
    assert second[1:] == (Order(app="x", stream="b", type="publish", lifetime="2h"), ["north"])


@pytest.mark.parametrize("deep", [1, 900])
@pytest.mark.parametrize("key", ["", "stream"])
def test_a_row_that_is_no_text_is_a_fault_of_its_own(deep, key):
    item = "a"
    for _level in range(deep):
        item = [item] * 2  # as the aliases of YAML make them, of 2 ** 900 texts
    rows = _rows.rows_of_list([{key: item} if key else item, "b"])
    (first, fault, _kept), (_second, order, _kept) = _rows.orders(rows, BASE)
    assert (first, fault) == ("row 1", ["stream is a list or a mapping, not a text"])
    assert order.stream == "b"


def told(path):
    with pytest.raises(BatchError) as caught:
        list(_rows.rows_of_file(str(path)))
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
    "name, most", [("rows.csv", _rows.MOST_CSV), ("rows.yml", _rows.MOST_YAML)]
)
def test_a_file_of_rows_has_bounds(tmp_path, name, most):
    with open(tmp_path / name, "wb") as file:
        file.truncate(most + 1)
    assert f"{most + 1:,} bytes, more than the {most:,} that are read" in told(tmp_path / name)


@pytest.mark.parametrize(
    "name, text, said",
    [
        ("rows.csv", "stream\n" + "a" * 200_000, "is not a CSV file: field larger than"),
        ("rows.csv", "s" * 1_000_000, "must name the columns"),
        ("rows.yml", "[" * 3000 + "]" * 3000, "rows.yml"),
    ],
)
def test_content_that_is_not_meant_for_reading(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(BatchError) as caught:
        list(_rows.rows_of_file(str(tmp_path / name)))
    assert said in caught.value.faults[-1]


@second_account
def test_rows_are_not_read_by_anothers_link(tmp_path):
    (tmp_path / "victim.csv").write_text("stream\na\n")
    (tmp_path / "link.csv").symlink_to("victim.csv")
    os.lchown(tmp_path / "link.csv", THEM, THEM)
    assert f"is a symbolic link that uid {THEM} made" in told(tmp_path / "link.csv")
