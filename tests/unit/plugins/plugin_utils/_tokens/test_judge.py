from __future__ import annotations

import json

from tests.kit.token_tasks import (
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


def test_bad_questions():
    assert faults(judge, app="LiveApp") == [
        "token: is needed to judge it",
        "stream: is empty",
        "type: '' is neither publish nor play",
    ]


def test_a_period_that_cannot_be():
    (fault,) = faults(judge, app="LiveApp", stream="s", type="play", token="123456", totp_period=0)
    assert fault.startswith("totp_period: 0 is not 1 to 86400")
