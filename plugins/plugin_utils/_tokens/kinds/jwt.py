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
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted

# A time in milliseconds, read as seconds, lies beyond the year 5000.
_MILLISECONDS = 10**11


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
            case.verdict.refuse("malformed", f"it is no JWT: {error}")
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
    if expires is None:
        verdict.warn("no_expiry", "it never expires, as it has no exp")
        if cap is not None:
            verdict.warn("cap", f"the longest lifetime allowed is {words(cap)}")
    elif expires >= _MILLISECONDS:
        verdict.warn(
            "milliseconds",
            "its exp is in milliseconds, which the server takes for seconds: it would not"
            f" expire for {words(expires - now)}; meant was perhaps {utc(expires // 1000)}",
        )
    elif now > expires:
        verdict.refuse("expired", f"it expired {words(now - expires)} ago ({utc(expires)})")
    elif cap is not None and expires - now > cap:
        verdict.warn(
            "cap", f"it lives {words(expires - now)} more, the longest allowed is {words(cap)}"
        )
    for name, what in (("iat", "issued"), ("nbf", "valid")):
        start = _jwt.moment(claims, name)
        if start is not None and start > now:
            verdict.refuse(
                "future",
                f"by its {name} it is {what} in {words(start - now)} only:"
                " the minter's clock is ahead",
            )


def _judge_stream(case, claims):
    wanted, verdict = case.wanted, case.verdict
    stream, type_ = claims.get("streamId"), claims.get("type")
    if stream is None:
        verdict.refuse("no_stream", "it has no streamId, so it is no token of a stream")
    elif stream != wanted.stream:
        verdict.refuse("stream", f"it is for stream {stream!r}, not for {wanted.stream!r}")
    if type_ is None:
        verdict.refuse("no_type", "it has no type; publish or play is needed")
    elif type_ != wanted.type:
        hint = ", and the server looks at the case" * (str(type_).lower() == wanted.type)
        verdict.refuse("type", f"its type is {type_!r}, not {wanted.type!r}{hint}")
    if "expireDate" in claims:
        verdict.warn("expire_date", "its expireDate is ignored: the claim is called exp")
