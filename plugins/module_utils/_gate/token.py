# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a token opens a stream in a direction, and which token it is that somebody shows.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any, Iterable
from urllib.parse import unquote_plus

from ansible_collections.streamward.antmedia.plugins.module_utils._gate.policy import Secret
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256

PARAMETER = "token"
# In place of a token where more than one is shown: no token is written with this character.
SEVERAL = "&"
# What java-jwt has room for.
_LONG = 2**63


def check(
    text: str | None, secrets: Iterable[Secret], stream: str, direction: str, now: float
) -> str | None:
    """Why a token does not open a stream, in a few words; None if it does.

    :arg text: the token, None for none, :data:`SEVERAL` for more than one.
    :arg now: Unix seconds.
    """
    if not text:
        return "no token"
    if text == SEVERAL:
        return "several tokens"
    counting = [secret.secret for secret in secrets if secret.counts(now)]
    if not counting:
        return "no secret"
    try:
        claims = _hs256.claims(text, counting)
        expires, *starts = (_moment(claims, name) for name in ("exp", "iat", "nbf"))
    except _hs256.NoToken as fault:
        return str(fault)
    if expires is not None and expires <= now:
        return "expired"
    if any(start is not None and start > now for start in starts):
        return "not valid yet"
    if claims.get("streamId") != stream:
        return "wrong stream"
    if claims.get("type") != direction:
        return "wrong direction"
    return None


def _moment(claims: dict[str, Any], name: str) -> int | None:
    """A time in whole Unix seconds; None where there is none."""
    value = claims.get(name)
    if value is None:
        return None
    if type(value) not in (int, float) or not -_LONG <= value < _LONG:
        raise _hs256.NoToken("a time that is none")
    return int(value)


def shown(query: str) -> str | None:
    """The token of a query, as :func:`check` takes it."""
    return one(
        unquote_plus(value)
        for name, _equals, value in (pair.partition("=") for pair in query.split("&"))
        if unquote_plus(name) == PARAMETER
    )


def one(tokens: Iterable[str]) -> str | None:
    """What is shown to :func:`check` of all tokens that somebody shows."""
    found = list(tokens)
    return (found[0] if found else None) if len(found) < 2 else SEVERAL
