from __future__ import annotations

import csv
import json

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    many as _many,
    rows as _rows,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.rows import BatchError

from tests.kit.token_tasks import (
    BASE,
    Edge,
    faults,
    mint_many,
    minted,
)


def test_batch(tmp_path):
    path = tmp_path / "t.csv"
    edge = Edge({"antmedia_endpoint": {"host": "h.example"}})
    result = mint_many(
        edge,
        app="LiveApp",
        type="publish",
        streams=[
            "a",
            {"stream": "b", "type": "play", "lifetime": "none"},
            {"stream": "c", "site": 7},
        ],
        keep_columns=["site"],
        strings=["websocket"],
        dest=str(path),
    )
    assert result == {
        "realm": "stream",
        "kind": "jwt",
        "changed": True,
        "dest": str(path),
        "count": 3,
    }
    rows = list(csv.DictReader(path.open()))
    assert [row["site"] for row in rows] == ["", "", "7"]
    assert rows[1]["expires_at"] == "never"
    assert {row["websocket"] for row in rows} == {"wss://h.example:5443/LiveApp/websocket"}
    assert edge.warnings == [
        "the token never expires: it works until its secret is rotated (1 of 3 tokens)"
    ]


def test_batch_in_the_result():
    result = mint_many(app="LiveApp", type="play", streams=["a", "b"])
    assert [row["stream"] for row in result["tokens"]] == ["a", "b"]
    assert result["_ansible_no_log"] is True
    assert result["count"] == 2
    assert result["changed"] is False


def test_batch_of_a_file(tmp_path):
    source, path = tmp_path / "s.csv", tmp_path / "t.json"
    source.write_text("stream,type\na,play\nb,publish\n")
    mint_many(app="LiveApp", streams_file=str(source), dest=str(path), format="json")
    assert [row["type"] for row in json.loads(path.read_text())["tokens"]] == ["play", "publish"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"streams": [], "encrypt": True}, "encrypt: encrypts dest"),
        ({"streams": [], "streams_file": "x"}, "give one"),
        ({}, "give one"),
        ({"streams": [], "kind": "one_time"}, "set source: server"),
        ({"streams": [], "kind": "hash", "source": "server"}, "the server makes"),
        ({"streams": [], "totp_period": 0}, "totp_period"),
        ({"streams": [], "vod_file": "../x"}, "vod_file"),
        ({"streams": "a,b"}, "must be a list"),
    ],
)
def test_mixes(args, words):
    assert words in faults(mint_many, **{"app": "LiveApp", "type": "play", **args})[0]


def test_encrypted(tmp_path):
    path = tmp_path / "t.json"
    args = {"app": "LiveApp", "type": "play", "streams": ["a"], "dest": str(path), "format": "json"}
    mint_many(**args, encrypt=True)
    assert path.read_bytes().startswith(b"ops-secret None ")
    mint_many(**args, encrypt=True, vault_id="dev")
    assert path.read_bytes().startswith(b"dev-secret dev ")
    assert "has ops, dev" in faults(mint_many, **args, encrypt=True, vault_id="x")[0]
    edge = Edge()
    edge.vault.secrets = ()
    assert "no vault password" in faults(mint_many, edge, **args, encrypt=True)[0]


def test_faults_of_rows(tmp_path):
    path = tmp_path / "t.csv"
    found = faults(
        mint_many,
        app="LiveApp",
        streams=[
            "a b",
            {"stream": "x", "app": "events", "type": "play"},
            {"stream": "y", "type": "z"},
        ],
        type="play",
        dest=str(path),
    )
    assert [fault.partition(": ")[0] for fault in found] == ["row 1", "row 2", "row 3"]
    assert "no stream secret" in found[1]
    assert not path.exists()


def test_bad_dest(tmp_path):
    args = {"app": "LiveApp", "type": "play", "streams": ["a"]}
    assert "is a folder" in faults(mint_many, **args, dest=str(tmp_path))[0]
    assert "does not exist" in faults(mint_many, **args, dest=str(tmp_path / "no" / "t.csv"))[0]


def test_check_mode(tmp_path):
    path = tmp_path / "t.csv"
    edge = Edge(check_mode=True)
    result = mint_many(edge, app="LiveApp", type="play", streams=["a"], dest=str(path))
    assert (result["changed"], result["count"]) == (True, 1)
    assert not path.exists()
    assert faults(
        mint_many,
        Edge(check_mode=True),
        app="LiveApp",
        type="play",
        streams=["a b"],
        dest=str(path),
    )


def test_a_single_one_to_a_file(tmp_path):
    path = tmp_path / "t.csv"
    result = mint_many(
        app="LiveApp",
        type="publish",
        streams=["stream1"],
        dest=str(path),
        strings=["obs_server", "obs_key"],
    )
    assert "token" not in result
    assert "_ansible_no_log" not in result
    (row,) = csv.DictReader(path.open())
    assert row["obs_key"] == f"stream1?token={row['token']}"


def test_check_mode_leaves_the_server_alone(tmp_path):
    path = tmp_path / "t.csv"
    args = {"app": "LiveApp", "type": "play", "kind": "one_time", "source": "server"}
    edge = Edge(check_mode=True)
    assert mint_many(edge, **args, streams=["a", "b"]) == {
        "realm": "stream",
        "kind": "one_time",
        "changed": True,
        "count": 2,
    }
    result = mint_many(edge, **args, streams=["a", "b"], dest=str(path), strings=["hls"])
    assert (result["changed"], result["count"]) == (True, 2)
    assert edge.asked == []
    assert not path.exists()
    assert "a blank" in faults(mint_many, edge, **args, streams=["a b"])[0]


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
    monkeypatch.setattr(_many, "PROGRESS_SECONDS", 0)
    told = []
    ordered = _rows.orders(_rows.rows_of_list(["a"] * 2500), BASE)
    made = _many.mint_all(ordered, lambda order: order, told.append)
    assert len(list(made)) == 2500
    assert told == [1000, 2000]
