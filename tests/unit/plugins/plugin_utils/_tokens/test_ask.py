from __future__ import annotations

import json

import jwt

from tests.kit.token_tasks import (
    NOW,
    REST,
    Edge,
    faults,
    mint_many,
    mint_one,
    stream,
)


def test_asking_the_server():
    edge = Edge(answers=[{"status": 200, "content": '{"tokenId":"a.b.c"}'}])
    result = stream(edge, source="server", endpoint={"host": "h.example", "http_port": 6080})
    assert result["token"] == "a.b.c"
    assert result["strings"]["rtmp"] == "rtmp://h.example/LiveApp/stream1?token=a.b.c"
    ((module, arguments),) = edge.asked
    assert module == "ansible.builtin.uri"
    assert arguments["url"] == (
        "http://127.0.0.1:6080/LiveApp/rest/v2/broadcasts/stream1/jwt-token"
        f"?expireDate={NOW + 3600}&type=publish"
    )
    claims = jwt.decode(arguments["headers"]["Authorization"], REST, ["HS256"])
    assert list(claims) == ["exp"]


def test_one_time():
    edge = Edge(answers=[{"status": 200, "content": '{"tokenId":"731249"}'}])
    result = stream(edge, kind="one_time", source="server")
    assert (result["changed"], result["token"]) == (True, "731249")


def test_what_the_server_refuses():
    answer = {
        "status": 400,
        "failed": True,
        "content": '{"message":"It may be a mock token service"}',
    }
    args = {"app": "LiveApp", "stream": "s", "type": "play", "kind": "one_time", "source": "server"}
    assert "Community edition" in faults(mint_one, Edge(answers=[answer]), **args)[0]
    down = {"status": -1, "failed": True, "msg": "Connection refused"}
    assert "Connection refused" in faults(mint_one, Edge(answers=[down]), **args)[0]
    assert "without an end" in faults(mint_one, Edge(), **args, lifetime="none")[0]


def test_batch_from_the_server():
    answers = [{"status": 200, "content": json.dumps({"tokenId": f"t{n}"})} for n in range(2)]
    result = mint_many(
        Edge(answers=answers), app="LiveApp", type="play", source="server", streams=["a", "b"]
    )
    assert [row["token"] for row in result["tokens"]] == ["t0", "t1"]
