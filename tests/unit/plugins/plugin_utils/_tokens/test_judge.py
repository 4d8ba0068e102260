from __future__ import annotations

import hashlib
import json

from tests.kit.token_tasks import (
    HASH,
    REST,
    Edge,
    faults,
    judge,
    slurped,
    stream,
)


def test_verified():
    token = stream()["token"]
    result = stream(run=judge, token=token)
    assert (result["accepted"], result["reasons"], result["notes"]) == (True, [], [])
    assert result["signed_by"]["version"] == "current"
    result = stream(run=judge, token=token, type="play")
    assert result["accepted"] is False
    assert result["reasons"] == [{"code": "type", "text": "its type is 'publish', not 'play'"}]
    assert token not in json.dumps(result)


def test_verified_with_a_given_secret():
    token = stream()["token"]
    result = stream(run=judge, token=token, secret=REST)
    assert [reason["code"] for reason in result["reasons"]] == ["signature"]


def test_verified_with_the_hosts_secret():
    token = stream()["token"]
    app = slurped(**{"webapps/LiveApp/WEB-INF/red5-web.properties": f"jwtStreamSecretKey={REST}\n"})
    result = stream(Edge(answers=[app]), run=judge, token=token, read_host=["secret"])
    assert result["accepted"] is False


def test_by_a_given_kind():
    made = hashlib.sha256(f"{HASH}stream1publish".encode()).hexdigest()
    for kind in ("hash", None):
        result = stream(run=judge, token=made, kind=kind)
        assert (result["kind"], result["accepted"]) == ("hash", False)
        assert "sha256(secret + stream + type)" in result["verdict"]
    result = stream(run=judge, token=made, kind="jwt")
    assert [reason["code"] for reason in result["reasons"]] == ["malformed"]


def test_a_given_secret_is_of_the_kind_that_the_token_looks_like():
    made = stream(kind="hash")["token"]
    assert stream(run=judge, token=made, secret=HASH)["accepted"] is True
    assert stream(run=judge, token=made, secret=REST)["accepted"] is False
    app = slurped(**{"webapps/LiveApp/WEB-INF/red5-web.properties": f"tokenHashSecret={HASH}\n"})
    result = stream(Edge(answers=[app]), run=judge, token=made, read_host=["secret"])
    assert result["accepted"] is True


def test_for_a_room():
    made = stream(stream="room1")["token"]
    for args in ({"stream": "alice"}, {"stream": "alice", "type": "play"}, {"stream": ""}):
        result = stream(run=judge, token=made, room="room1", **args)
        assert result["accepted"] is True
    result = stream(run=judge, token=stream(room="room1")["token"], room="room1")
    assert result["accepted"] is None
    assert "whether that opens room 'room1' the vendor does not say" in result["verdict"]


def test_codes_of_a_subscribers_own_secret():
    own = "6qsp6qhndryqs56zjmvs37i6gqtjsdvc"
    args = {"kind": "totp", "subscriber": "sub1", "subscriber_secret": own}
    made = stream(**args)["token"]
    assert stream(run=judge, token=made, **args)["accepted"] is True
    assert made == stream(**{**args, "subscriber_secret": own.upper()})["token"]
    args = {**args, "app": "LiveApp", "stream": "s", "type": "play", "subscriber_secret": "short"}
    (fault,) = faults(judge, token=made, **args)
    assert fault.startswith("subscriber_secret: the subscriber's secret is not base32")


def test_bearer_of_whip():
    made = "Authorization: Bearer " + stream()["token"]
    assert stream(run=judge, token=made, version="2.10.1")["accepted"] is False
    assert stream(run=judge, token=made, version="2.17.1")["accepted"] is True


def test_bad_questions():
    assert faults(judge, app="LiveApp") == [
        "token: is needed to judge it",
        "stream: is empty",
        "type: '' is neither publish nor play",
    ]


def test_a_period_that_cannot_be():
    (fault,) = faults(judge, app="LiveApp", stream="s", type="play", token="123456", totp_period=0)
    assert fault.startswith("totp_period: 0 is not 1 to 86400")
