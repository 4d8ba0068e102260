from __future__ import annotations

import re

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)

NOW = 1_800_000_000


@pytest.mark.parametrize(("direction", "surfaces"), [("play", {"hls"}), ("publish", {"rtmp"})])
def test_tokens_of_streams(compile_, fake, direction, surfaces, claims):
    control = compile_(app_defaults={direction: "jwt"})[direction]
    assert {p.surface.name for p in control.probes if not p.surface.door} == surfaces
    (good,) = (p for p in control.probes if p.expected == LET_IN)
    stream = claims(good)["streamId"]
    assert re.fullmatch("[0-9a-f]{32}", stream)
    assert stream in (good.path or good.stream)
    assert claims(good) == {"streamId": stream, "type": direction, "exp": NOW + 60}
    by_case = {p.case: p for p in control.probes}
    assert claims(by_case["an expired token"])["exp"] < NOW
    assert claims(by_case["a token of another stream"])["streamId"] != stream
    assert claims(by_case["a token of the other direction"])["type"] != direction
    unsigned = by_case["an unsigned token"].token.text(NOW)
    assert unsigned.endswith(".") and jwt.get_unverified_header(unsigned)["alg"] == "none"
    for case, probe in by_case.items():
        if case in ("a token of a wrong key", "an unsigned token"):
            with pytest.raises(jwt.PyJWTError):
                jwt.decode(
                    probe.token.text(NOW),
                    fake.SECRETS["stream"],
                    ["HS256"],
                    options={"verify_exp": False},
                )


def test_an_open_direction_must_be_open(compile_, cases):
    controls = compile_(app_defaults={"play": "none", "publish": "none"})
    for name in ("play", "publish"):
        assert cases(controls[name]) == {"no token": LET_IN}
    assert "webrtc-play" not in controls


@pytest.mark.parametrize("kind", ["one_time", "totp"])
@pytest.mark.parametrize("direction", ["play", "publish"])
def test_nothing_is_used_up(compile_, kind, direction):
    control = compile_(app_defaults={direction: kind})[direction]
    assert {p.expected for p in control.probes} == {REFUSED}
    assert control.one_sided and "used up" in control.note
