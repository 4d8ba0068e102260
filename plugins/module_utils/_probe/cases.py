# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cases a secret is asked with: a good token, none, and every kind of bad one.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import hashed as _hashed
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import (
    TOKEN_SECONDS,
    Jwt,
    Plain,
    fresh,
)

NO_TOKEN = "no token"
GOOD_TOKEN = "a good token"
# Kinds of which a good token is made; one-time tokens and codes are not.
MADE = ("jwt", "hash")


def jwt_cases(
    secret: str, claims: dict[str, str], previous: str | None = None
) -> Iterator[tuple[str, str, Jwt | None]]:
    """Tokens of a realm: tuples of the case, ``let in`` or ``refused``, and the token.

    :kwarg previous: a secret that must no longer be accepted.
    """
    yield NO_TOKEN, REFUSED, None
    yield GOOD_TOKEN, LET_IN, Jwt(secret, claims)
    yield "an expired token", REFUSED, Jwt(secret, claims, -TOKEN_SECONDS)
    yield "a token of a wrong key", REFUSED, Jwt(fresh(), claims)
    yield "an unsigned token", REFUSED, Jwt(fresh(), claims, unsigned=True)
    if previous and previous != secret:
        yield "a token of the previous key", REFUSED, Jwt(previous, claims)


def jwt_probes(secret: str, previous: str | None, **about: Any) -> list[Probe]:
    """The probes of a realm; ``about`` is what all of them share."""
    return [
        Probe(case, expected, token=token, **about)
        for case, expected, token in jwt_cases(secret, {}, previous)
    ]


def stream_cases(
    kinds: list[str], secret: str, direction: str, stream: str, previous: str | None = None
) -> Iterator[tuple[str, str, Jwt | Plain | None, str]]:
    """Tokens for a direction of a stream.

    :arg kinds: which kinds of tokens guard it.
    :arg secret: what a good one is made with.
    :kwarg previous: a secret that must no longer be accepted.
    :returns: tuples of the case, ``let in`` or ``refused``, the token, and further parameters.
    """
    other = "publish" if direction == "play" else "play"
    kind = kinds[0] if len(kinds) == 1 else "several"
    if kind == "jwt":
        for case in jwt_cases(secret, {"streamId": stream, "type": direction}, previous):
            yield (*case, "")
        wrong = Jwt(secret, {"streamId": fresh(), "type": direction})
        yield "a token of another stream", REFUSED, wrong, ""
        wrong = Jwt(secret, {"streamId": stream, "type": other})
        yield "a token of the other direction", REFUSED, wrong, ""
    elif kind == "hash":
        yield NO_TOKEN, REFUSED, None, ""
        yield GOOD_TOKEN, LET_IN, _hash(stream, direction, secret), ""
        yield "a token of a wrong key", REFUSED, _hash(stream, direction, fresh()), ""
        yield "a token of another stream", REFUSED, _hash(fresh(), direction, secret), ""
        yield "a token of the other direction", REFUSED, _hash(stream, other, secret), ""
    else:
        yield NO_TOKEN, REFUSED, None, ""
        yield "an unknown token", REFUSED, Plain(fresh()), ""
        if kind != "one_time":
            extra = f"subscriberId={fresh()}&subscriberCode=000000"
            yield "an unknown subscriber", REFUSED, None, extra


def _hash(stream, direction, secret):
    return Plain(_hashed.token(stream, direction, secret))
