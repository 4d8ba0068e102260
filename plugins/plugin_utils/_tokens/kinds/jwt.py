# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSON Web Tokens, which say themselves what they are good for, and for how long.

Judged as java-jwt does on what anybody can see: signature, times, and for streams the id and the
direction.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    jwt as _jwt,
    signature as _signature,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.kind import Kind
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.lifetime import utc, words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    jwt as _misses,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted


class _Jwt(Kind):
    timed = True
    path = "jwt-token"

    def make(self, mint, order, secret):
        expires = mint.expiry(order.lifetime)
        claims = _claims(order, expires, mint.now)
        return Minted(order, mint.signer(secret).sign(claims), expires)

    def judge(self, case, text):
        try:
            token = _jwt.read(text)
        except _jwt.JwtError as error:
            case.verdict.refuse("malformed", f"it is not a JWT: {error}{_misses.form(text)}")
            return
        case.verdict.header, case.verdict.claims = token.header, token.claims
        _signature.check(case, token)
        _judge_times(case, token.claims)
        if case.wanted.realm == "stream":
            _judge_stream(case, token.claims)


KIND = _Jwt()


def _claims(order, expires, now):
    """The claims of a token, in the order in which the vendor's examples have them."""
    claims = dict(order.claims)
    if order.realm == "stream":
        claims["streamId"] = order.stream
        claims["type"] = order.type
        if order.room:
            claims["roomId"] = order.room
    for name in order.time_claims:
        claims[name] = now
    if expires is not None:
        claims["exp"] = expires
    return claims


def _judge_times(case, claims):
    verdict, now, cap = case.verdict, case.now, case.wanted.cap
    expires = verdict.expires = _jwt.moment(claims, "exp")
    unit = expires and _misses.unit(expires)
    if expires is None:
        elsewhere = _misses.elsewhere(claims, "exp")
        verdict.warn("no_expiry", f"it never expires, as it has no exp{elsewhere}")
        if cap is not None:
            verdict.warn("cap", f"the longest lifetime allowed is {words(cap)}")
    elif unit:
        name, count = unit
        verdict.warn(
            "milliseconds",
            f"its exp is in {name}, which the server takes for seconds: it would not"
            f" expire for {words(expires - now)}; meant was perhaps {utc(expires // count)}",
        )
    elif now >= expires:
        verdict.refuse(
            "expired",
            f"it expired {words(now - expires)} ago ({utc(expires)}){_misses.duration(expires)}",
        )
    elif cap is not None and expires - now > cap:
        verdict.warn(
            "cap", f"it lives {words(expires - now)} more, the longest allowed is {words(cap)}"
        )
    for name, what in (("iat", "issued"), ("nbf", "valid")):
        start = _jwt.moment(claims, name)
        if start is not None and start > now:
            unit = _misses.unit(start)
            hint = f"it is in {unit[0]}, not in seconds" if unit else "the minter's clock is ahead"
            verdict.refuse(
                "future", f"by its {name} it is {what} in {words(start - now)} only: {hint}"
            )


def _judge_stream(case, claims):
    wanted, verdict = case.wanted, case.verdict
    stream, type_ = claims.get("streamId"), claims.get("type")
    if wanted.room:
        _judge_room(case, stream, type_)
        return
    if stream is None:
        hint = _misses.elsewhere(claims, "streamId", wanted.stream)
        verdict.refuse("no_stream", f"it has no streamId, so it is not a token of a stream{hint}")
    elif stream != wanted.stream and claims.get("roomId") == wanted.stream:
        verdict.unchecked(
            f"it is for stream {stream!r} and names {wanted.stream!r} in roomId only; what that"
            f" opens the vendor does not say: {_ROOM}"
        )
    elif stream != wanted.stream:
        hint = _misses.stream(stream, wanted.stream, wanted.app)
        verdict.refuse("stream", f"it is for stream {stream!r}, not for {wanted.stream!r}{hint}")
    if type_ is None:
        hint = _misses.elsewhere(claims, "type", wanted.type)
        verdict.refuse("no_type", f"it has no type; publish or play is needed{hint}")
    elif type_ != wanted.type:
        hint = _misses.type_(type_, wanted.type)
        verdict.refuse("type", f"its type is {type_!r}, not {wanted.type!r}{hint}")
        if type_ == "publish":
            verdict.warn("room", "it would do if the stream were a conference room (room)")
    if "expireDate" in claims:
        verdict.warn("expire_date", "its expireDate is ignored: the claim is called exp")


_ROOM = "for a room it describes a token to publish whose streamId is the room"


def _judge_room(case, stream, type_):
    """A room takes a token to publish its own id, of who publishes into it and of who plays it."""
    wanted, verdict = case.wanted, case.verdict
    if stream == wanted.room:
        if type_ not in ("publish", wanted.type):
            verdict.refuse("type", f"its type is {type_!r}; the vendor: {_ROOM}")
    elif stream == wanted.stream and type_ == wanted.type:
        verdict.unchecked(
            f"it is for stream {stream!r} alone; whether that opens room {wanted.room!r} the vendor"
            f" does not say: {_ROOM}"
        )
    else:
        verdict.refuse("room", f"it is for stream {stream!r}, not for room {wanted.room!r}")
