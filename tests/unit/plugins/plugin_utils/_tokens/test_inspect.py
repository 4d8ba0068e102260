from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import hashed as _hashed
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    totp as _totp,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.inspect import inspect
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import Wanted
from hypothesis import given, strategies as st

pytestmark = pytest.mark.filterwarnings("ignore:The HMAC key is")

NOW = 1_800_000_000
STREAM = "StreamStreamStreamStream0123456789"
PENDING = "PendingPendingPendingPending012345"
PREVIOUS = "PreviousPreviousPrevious0123456789"
REST = "RestRestRestRestRestRest0123456789"
MANAGEMENT = "ManagementManagement0123456789abcd"
EVENTS = "EventsEventsEventsEvents0123456789"
HASH = "HashHashHashHashHashHash0123456789"
TOTP = "TotpTotpTotpTotpTotpTotp0123456789"
SECRETS = {
    ("LiveApp", "stream"): Secrets("a variable", PENDING, STREAM, PREVIOUS),
    ("LiveApp", "rest"): Secrets("a variable", current=REST),
    ("LiveApp", "hash"): Secrets("a variable", current=HASH),
    ("LiveApp", "totp_play"): Secrets("a variable", current=TOTP),
    ("events", "stream"): Secrets("a variable", current=EVENTS),
    ("", "management"): Secrets("a variable", current=MANAGEMENT),
}
GOOD = {"streamId": "stream1", "type": "play", "exp": NOW + 600}
PLAY = Wanted("stream", "LiveApp", "stream1", "play")


def token(secret=STREAM, algorithm="HS256", **changes):
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    return jwt.encode(claims, secret, algorithm)


def judge(text, wanted=PLAY, secrets=None, now=NOW):
    return inspect(text, wanted, SECRETS if secrets is None else secrets, now)


def codes(pairs):
    return [code for code, _text in pairs]


def test_good():
    verdict = judge(token())
    assert verdict.accepted is True
    assert verdict.sentence() == "A server would accept this token."
    assert verdict.claims == GOOD
    assert verdict.expires == NOW + 600
    assert verdict.signed_by == {
        "app": "LiveApp",
        "realm": "stream",
        "version": "current",
        "fingerprint": fingerprint(STREAM),
    }


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (token(streamId="stream2"), "stream", "for stream 'stream2', not for 'stream1'"),
        (token(streamId=...), "no_stream", "not a token of a stream"),
        (token(type="publish"), "type", "'publish', not 'play'"),
        (token(type="PLAY"), "type", "looks at the case"),
        (token(type=...), "no_type", "publish or play is needed"),
        (token(exp=NOW - 720), "expired", "expired 12 minutes ago (2027-01-15T07:48:00Z)"),
        (token(nbf=NOW + 40), "future", "valid in 40 seconds only"),
        (token(iat=NOW + 40), "future", "the minter's clock is ahead"),
        (token(PREVIOUS), "previous", "signed by the previous secret"),
        (token(PENDING), "pending", "good only after the cutover"),
        (token(REST), "realm", "wrong realm: it is signed by the rest secret of app LiveApp"),
        (token(MANAGEMENT), "realm", "wrong realm: it is signed by the management secret"),
        (token(EVENTS), "app", "wrong app: it is signed by the stream secret of app events"),
        (token("x" * 40), "signature", f"current {fingerprint(STREAM)}"),
        (token(STREAM * 2, "HS512"), "algorithm", "'HS512', the server takes HS256"),
        (jwt.encode(GOOD, None, "none"), "algorithm", "'none'"),
        (token(base64.b64decode(STREAM + "==")), "base64", "took the secret for base64"),
        (
            token(base64.b64encode(STREAM.encode()).decode()),
            "base64",
            "encoded the secret as base64",
        ),
        (token(STREAM + "\n"), "blanks", "line end at its end"),
        (token(f'"{STREAM}"'), "quotes", "stands in quotes"),
        (token()[:-1] + "+", "malformed", "signature is not base64url"),
        ("nothing", "malformed", "three parts"),
        (token(exp=str(NOW)), "malformed", "exp is not a number"),
        ("Bearer " + token(), "bearer", "without Bearer"),
    ],
)
def test_refused_in_words(text, code, words):
    verdict = judge(text)
    assert verdict.accepted is False
    assert codes(verdict.reasons) == [code]
    assert words in verdict.sentence()


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (token(exp=...), "no_expiry", "never expires"),
        (token(exp=NOW * 1000), "milliseconds", "meant was perhaps 2027-01-15T08:00:00Z"),
        (token(expireDate=NOW), "expire_date", "the claim is called exp"),
        (f" {token()}\n", "blanks", "ignored here"),
    ],
)
def test_accepted_with_a_word(text, code, words):
    verdict = judge(text)
    assert verdict.accepted is True
    assert codes(verdict.warnings) == [code]
    assert words in verdict.sentence()


def test_every_reason_at_once():
    verdict = judge(token(PREVIOUS, streamId="x", type="publish", exp=NOW - 1, nbf=NOW + 9))
    assert codes(verdict.reasons) == ["previous", "expired", "future", "stream", "type"]


@pytest.mark.parametrize(
    "carrier",
    [
        "rtmp://h/LiveApp/stream1?token={0}",
        "https://h/LiveApp/play.html?id=stream1&token={0}&playOrder=hls",
        "LiveApp/stream1,token={0}",
    ],
)
def test_tokens_in_urls(carrier):
    assert judge(carrier.format(token())).accepted is True


def test_an_address_of_another_stream():
    url = f"https://h/LiveApp/streams/cam.m3u8?token={token()}"
    verdict = judge(url)
    assert (verdict.accepted, codes(verdict.warnings)) == (True, ["address"])
    assert "stream 'cam'" in verdict.sentence()
    assert codes(judge(url.replace("cam", "stream1")).warnings) == []
    url = "https://h/LiveApp/streams/cam.m3u8?token=731249876543210987654321"
    assert codes(judge(url).warnings) == ["address", "unchecked"]


def test_headers():
    rest, management = Wanted("rest", "LiveApp"), Wanted("management")
    assert judge("Authorization: " + token(REST), rest).accepted is True
    verdict = judge("Authorization: Bearer " + token(REST), rest)
    assert (verdict.accepted, codes(verdict.warnings)) == (True, ["bearer"])
    assert judge("ProxyAuthorization: " + token(MANAGEMENT), management).accepted is True
    assert codes(judge("Bearer " + token(MANAGEMENT), management).reasons) == ["bearer"]


def test_other_realms_want_no_claims():
    bare = jwt.encode({}, REST, "HS256")
    assert judge(bare, Wanted("rest", "LiveApp")).accepted is True
    assert codes(judge(bare, Wanted("management")).reasons) == ["realm"]
    assert codes(judge(bare, Wanted("rest", "events")).reasons) == ["app"]


def test_policy():
    def wanted(**changes):
        return Wanted("stream", "LiveApp", "stream1", "play", **changes)

    assert judge(token(), wanted(guard="jwt")).accepted is True
    assert codes(judge(token(), wanted(guard="one_time")).reasons) == ["kind"]
    verdict = judge(token(), wanted(guard="none"))
    assert (verdict.accepted, codes(verdict.warnings)) == (True, ["off"])
    assert codes(judge(token(), wanted(cap=60)).warnings) == ["cap"]
    assert codes(judge(token(), wanted(cap=600)).warnings) == []
    assert codes(judge(token(exp=...), wanted(cap=60)).warnings) == ["no_expiry", "cap"]
    off = Wanted("management", guard="none")
    assert codes(judge(token(MANAGEMENT), off).reasons) == ["off"]
    assert codes(judge(token(REST), Wanted("rest", "LiveApp", jwks=True)).reasons) == ["jwks"]
    assert judge(token(), wanted(jwks=True)).accepted is True


def test_short_stream_secrets():
    short = {("LiveApp", "stream"): Secrets("a variable", current="x" * 31)}
    assert codes(judge(token("x" * 31), PLAY, short).reasons) == ["short_secret"]
    rest = {("LiveApp", "rest"): Secrets("a variable", current="short")}
    assert judge(token("short"), Wanted("rest", "LiveApp"), rest).accepted is True


def test_without_secrets_only_the_rest_is_judged():
    verdict = judge(token(), secrets={})
    assert (verdict.accepted, codes(verdict.warnings)) == (None, ["unchecked"])
    assert judge(token(exp=NOW - 1), secrets={}).accepted is False


def test_hashes():
    good = _hashed.token("stream1", "play", HASH)
    verdict = judge(good)
    assert (verdict.kind, verdict.accepted) == ("hash", True)
    assert codes(judge(good.upper()).reasons) == ["case"]
    assert codes(judge(_hashed.token("stream1", "publish", HASH)).reasons) == ["type"]
    assert codes(judge(_hashed.token("stream2", "play", HASH)).reasons) == ["hash"]
    assert judge(good, secrets={}).accepted is None


def test_codes():
    wanted = Wanted("stream", "LiveApp", "stream1", "play", "sub1")
    key = _totp.shared_key(TOTP, "sub1", "stream1", "play")

    def at(moment):
        return judge(_totp.code(key, moment)[0], wanted)

    assert (at(NOW).kind, at(NOW).accepted) == ("totp", True)
    assert codes(at(NOW - 60).reasons) == ["expired"]
    assert codes(at(NOW + 60).reasons) == ["future"]
    assert codes(at(NOW - 6000).reasons) == ["code"]
    assert judge("123456", PLAY).accepted is None


def hmac_in_base64(message="stream1play1800000600"):
    return base64.b64encode(hmac.digest(HASH.encode(), message.encode(), "sha256")).decode()


def test_a_given_kind_is_the_one_it_is_judged_by():
    for text in (hmac_in_base64(), token(), "nothing"):
        verdict = judge(text, replace(PLAY, kind="hash", guard="hash"))
        assert (verdict.kind, verdict.accepted) == ("hash", False)
        assert "sha256(stream + type + secret)" in verdict.sentence()
        assert "JWT: " not in verdict.sentence()
    assert "base64 of 32 bytes" in judge(hmac_in_base64(), replace(PLAY, kind="hash")).sentence()
    assert judge(hmac_in_base64(), replace(PLAY, kind="one_time")).accepted is None
    assert judge(_hashed.token("stream1", "play", HASH), replace(PLAY, kind="jwt")).kind == "jwt"


def test_without_a_kind_the_policy_says_what_unclear_looks_mean():
    assert judge(hmac_in_base64(), replace(PLAY, guard="hash")).kind == "hash"
    assert judge("12345", replace(PLAY, guard="totp")).kind == "totp"
    assert judge("731249876543210987654321", replace(PLAY, guard="jwt")).kind == "jwt"
    assert judge(token(), replace(PLAY, guard="hash")).kind == "jwt"
    assert judge("nothing", replace(PLAY, guard="none")).kind == "jwt"


def test_right_as_another_kind():
    verdict = judge(token(), replace(PLAY, kind="hash"))
    assert codes(verdict.reasons) == ["form", "other_kind"]
    assert "where jwt tokens are asked for it would be right" in verdict.sentence()
    verdict = judge(_hashed.token("stream1", "play", HASH), replace(PLAY, kind="jwt"))
    assert codes(verdict.reasons) == ["malformed", "other_kind"]
    assert verdict.signed_by["realm"] == "hash"
    assert codes(judge(token("x" * 40), replace(PLAY, kind="totp")).reasons) == ["form"]
    assert codes(judge("0" * 64, replace(PLAY, kind="jwt"), {}).reasons) == ["malformed"]
    assert codes(judge(token(), replace(PLAY, kind="one_time")).reasons) == ["form", "other_kind"]


def test_hashes_of_other_formulas():
    def said(text, **more):
        verdict = judge(text, replace(PLAY, kind="hash", **more))
        assert verdict.accepted is False
        return codes(verdict.reasons), verdict.sentence()

    found, sentence = said(hashlib.sha256(f"{HASH}stream1play".encode()).hexdigest())
    assert (found, "it is sha256(secret + stream + type)" in sentence) == (["formula"], True)
    found, sentence = said(hmac_in_base64("stream1play"))
    assert (found, "hmac_sha256(key secret" in sentence) == (["formula"], True)
    found, sentence = said(_hashed.token("stream1", "play", STREAM))
    assert (found, "stream secret" in sentence) == (["formula"], True)
    url = f"https://h/LiveApp/streams/cam.m3u8?token={_hashed.token('cam', 'play', HASH)}"
    found, sentence = said(url)
    assert (found, "sha256('cam' + type + secret)" in sentence) == (["formula"], True)
    url = f"https://h/LiveApp/streams/x.m3u8?token={hmac_in_base64()}&expireDate=1800000600"
    assert "expireDate" in said(url.replace("+", "%2B"))[1]


def test_hashes_of_other_secrets():
    secrets = {
        ("LiveApp", "hash"): Secrets("a variable", PENDING, HASH, PREVIOUS),
        ("events", "hash"): Secrets("a variable", current=EVENTS),
    }
    for secret, code in ((PENDING, "pending"), (PREVIOUS, "previous"), (EVENTS, "app")):
        verdict = judge(_hashed.token("stream1", "play", secret), PLAY, secrets)
        assert codes(verdict.reasons) == [code]
        assert verdict.signed_by["fingerprint"] == fingerprint(secret)


def test_without_the_hash_secret_the_form_is_judged():
    kind = replace(PLAY, kind="hash")
    assert judge("0" * 64, kind, {}).accepted is None
    assert codes(judge("A" * 64, kind, {}).reasons) == ["form"]
    assert codes(judge(hmac_in_base64(), kind, {}).reasons) == ["form"]


def test_jwts_that_were_made_otherwise():
    for text, code, words in (
        (token(streamId=..., sub="stream1"), "no_stream", "'sub' says 'stream1'"),
        (token(streamId="LiveApp/stream1"), "stream", "without LiveApp/"),
        (token(type="viewer"), "type", "publish and play only"),
        (token(type=..., role="play"), "no_type", "'role' says 'play'"),
        (token(exp=3600), "expired", "is a duration"),
        (token(iat=NOW * 1000), "future", "in milliseconds"),
        (f"'{token()}'", "malformed", "in quotes"),
        (token(STREAM.upper()), "letters", "capital letters"),
    ):
        verdict = judge(text, replace(PLAY, kind="jwt"))
        assert codes(verdict.reasons) == [code]
        assert words in verdict.sentence()
    verdict = judge(token(base64.b64decode(STREAM + "=="), "HS512"))
    assert codes(verdict.reasons) == ["algorithm", "base64"]
    assert "'expires' says" in judge(token(exp=..., expires=NOW)).sentence()


ROOM = Wanted("stream", "LiveApp", "alice", "publish", room="room1")


def test_rooms():
    of_room = token(streamId="room1", type="publish")
    for type_ in ("publish", "play"):
        assert judge(of_room, replace(ROOM, type=type_)).accepted is True
    assert judge(token(streamId="room1", type="play"), replace(ROOM, type="play")).accepted is True
    for text, wanted, accepted, code in (
        (token(streamId="room1", type="play"), ROOM, False, "type"),
        (token(streamId="bob", type="publish"), ROOM, False, "room"),
        (token(streamId="alice", type="play"), ROOM, False, "room"),
        (token(streamId="alice", type="publish"), ROOM, None, "unchecked"),
        (token(streamId="alice", type="publish", roomId="room1"), ROOM, None, "unchecked"),
        (token("x" * 40, streamId="room1", type="publish"), ROOM, False, "signature"),
        (token(streamId="alice", roomId="stream1"), PLAY, None, "unchecked"),
        (_hashed.token("alice", "publish", HASH), ROOM, None, "unchecked"),
        ("731249876543210987654321", ROOM, None, "unchecked"),
    ):
        verdict = judge(text, wanted)
        assert (verdict.accepted, code) in [
            (accepted, found) for found in codes(verdict.reasons) + codes(verdict.warnings)
        ]
    verdict = judge(token(type="publish"))
    assert (codes(verdict.reasons), codes(verdict.warnings)) == (["type"], ["room"])


def test_bearer_by_version():
    whip = Wanted("stream", "LiveApp", "stream1", "publish")
    good = "Authorization: Bearer " + token(type="publish")
    for version, accepted, warned in (
        ((), True, ["bearer"]),
        ((2, 10, 1), False, []),
        ((2, 11, 0), True, []),
    ):
        verdict = judge(good, replace(whip, version=version))
        assert (verdict.accepted, codes(verdict.warnings)) == (accepted, warned)
    assert codes(judge(good, replace(PLAY, type="play")).reasons) == ["bearer", "type"]
    rest, good = Wanted("rest", "LiveApp"), "Authorization: Bearer " + token(REST)
    assert judge(good, replace(rest, version=(2, 11, 3))).accepted is False
    assert codes(judge(good, replace(rest, version=(2, 12, 0))).warnings) == []


def test_codes_of_other_formulas():
    wanted = Wanted("stream", "LiveApp", "stream1", "play", "sub1")
    key = _totp.shared_key(TOTP, "sub1", "stream1", "publish")
    verdict = judge(_totp.code(key, NOW)[0], wanted)
    assert codes(verdict.reasons) == ["formula"]
    assert "probably" in verdict.sentence()
    assert "'publish'" in verdict.sentence()
    for text, words in (("12345", "zeros"), ("12345678", "8 digits"), (token(), "a JWT")):
        verdict = judge(text, replace(wanted, kind="totp"))
        assert codes(verdict.reasons)[0] == "form"
        assert words in verdict.sentence()


def test_codes_of_a_subscriber_whom_the_server_knows():
    own = "6QSP6QHNDRYQS56ZJMVS37I6GQTJSDVC"
    key = base64.b32decode(own)
    for secret in (own, own.lower()):
        wanted = Wanted("stream", "LiveApp", "s", "play", "sub1", subscriber_secret=secret)
        assert judge(_totp.code(key, NOW)[0], wanted, {}).accepted is True
        assert codes(judge(_totp.code(key, NOW - 60)[0], wanted, {}).reasons) == ["expired"]
        assert "as text" in judge(_totp.code(own.encode(), NOW)[0], wanted, {}).sentence()
        assert secret not in repr(wanted)


def test_one_time_tokens_are_the_servers():
    verdict = judge("731249876543210987654321")
    assert (verdict.kind, verdict.accepted) == ("one_time", None)
    assert "Only the server can tell" in verdict.sentence()


@given(
    st.text(max_size=80),
    st.sampled_from(
        [PLAY, ROOM, Wanted("rest", "LiveApp"), Wanted("management")]
        + [replace(PLAY, kind=kind, subscriber="sub1") for kind in ("jwt", "hash", "totp")]
    ),
)
def test_no_text_breaks_it_or_gets_in(text, wanted):
    verdict = judge(text, wanted)
    assert verdict.accepted is not True
    assert verdict.sentence()


def test_no_secret_in_a_verdict():
    for text in (
        *(token(), token(PREVIOUS), token("x" * 40), token(REST), token(STREAM + " ")),
        *(_hashed.token("stream1", "play", TOTP), _hashed.token("STREAM1", "play", HASH)),
    ):
        shown = repr(judge(text))
        for held in SECRETS.values():
            for secret in (held.pending, held.current, held.previous):
                assert not secret or secret not in shown
