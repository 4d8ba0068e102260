"""The gate lets in exactly the tokens that the collection's own judge finds good."""

from __future__ import annotations

import base64
import hmac
import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    policy as _policy,
    token as _token,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import cases as _cases
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import kinds as _kinds
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import (
    Case,
    Wanted,
)
from hypothesis import example, given, settings, strategies as st

from .conftest import NOW, PREVIOUS, SECRET

GOOD = {"streamId": "s1", "type": "play", "exp": NOW + 60}
HEAD = {"alg": "HS256", "typ": "JWT"}


def b64(data):
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def made(header=HEAD, claims=GOOD, secret=SECRET, digest="sha256"):
    """A token of any header and payload, texts or values."""
    parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, claims)]
    signed = ".".join(map(b64, parts))
    key = secret.encode("utf-8") if isinstance(secret, str) else secret
    return f"{signed}.{b64(hmac.new(key, signed.encode(), digest).digest())}"


def claims(**changes):
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}


def gate(text, secrets=(SECRET,), stream="s1", direction="play", now=NOW):
    held = tuple(map(_policy.Secret, secrets))
    return _token.check(text, held, stream, direction, now)


def judge(text, secret=SECRET, stream="s1", direction="play", now=NOW):
    """Whether a server would let it in, by the module token_info."""
    wanted = Wanted("stream", "LiveApp", stream, direction)
    case = Case(wanted, {("LiveApp", "stream"): Secrets("test", current=secret)}, now)
    _kinds.of("jwt").judge(case, text)
    return case.verdict.accepted is True


# What everybody who checks tokens has to see, and what the gate says to it.
VECTORS = {
    "good": (made(), None),
    "no exp": (made(claims=claims(exp=...)), None),
    "exp null": (made(claims=claims(exp=None)), None),
    "exp in a second": (made(claims=claims(exp=NOW + 1)), None),
    "exp as a float": (made(claims=claims(exp=NOW + 60.75)), None),
    "exp as an exponent": (made(claims='{"streamId":"s1","type":"play","exp":2e9}'), None),
    "exp in milliseconds": (made(claims=claims(exp=(NOW + 60) * 1000)), None),
    "exp twice": (made(claims='{"exp":1,"streamId":"s1","type":"play","exp":9999999999}'), None),
    "other typ": (made({"alg": "HS256", "typ": "x"}), None),
    "kid": (made({**HEAD, "kid": "../../etc/passwd", "jku": "http://x", "crit": ["exp"]}), None),
    "blanks": (made('\n{ "alg" : "HS256" } ', json.dumps(GOOD, indent=2)), None),
    "more behind": (made(claims=json.dumps(GOOD) + " {}"), None),
    "more claims": (made(claims=claims(sub="x", n={"a": [1]}, iat=NOW, nbf=NOW - 1)), None),
    "padding": (made().replace(".", ".", 1) + "=", None),
    "padded header": (made('{"alg":"HS256"}'), None),
    "spare bits": (made()[:-1] + chr(ord(made()[-1]) + 1), None),
    "none": (None, "no token"),
    "empty": ("", "no token"),
    "several": (_token.SEVERAL, "several tokens"),
    "garbage": ("stream1", "not a token"),
    "two parts": (made().rpartition(".")[0], "not a token"),
    "four parts": (made() + ".x", "not a token"),
    "a part between": (".x.".join(made().rsplit(".", 1)), "not a token"),
    "dots": ("..", "not a token"),
    "blank before": (" " + made(), "not a token"),
    "line end": (made() + "\n", "not a token"),
    "Bearer": ("Bearer " + made(), "not a token"),
    "padding too long": (made() + "==", "not a token"),
    "cut": (made()[:-2], "not a token"),
    "shorter": (made()[:-8], "wrong signature"),
    "longer": (made() + "AAAA", "wrong signature"),
    "no signature": (made().rpartition(".")[0] + ".", "wrong signature"),
    "standard alphabet": (made().rpartition(".")[0] + ".++//" + made()[-39:], "not a token"),
    "an emoji": (made() + "\U0001f40e", "not a token"),
    "a surrogate": ("\ud800." + made().partition(".")[2], "not a token"),
    "header is a list": (made("[]"), "not a token"),
    "header is none": (made("{"), "not a token"),
    "header is deep": (made("[" * 2000), "not a token"),
    "payload is a list": (made(claims="[]"), "not a token"),
    "payload is none": (made(claims=""), "not a token"),
    "payload has NaN": (made(claims='{"streamId":"s1","type":"play","x":NaN}'), "not a token"),
    "exp is NaN": (made(claims='{"streamId":"s1","type":"play","exp":NaN}'), "not a token"),
    "exp too large": (made(claims=claims(exp=10**30)), "a time that is none"),
    "exp 2**63": (made(claims=claims(exp=2**63)), "a time that is none"),
    "exp infinite": (made(claims='{"streamId":"s1","type":"play","exp":1e999}'),
                     "a time that is none"),
    "exp as a text": (made(claims=claims(exp=str(NOW + 60))), "a time that is none"),
    "exp true": (made(claims=claims(exp=True)), "a time that is none"),
    "exp list": (made(claims=claims(exp=[NOW + 60])), "a time that is none"),
    "iat as a text": (made(claims=claims(iat="now")), "a time that is none"),
    "nbf false": (made(claims=claims(nbf=False)), "a time that is none"),
    "expired": (made(claims=claims(exp=NOW - 1)), "expired"),
    "expired in 1970": (made(claims=claims(exp=0)), "expired"),
    "negative exp": (made(claims=claims(exp=-1)), "expired"),
    "exp as a past float": (made(claims=claims(exp=NOW - 0.5)), "expired"),
    "iat in the future": (made(claims=claims(iat=NOW + 1)), "not valid yet"),
    "nbf in the future": (made(claims=claims(nbf=NOW + 1.5)), "not valid yet"),
    "wrong secret": (made(secret=PREVIOUS), "wrong signature"),
    "empty secret": (made(secret=""), "wrong signature"),
    "secret and a line end": (made(secret=SECRET + "\n"), "wrong signature"),
    "HS512 inside": (made(digest="sha512"), "wrong signature"),
    "alg none": (made({"alg": "none"}), "wrong algorithm"),
    "alg None": (made({"alg": "None"}), "wrong algorithm"),
    "alg absent": (made({"typ": "JWT"}), "wrong algorithm"),
    "alg null": (made({"alg": None}), "wrong algorithm"),
    "alg small": (made({"alg": "hs256"}), "wrong algorithm"),
    "alg list": (made({"alg": ["HS256"]}), "wrong algorithm"),
    "alg HS384": (made({"alg": "HS384"}, digest="sha384"), "wrong algorithm"),
    "alg RS256": (made({"alg": "RS256"}), "wrong algorithm"),
    "alg twice, none last": (made('{"alg":"HS256","alg":"none"}'), "wrong algorithm"),
    "alg twice, HS256 last": (made('{"alg":"none","alg":"HS256"}'), None),
    "unsigned": (made({"alg": "none"}).rpartition(".")[0] + ".", "wrong algorithm"),
    "other stream": (made(claims=claims(streamId="s2")), "wrong stream"),
    "stream in capitals": (made(claims=claims(streamId="S1")), "wrong stream"),
    "a prefix": (made(claims=claims(streamId="s")), "wrong stream"),
    "a wildcard": (made(claims=claims(streamId="*")), "wrong stream"),
    "stream as a list": (made(claims=claims(streamId=["s1"])), "wrong stream"),
    "no stream": (made(claims=claims(streamId=...)), "wrong stream"),
    "a room": (made(claims=claims(streamId="s2", roomId="s1")), "wrong stream"),
    "publish": (made(claims=claims(type="publish")), "wrong direction"),
    "type in capitals": (made(claims=claims(type="PLAY")), "wrong direction"),
    "no type": (made(claims=claims(type=...)), "wrong direction"),
    "both types": (made(claims=claims(type=["play", "publish"])), "wrong direction"),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_what_is_said_to_a_token(name):
    text, reason = VECTORS[name]
    assert gate(text) == reason
    assert judge(text or "") is (reason is None)


def test_the_second_in_which_it_expires():
    text = made(claims=claims(exp=NOW))
    assert gate(text) == "expired"
    assert not judge(text)
    assert gate(text, now=NOW - 0.001) is None
    assert judge(text, now=NOW - 1)


def test_a_token_longer_than_any_request():
    text = made(claims=claims(x="x" * 8000))
    assert gate(text) == "not a token"
    assert judge(text)


def test_a_text_of_dots_and_brackets_is_soon_refused():
    for text in ("." * 10**6, "a" * 10**6, "e30.e30." + "A" * 10**6, b64("[" * 5000) + ".e30.AA"):
        assert gate(text) == "not a token"


def test_each_secret_that_counts():
    assert gate(made(), (PREVIOUS, SECRET)) is None
    assert gate(made(), (SECRET, PREVIOUS)) is None
    assert gate(made(secret=PREVIOUS), (SECRET, PREVIOUS)) is None
    assert gate(made(secret=PREVIOUS), (SECRET,)) == "wrong signature"
    assert gate(made(), ()) == "no secret"
    assert gate(made(secret="short"), ("short",)) == "no secret"
    assert gate(made(secret=""), ("", SECRET)) == "wrong signature"
    over = _policy.Secret(SECRET, NOW)
    assert _token.check(made(), (over,), "s1", "play", NOW) == "no secret"
    assert _token.check(made(), (over,), "s1", "play", NOW - 1) is None


def test_secrets_are_compared_in_constant_time(monkeypatch):
    compared = []

    def compare(one, other):
        compared.append(other)
        return one == other

    monkeypatch.setattr(_hs256.hmac, "compare_digest", compare)
    assert gate(made(), (SECRET, PREVIOUS)) is None
    assert len(compared) == 2  # also after the right one


@pytest.mark.parametrize("direction", ["publish", "play"])
def test_the_cases_of_a_proof(direction, monkeypatch):
    for case, expected, token, _more in _cases.stream_cases(
        ["jwt"], SECRET, direction, "s1", PREVIOUS
    ):
        text = token and token.text(NOW)
        let_in = gate(text, direction=direction) is None
        assert let_in is (expected == "let in"), case
        if text:
            assert judge(text, direction=direction) is let_in, case


TIMES = st.sampled_from(
    [NOW + 60, NOW + 1, NOW - 1, NOW - 60, 0, -1, NOW * 1000, str(NOW + 60), True, False, None, [],
     {}, 1.5e9, 2.5e9, NOW + 0.5, NOW - 0.5, 2**63, -(2**63) - 1, 10**30, 1e300]
) | st.integers() | st.floats(allow_nan=False)  # fmt: skip
ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.lists(st.text(), max_size=2)
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from(["HS256"] * 6 + ["none", "hs256", "HS512", "HS256 ", "", None, 1]),
        "typ": ANY,
        "kid": ANY,
        "zip": ANY,
    },
) | st.just(HEAD)
CLAIMS = st.fixed_dictionaries(
    {
        "streamId": st.sampled_from(["s1"] * 8 + ["s2", "S1", "s1 ", "", None, 1, ["s1"]]),
        "type": st.sampled_from(["play"] * 8 + ["publish", "PLAY", "", None, 0, ["play"]]),
    },
    optional={"exp": TIMES, "iat": TIMES, "nbf": TIMES, "roomId": ANY, "sub": ANY},
)
SIGNERS = st.sampled_from([SECRET] * 6 + [PREVIOUS, "", "short", SECRET + " ", SECRET.upper()])
DAMAGES = st.sampled_from(["", "", "", "", "flip", "cut", "insert", "pad", "repeat"])


@settings(max_examples=500)
@given(HEADERS, CLAIMS, SIGNERS, DAMAGES, st.data())
@example(HEAD, claims(exp=NOW), SECRET, "", None)
def test_any_token_is_let_in_exactly_if_the_judge_finds_it_good(
    header, payload, signer, damage, data
):
    text = made(header, payload, signer)
    if damage:
        place = data.draw(st.integers(0, len(text) - 1))
        more = data.draw(st.sampled_from("A_-.=+/ \né{"))
        text = {
            "flip": text[:place] + more + text[place + 1 :],
            "cut": text[:place],
            "insert": text[:place] + more + text[place:],
            "pad": text + "=" * (place % 4),
            "repeat": text[:place] + text,
        }[damage]
    for secrets in ((SECRET,), (SECRET, PREVIOUS)):
        assert (gate(text, secrets) is None) is any(judge(text, one) for one in secrets)


@given(st.text() | st.text("eyJhbGciOiJIUzI1NiJ9._-="))
def test_any_text_is_let_in_exactly_if_the_judge_finds_it_good(text):
    assert (gate(text) is None) is judge(text)


@given(st.text(min_size=1, max_size=20), st.sampled_from(["play", "publish"]))
def test_what_is_minted_is_let_in(stream, direction):
    text = _hs256.sign({"streamId": stream, "type": direction, "exp": NOW + 1}, SECRET)
    assert gate(text, stream=stream, direction=direction) is None
    assert gate(text, stream=stream + "x", direction=direction) == "wrong stream"


@pytest.mark.parametrize(
    ("query", "token"),
    [
        ("", None),
        ("x=1", None),
        ("token=a", "a"),
        ("x=1&token=a&y=2", "a"),
        ("token=", ""),
        ("token", ""),
        ("token=a=b", "a=b"),
        ("token=a%3D", "a="),
        ("%74oken=a", "a"),
        ("token=a&%74oken=b", _token.SEVERAL),
        ("token=a&token=a", _token.SEVERAL),
        ("token=&token=a", _token.SEVERAL),
        ("Token=a", None),
        ("xtoken=a", None),
        ("token;x=a", None),
        ("x=1;token=a", None),
        ("token=a;token=b", "a;token=b"),
        ("token=a+b", "a b"),
        ("&&token=a&&", "a"),
        ("?token=a", None),
        ("token=%26", "&"),
        ("token=%ff", "\ufffd"),
    ],
)
def test_the_token_of_a_query(query, token):
    assert _token.shown(query) == token


def test_no_token_looks_like_several():
    assert gate("&") == "several tokens"
    assert not judge("&")
