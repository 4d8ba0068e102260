"""Tokens against java-jwt as the server ships it, and the server's own classes.

The inspector has to come to the same judgement as Java on every token, good or hostile, and so has
the gate.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import random
import re
import time
import zipfile

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import hashed as _hashed
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    policy as _policy,
    token as _token,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    mint as _mint,
    order as _order,
    served as _served,
    totp as _totp,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.inspect import inspect
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import Wanted

from demo import sandbox
from tests.double import build_double

pytestmark = pytest.mark.oracle

COUNT = int(os.environ.get("ORACLE_TOKENS", "1000"))
SEED = int(os.environ.get("ORACLE_SEED", "0"))
NEEDED = re.compile(
    r"[^/]+/(?:lib|plugins)/(?:java-jwt|jwks-rsa|jackson-(?:core|databind|annotations)|commons-codec"
    r"|tomcat-(?:embed-core|catalina|juli|util|coyote)|spring-\w+)-[0-9][^/]*\.jar"
)

SECRET = "k9_-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
OTHER = "zZ9_-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
NOW = int(time.time())
HEAD = {"alg": "HS256", "typ": "JWT"}
GOOD = {"streamId": "stream1", "type": "publish", "exp": NOW + 3600}
# Every character that a stream id may have, at the lengths that matter.
IDS = ("stream1", "a", "A.b-C_d", "0" * 200, "cam_1", "-x", "_", "a..b")


@pytest.fixture(scope="module")
def java(start_jvm, jars, distribution):
    with zipfile.ZipFile(distribution) as bundle:
        for name in bundle.namelist():
            if NEEDED.fullmatch(name):
                (jars / name.rpartition("/")[2]).write_bytes(bundle.read(name))
    (jars / build_double.JAR).write_bytes(build_double.compiled(sandbox.distribution()))
    jvm = start_jvm("JwtOracle", jars=jars)

    def ask(*requests):
        jvm.ask(*([text.encode() for text in (*request, *[""] * 5)[:5]] for request in requests))
        return [jvm.read_part().decode() for _request in requests]

    return ask


def b64(data):
    data = data.encode() if isinstance(data, str) else data
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(header, claims, secret=SECRET, digest="sha256", signature=None):
    """A token of any header and payload, texts or objects, with a signature over just those."""
    parts = [part if isinstance(part, str) else json.dumps(part) for part in (header, claims)]
    signed = ".".join(b64(part) for part in parts)
    if signature is None:
        key = secret.encode() if isinstance(secret, str) else secret
        signature = b64(hmac.new(key, signed.encode(), digest).digest())
    return f"{signed}.{signature}"


def claims(**changes):
    merged = {**GOOD, **changes}
    return {name: value for name, value in merged.items() if value is not ...}


def flip(token, part):
    """A token with one character of a part changed."""
    parts = token.split(".")
    text = parts[part]
    middle = len(text) // 2
    parts[part] = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]
    return ".".join(parts)


TOKEN = raw(HEAD, GOOD)
CASES = {
    "good": TOKEN,
    "no exp": raw(HEAD, claims(exp=...)),
    "null exp": raw(HEAD, claims(exp=None)),
    "no typ": raw({"alg": "HS256"}, GOOD),
    "other typ": raw({"alg": "HS256", "typ": "at+jwt"}, GOOD),
    "kid": raw({**HEAD, "kid": "../../etc/passwd"}, GOOD),
    "crit": raw({**HEAD, "crit": ["exp"]}, GOOD),
    "jku": raw({**HEAD, "jku": "https://example.org/keys"}, GOOD),
    "blanks in JSON": raw('{ "alg" : "HS256" }', json.dumps(GOOD, indent=2)),
    "room": raw(HEAD, claims(roomId="room1")),
    "extra claims": raw(HEAD, claims(sub="x", aud=["a"], nested={"a": [1, {"b": None}]})),
    "unicode claim": raw(HEAD, json.dumps(claims(name="žluťoučký 🐎"), ensure_ascii=False)),
    "iat past": raw(HEAD, claims(iat=NOW - 60)),
    "iat future": raw(HEAD, claims(iat=NOW + 600)),
    "nbf past": raw(HEAD, claims(nbf=NOW - 60)),
    "nbf future": raw(HEAD, claims(nbf=NOW + 600)),
    "expired a minute": raw(HEAD, claims(exp=NOW - 60)),
    "expired in 1970": raw(HEAD, claims(exp=0)),
    "negative exp": raw(HEAD, claims(exp=-1)),
    "exp in milliseconds": raw(HEAD, claims(exp=NOW * 1000)),
    "exp as a text": raw(HEAD, claims(exp=str(NOW + 3600))),
    "exp as a float": raw(HEAD, claims(exp=NOW + 3600.75)),
    "exp as a past float": raw(HEAD, claims(exp=NOW - 3600.75)),
    "exp as exponent": raw(HEAD, '{"streamId":"stream1","type":"publish","exp":2e9}'),
    "exp true": raw(HEAD, claims(exp=True)),
    "exp list": raw(HEAD, claims(exp=[NOW + 3600])),
    "exp object": raw(HEAD, claims(exp={})),
    "exp too large": raw(HEAD, claims(exp=2**70)),
    "exp NaN": raw(HEAD, '{"streamId":"stream1","type":"publish","exp":NaN}'),
    "exp twice, last good": raw(
        HEAD, '{"exp":1,"streamId":"stream1","type":"publish","exp":9999999999}'
    ),
    "exp twice, last past": raw(
        HEAD, '{"exp":9999999999,"streamId":"stream1","type":"publish","exp":1}'
    ),
    "iat text": raw(HEAD, claims(iat="now")),
    "nbf float future": raw(HEAD, claims(nbf=NOW + 600.5)),
    "other stream": raw(HEAD, claims(streamId="stream2")),
    "stream with a blank": raw(HEAD, claims(streamId="stream1 ")),
    "stream in capitals": raw(HEAD, claims(streamId="STREAM1")),
    "stream as a prefix": raw(HEAD, claims(streamId="stream")),
    "no stream": raw(HEAD, claims(streamId=...)),
    "null stream": raw(HEAD, claims(streamId=None)),
    "stream as a list": raw(HEAD, claims(streamId=["stream1"])),
    "stream as a number": raw(HEAD, claims(streamId=1)),
    "stream wildcard": raw(HEAD, claims(streamId="*")),
    "type play": raw(HEAD, claims(type="play")),
    "type in capitals": raw(HEAD, claims(type="PUBLISH")),
    "no type": raw(HEAD, claims(type=...)),
    "both types": raw(HEAD, claims(type="publish_play")),
    "type list": raw(HEAD, claims(type=["publish", "play"])),
    "expireDate instead of exp": raw(HEAD, claims(exp=..., expireDate=NOW - 60)),
    "wrong secret": raw(HEAD, GOOD, OTHER),
    "empty secret": raw(HEAD, GOOD, ""),
    "secret as base64": raw(
        HEAD, GOOD, base64.b64decode(SECRET[:36].replace("_", "/").replace("-", "+"))
    ),
    "secret with line end": raw(HEAD, GOOD, SECRET + "\n"),
    "secret in quotes": raw(HEAD, GOOD, f'"{SECRET}"'),
    "alg none, unsigned": raw({"alg": "none"}, GOOD, signature=""),
    "alg none, signed": raw({"alg": "none"}, GOOD),
    "alg None": raw({"alg": "None"}, GOOD, signature=""),
    "alg absent": raw({"typ": "JWT"}, GOOD),
    "alg null": raw({"alg": None}, GOOD),
    "alg in small letters": raw({"alg": "hs256"}, GOOD),
    "alg HS384": raw({"alg": "HS384"}, GOOD, digest="sha384"),
    "alg HS512": raw({"alg": "HS512"}, GOOD, digest="sha512"),
    "alg HS256, HS512 inside": raw(HEAD, GOOD, digest="sha512"),
    "alg RS256, HMAC inside": raw({"alg": "RS256"}, GOOD),
    "alg twice": raw('{"alg":"none","alg":"HS256"}', GOOD),
    "alg twice, none last": raw('{"alg":"HS256","alg":"none"}', GOOD),
    "header changed": flip(TOKEN, 0),
    "payload changed": flip(TOKEN, 1),
    "signature changed": flip(TOKEN, 2),
    "signature cut": TOKEN[:-8],
    "signature longer": TOKEN + "AAAA",
    "no signature": TOKEN.rpartition(".")[0] + ".",
    "no signature, no dot": TOKEN.rpartition(".")[0],
    "signature of another token": TOKEN.rpartition(".")[0]
    + "."
    + raw(HEAD, claims(streamId="x")).rpartition(".")[2],
    "header is a list": raw("[]", GOOD),
    "header is not JSON": raw("{", GOOD),
    "payload is a list": raw(HEAD, "[]"),
    "payload is a text": raw(HEAD, '"x"'),
    "payload is null": raw(HEAD, "null"),
    "payload is empty": raw(HEAD, ""),
    "payload {}": raw(HEAD, "{}"),
    "more behind the payload": raw(HEAD, json.dumps(GOOD) + " {}"),
    "padding kept": TOKEN + "=",
    "wrong padding": TOKEN + "==",
    "four parts": TOKEN + ".x",
    "five parts": TOKEN + ".x.y",
    "one part": "stream1",
    "dots": "..",
    "standard alphabet": TOKEN.rpartition(".")[0] + ".++//" + TOKEN[-39:],
    "an emoji": TOKEN + "🐎",
    "no letters": ". .",
}


def judged(token, wanted, secret=SECRET):
    word = (wanted.app, wanted.realm)
    verdict = inspect(token, wanted, {word: Secrets("test", current=secret)}, int(time.time()))
    return "accepted" if verdict.accepted else "refused"


def let_in(token, secret=SECRET):
    """What the gate says, in the words of Java."""
    held = (_policy.Secret(secret),)
    reason = _token.check(token, held, "stream1", "publish", time.time())
    return "refused" if reason else "accepted"


def said(answer):
    # What makes Java fail is no way in.
    return "refused" if answer.startswith("failed") else answer


def test_the_library_is_the_servers_own(java):
    (answer,) = java(("library",))
    assert "java-jwt-4.4.0.jar" in answer


def test_stream_tokens_are_judged_as_java_does(java, tally):
    wanted = Wanted("stream", "LiveApp", "stream1", "publish")
    answers = java(*(("stream", token, SECRET, "stream1", "publish") for token in CASES.values()))
    wrong = {
        name: (said(answer), judged(token, wanted))
        for (name, token), answer in zip(CASES.items(), answers)
        if said(answer) != judged(token, wanted)
    }
    assert not wrong
    assert len(CASES) >= 50
    assert {said(answer) for answer in answers} == {"accepted", "refused"}
    tally["stream tokens judged alike"] += len(CASES)


def test_the_gate_judges_as_java_does(java, tally):
    answers = java(*(("stream", token, SECRET, "stream1", "publish") for token in CASES.values()))
    wrong = {
        name: (said(answer), let_in(token))
        for (name, token), answer in zip(CASES.items(), answers)
        if said(answer) != let_in(token)
    }
    assert not wrong
    tally["stream tokens judged alike by the gate"] += len(CASES)


# What the double does not look at, by the one verifier of java-jwt that it uses.
ONLY_THE_GATE_REFUSES = {"iat future", "nbf future", "nbf float future"}


def test_the_gate_judges_as_the_double_does(java, tally):
    answers = java(*(("double", token, SECRET, "stream1", "publish") for token in CASES.values()))
    differ = {
        name: (answer, let_in(token))
        for (name, token), answer in zip(CASES.items(), answers)
        if answer != let_in(token)
    }
    assert differ == dict.fromkeys(ONLY_THE_GATE_REFUSES, ("accepted", "refused"))
    short = raw(HEAD, GOOD, SECRET[:31])
    assert java(("double", short, SECRET[:31], "stream1", "publish")) == ["refused"]
    assert let_in(short, SECRET[:31]) == "refused"
    tally["stream tokens judged by the gate and the double"] += len(CASES)


def test_what_stands_around_a_token_belongs_to_it(java):
    for text in (f" {TOKEN}", f"{TOKEN}\n", f'"{TOKEN}"', f"Bearer {TOKEN}", f"?token={TOKEN}"):
        assert java(("double", text, SECRET, "stream1", "publish")) == ["refused"], text
        assert said(*java(("stream", text, SECRET, "stream1", "publish"))) == "refused", text
        assert let_in(text) == "refused", text


def test_the_second_in_which_a_token_expires(java):
    wanted = Wanted("stream", "LiveApp", "stream1", "publish")
    while True:
        second = int(time.time())
        text = raw(HEAD, claims(exp=second))
        found = java(*((who, text, SECRET, "stream1", "publish") for who in ("stream", "double")))
        found += [judged(text, wanted), let_in(text)]
        if int(time.time()) == second:
            break
    assert found == ["refused"] * 4


@pytest.mark.parametrize("realm", ["rest", "management"])
def test_api_tokens_are_judged_as_the_server_does(java, tally, realm):
    wanted = Wanted(realm, "LiveApp" if realm == "rest" else "")
    answers = java(*(("api", token, SECRET) for token in CASES.values()))
    wrong = {
        name: (said(answer), judged(token, wanted))
        for (name, token), answer in zip(CASES.items(), answers)
        if said(answer) != judged(token, wanted)
    }
    assert not wrong
    tally[f"{realm} tokens judged alike"] += len(CASES)


def random_token(dice):
    made = {}
    for name, values in (
        ("streamId", ("stream1", "stream1", "stream2", "", None, 7)),
        ("type", ("publish", "publish", "play", "Publish", None)),
        ("exp", (NOW + 999, NOW - 999, NOW * 1000, str(NOW), None, 1.5e9, 2.5e9, -5, False)),
        ("iat", (NOW - 5, NOW + 999, "x", None)),
        ("nbf", (NOW - 5, NOW + 999, [], None)),
    ):
        if dice.random() < (0.9 if name in ("streamId", "type") else 0.4):
            made[name] = dice.choice(values)
    token = raw(
        {"alg": dice.choice(("HS256",) * 8 + ("none", "HS512", "hs256"))},
        made,
        dice.choice((SECRET,) * 6 + (OTHER, SECRET + " ")),
    )
    damage = dice.random()
    if damage < 0.1:
        token = flip(token, dice.randrange(3))
    elif damage < 0.15:
        token = token[: dice.randrange(len(token))]
    return token


def test_random_tokens_are_judged_as_java_does(java, tally):
    dice = random.Random(SEED)
    tokens = [random_token(dice) for _ in range(COUNT)]
    wanted = Wanted("stream", "LiveApp", "stream1", "publish")
    answers = java(*(("stream", token, SECRET, "stream1", "publish") for token in tokens))
    for token, answer in zip(tokens, answers):
        assert judged(token, wanted) == let_in(token) == said(answer), token
    accepted = sum(answer == "accepted" for answer in answers)
    assert 0 < accepted < COUNT
    tally["random tokens judged alike"] += COUNT


def test_java_accepts_what_is_minted(java, tally):
    mint = _mint.Mint(time.time())
    orders = [
        _order.Order(
            app="LiveApp",
            stream=stream,
            type=type_,
            lifetime=lifetime,
            room=room,
            time_claims=times,
        )
        for stream in IDS
        for type_ in _order.TYPES
        for lifetime in ("2h", "none", "1d")
        for room in ("", "room-1")
        for times in ((), ("iat", "nbf"))
    ]
    tokens = [mint.mint(order, SECRET).value for order in orders]
    assert set(
        java(*(("stream", t, SECRET, o.stream, o.type) for o, t in zip(orders, tokens)))
    ) == {"accepted"}
    assert set(java(*(("stream", t, OTHER, o.stream, o.type) for o, t in zip(orders, tokens)))) == {
        "refused"
    }
    for realm, app in (("rest", "LiveApp"), ("management", "")):
        order = _order.Order(realm=realm, app=app, lifetime="5m", claims={"sub": "token"})
        token = mint.mint(order, SECRET).value
        assert java(("api", token, SECRET), ("api", token, OTHER)) == ["accepted", "refused"]
    tally["minted tokens accepted"] += len(orders) + 2


def test_tokens_made_by_java_are_accepted(java, tally):
    wanted = Wanted("stream", "LiveApp", "stream1", "publish")
    (token,) = java(("make", SECRET, "stream1", "publish", str(NOW + 600)))
    assert judged(token, wanted) == "accepted"
    assert jwt.decode(token, SECRET, ["HS256"])["exp"] == NOW + 600
    tally["tokens made by Java accepted"] += 1


def test_hashes_and_codes(java, tally):
    dice = random.Random(SEED)
    secrets = ("testtest", SECRET, "ü" * 3)
    hashes = [
        (stream, type_, secret) for stream in IDS for type_ in _order.TYPES for secret in secrets
    ]
    assert java(*(("hash", *parts) for parts in hashes)) == [
        _hashed.token(*parts) for parts in hashes
    ]
    moments = [dice.randrange(2**33) for _ in range(200)]
    keys = [
        _totp.shared_key(dice.choice(secrets), f"sub{n}", dice.choice(IDS), "play").decode()
        for n in range(200)
    ]
    assert java(*(("totp", key, str(now // 60)) for key, now in zip(keys, moments))) == [
        _totp.code(key.encode(), now, 60)[0] for key, now in zip(keys, moments)
    ]
    tally["hashes and codes alike"] += len(hashes) + len(moments)


def test_the_stream_behind_a_path_is_what_the_server_takes(java, tally):
    dice = random.Random(SEED)
    pieces = (
        *(
            "a",
            "_",
            "-",
            "1",
            "20",
            "2024",
            "-2024-01-",
            "240p",
            "300kbps",
            "__",
            ".",
            "mp4",
            "mpd",
        ),
        *("streams", "_adaptive", "m3u8", "m4s", "chunked", "-2024-01-02_03-04-05.678", "Cam"),
    )
    ids = [*IDS, "stream1", "cam_1", "mpd-cam", "my_streams", "chunked", "cam__1"]
    ids += ["".join(dice.choices(pieces, k=dice.randrange(1, 6))) for _ in range(COUNT)]
    names = ("{0}.m3u8", "{0}_adaptive.m3u8", "{0}/{0}.mpd", "{0}.mp4", "{0}.webm", "a/{0}.mp4")
    paths = [f"/LiveApp/streams/{name.format(id_)}" for id_ in ids for name in names]
    for path, answer in zip(paths, java(*(("served", path) for path in paths))):
        read = _served.stream_of(path)
        assert (read if read is not None else "null") == (
            "null" if answer.startswith("failed") else answer
        ), path
    tally["playback paths read alike"] += len(paths)
