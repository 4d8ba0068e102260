# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a server would say to a token, in words.

Pure. It decides as java-jwt does on what anybody can see: signature, times, and for streams the id
and the direction. What only the server knows (is a one-time token used up, is a subscriber blocked,
does a session still count) is named as such.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import hashed as _hashed
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import VERSIONS
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    jwt as _jwt,
    totp as _totp,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.lifetime import utc, words

STREAM_MINIMUM = 32
# A time in milliseconds, read as seconds, lies beyond the year 5000.
_MILLISECONDS = 10**11


@dataclass(frozen=True)
class Wanted:
    """What the token shall be good for.

    realm, app, stream, type, subscriber: as of an order. guard: the kind of token that the policy
    wants there (``none``, ``jwt``, ``one_time``, ``hash``, ``totp``; for the API realms ``jwt`` or
    ``none``), empty if no policy says. cap: longest lifetime in seconds. jwks: whether a JWKS
    address is set. period: seconds that a TOTP code lives.
    """

    realm: str
    app: str = ""
    stream: str = ""
    type: str = ""
    subscriber: str = ""
    guard: str = ""
    cap: int | None = None
    jwks: bool = False
    period: int = 60


@dataclass
class Verdict:
    """accepted: whether a server would let it in; None where only the server can tell.

    reasons: why it would not. warnings: what to know although it would. Both hold pairs of a code
    and a text. signed_by: app, realm, version and fingerprint of the secret, empty if unknown.
    """

    kind: str = "jwt"
    accepted: bool | None = True
    reasons: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    signed_by: dict = field(default_factory=dict)
    header: dict = field(default_factory=dict)
    claims: dict = field(default_factory=dict)
    expires: int | None = None

    def refuse(self, code, text):
        self.accepted = False
        self.reasons.append((code, text))

    def warn(self, code, text):
        self.warnings.append((code, text))

    def sentence(self):
        """The verdict as one line."""
        if self.accepted is None:
            return "Only the server can tell: " + "; ".join(text for _code, text in self.warnings)
        if self.accepted:
            more = "".join(f"; but {text}" for _code, text in self.warnings)
            return "A server would accept this token" + more + "."
        more = "; ".join(text for _code, text in self.warnings)
        return (
            "A server would refuse this token: "
            + "; ".join(text for _code, text in self.reasons)
            + (f". Besides: {more}." if more else ".")
        )


def inspect(text, wanted, secrets, now):
    """Judge a token.

    :arg text: the token as it was handed over.
    :arg wanted: :class:`Wanted`.
    :arg secrets: ``{(app, word): Secrets}`` as of ``_secret_source.Source.everything``.
    :arg now: Unix seconds.
    :returns: :class:`Verdict`.
    """
    verdict = Verdict()
    token = _unwrap(text, wanted, verdict)
    inspector = _Inspector(wanted, secrets, now, verdict)
    inspector.policy(_kind_of(token))
    _JUDGES[verdict.kind](inspector, token)
    return verdict


# Where tokens stand in what people paste: a URL, a stream id of SRT, a header.
_CARRIERS = (
    re.compile(r"(?:^|[?&,])token=([^&,\s\"']+)"),
    re.compile(r"(?:^|[?&,])subscriberCode=([^&,\s\"']+)"),
    re.compile(r"(?i)^(?:proxy)?authorization:\s*(.+)$"),
)


def _unwrap(text, wanted, verdict):
    for carrier in _CARRIERS:
        found = carrier.search(text.strip())
        if found:
            text = found.group(1)
            break
    token = text.strip()
    bearer = re.match(r"(?i)bearer +", token)
    if bearer:
        token = token[bearer.end() :]
        if wanted.realm == "management":
            verdict.refuse("bearer", "ProxyAuthorization takes the bare token, without Bearer")
        elif wanted.realm == "rest":
            verdict.warn("bearer", "servers before 2.12.0 refuse the prefix Bearer")
        else:
            verdict.refuse("bearer", "a stream's token goes without Bearer, but for WHIP")
    elif token != text:
        verdict.warn("blanks", "there are blanks or line ends around it, which were left out here")
    return token


def _kind_of(token):
    for pattern, kind in (
        (r"[0-9]{6}", "totp"),
        (r"[0-9a-fA-F]{64}", "hash"),
        (r"[0-9A-Za-z]{8,}", "one_time"),
    ):
        if re.fullmatch(pattern, token):
            return kind
    return "jwt"


class _Inspector:
    def __init__(self, wanted, secrets, now, verdict):
        self.wanted, self.secrets, self.now, self.verdict = wanted, secrets, now, verdict

    def policy(self, kind):
        """What the inventory says about this place, before a look at the token itself."""
        wanted, verdict = self.wanted, self.verdict
        verdict.kind = kind if wanted.realm == "stream" else "jwt"
        place = wanted.type or wanted.realm
        if wanted.jwks and wanted.realm != "stream":
            verdict.refuse(
                "jwks", "a JWKS address is set there, so no token signed by a secret counts"
            )
        if wanted.guard == "none":
            if wanted.realm == "management":
                verdict.refuse(
                    "off", "management tokens are off in the policy: the header is ignored"
                )
            else:
                verdict.warn(
                    "off", f"the policy asks for no token for {place}: all get in without one"
                )
        elif wanted.guard and wanted.guard != verdict.kind:
            verdict.refuse(
                "kind",
                f"the policy wants {wanted.guard} tokens for {place}, this is {verdict.kind}",
            )

    # -- JWT ----------------------------------------------------------------------------------

    def jwt(self, text):
        verdict = self.verdict
        try:
            token = _jwt.read(text)
        except _jwt.JwtError as error:
            verdict.refuse("malformed", f"it is no JWT: {error}")
            return
        verdict.header, verdict.claims = token.header, token.claims
        self._signature(token)
        self._times(token.claims)
        if self.wanted.realm == "stream":
            self._stream_claims(token.claims)

    @property
    def _word(self):
        return (
            ("", "management")
            if self.wanted.realm == "management"
            else (self.wanted.app, self.wanted.realm)
        )

    def _signature(self, token):
        verdict, algorithm = self.verdict, token.algorithm
        if algorithm != "HS256":
            verdict.refuse(
                "algorithm",
                f"its algorithm is {algorithm!r}, the server takes HS256 and nothing else",
            )
            self._other_algorithm(token)
            return
        if not self.secrets:
            verdict.accepted = None if verdict.accepted else verdict.accepted
            verdict.warn("unchecked", "the signature was not checked, as no secret is known here")
            return
        own = self.secrets.get(self._word)
        for version in VERSIONS:
            secret = getattr(own, version, "")
            if secret and token.signed_by(secret):
                self._signed_by(self._word, version, secret)
                return
        for word, held in self.secrets.items():
            for version in VERSIONS:
                secret = getattr(held, version)
                if secret and token.signed_by(secret):
                    self._foreign(word, version, secret)
                    return
        self._unknown_signature(token, own)

    def _note_signer(self, word, version, secret):
        app, realm = word
        self.verdict.signed_by = {
            "app": app,
            "realm": realm,
            "version": version,
            "fingerprint": fingerprint(secret),
        }

    def _signed_by(self, word, version, secret):
        self._note_signer(word, version, secret)
        name = fingerprint(secret)
        if version == "previous":
            self.verdict.refuse(
                "previous",
                f"it is signed by the previous secret ({name}), refused since the rotation",
            )
        elif version == "pending":
            self.verdict.refuse(
                "pending",
                f"it is signed by the pending secret ({name}), good only after the cutover",
            )
        elif word[1] == "stream" and len(secret) < STREAM_MINIMUM:
            self.verdict.refuse(
                "short_secret",
                f"the stream secret ({name}) has {len(secret)} characters; below {STREAM_MINIMUM}"
                " the server refuses every token",
            )

    def _foreign(self, word, version, secret):
        self._note_signer(word, version, secret)
        app, realm = word
        of = f" of app {app}" if app else ""
        which = "" if version == "current" else f"{version} "
        if word[1] != self._word[1]:
            self.verdict.refuse(
                "realm",
                f"wrong realm: it is signed by the {which}{realm} secret{of}"
                f" ({fingerprint(secret)}), here counts that of the {self.wanted.realm} realm",
            )
        else:
            self.verdict.refuse(
                "app",
                f"wrong app: it is signed by the {which}{realm} secret{of} ({fingerprint(secret)})",
            )

    def _unknown_signature(self, token, own):
        for version in VERSIONS:
            secret = getattr(own, version, "")
            for code, text, key in _misreadings(secret):
                if token.signed_by(key):
                    self._note_signer(self._word, version, secret)
                    self.verdict.refuse(code, f"{text} ({version} secret, {fingerprint(secret)})")
                    return
        known = ", ".join(
            f"{version} {fingerprint(getattr(own, version))}"
            for version in VERSIONS
            if getattr(own, version, "")
        )
        self.verdict.refuse(
            "signature",
            "no secret known here signed it"
            + (f"; for this place they are {known}" if known else ""),
        )

    def _other_algorithm(self, token):
        if token.algorithm not in ("HS384", "HS512"):
            return
        own = self.secrets.get(self._word)
        for version in VERSIONS:
            secret = getattr(own, version, "")
            if secret and token.signed_by(secret, token.algorithm):
                self._note_signer(self._word, version, secret)

    def _times(self, claims):
        verdict, now, cap = self.verdict, self.now, self.wanted.cap
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

    def _stream_claims(self, claims):
        wanted, verdict = self.wanted, self.verdict
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
            verdict.warn(
                "expire_date", "its expireDate counts for nothing: the claim is called exp"
            )

    # -- the other kinds ----------------------------------------------------------------------

    def hash(self, text):
        wanted, verdict = self.wanted, self.verdict
        verdict.warn("no_expiry", "a hash is good until its secret changes")
        held = self.secrets.get((wanted.app, "hash"))
        secret = getattr(held, "current", "")
        if not secret:
            self._not_checkable(f"the hash secret of app {wanted.app} is not known here")
            return
        if text == _hashed.token(wanted.stream, wanted.type, secret):
            self._note_signer((wanted.app, "hash"), "current", secret)
            return
        other = "play" if wanted.type == "publish" else "publish"
        if text == _hashed.token(wanted.stream, other, secret):
            verdict.refuse("type", f"it is the hash for {other}, not for {wanted.type}")
        elif text.lower() == _hashed.token(wanted.stream, wanted.type, secret):
            verdict.refuse("case", "it is written in capitals, the server compares small letters")
        else:
            verdict.refuse(
                "hash", f"it is not the hash of {wanted.stream!r}, {wanted.type!r} and the secret"
            )

    def totp(self, text):
        wanted, verdict = self.wanted, self.verdict
        held = self.secrets.get((wanted.app, f"totp_{wanted.type}"))
        secret = getattr(held, "current", "")
        if not secret or not wanted.subscriber:
            self._not_checkable("a code needs its subscriber and the app's TOTP secret")
            return
        key = _totp.shared_key(secret, wanted.subscriber, wanted.stream, wanted.type)
        for step in range(-10, 2):
            code, end = _totp.code(key, self.now + step * wanted.period, wanted.period)
            if code == text:
                break
        else:
            verdict.refuse("code", "it is none of the codes of the last ten periods")
            return
        self._note_signer((wanted.app, f"totp_{wanted.type}"), "current", secret)
        verdict.expires = end
        if step < 0:
            verdict.refuse("expired", f"the code changed {words(self.now - end) or 'just'} ago")
        elif step > 0:
            verdict.refuse("future", "the code is that of the next period: a clock is ahead")

    def one_time(self, _text):
        self._not_checkable("it looks like a one-time token, which the server keeps a list of")

    def _not_checkable(self, text):
        if self.verdict.accepted:
            self.verdict.accepted = None
        self.verdict.warn("unchecked", text)


def _misreadings(secret):
    """Keys that minters make of a secret by mistake: code, words, key."""
    if not secret:
        return
    as_text = "the minter took the secret for base64 and decoded it; the server uses it as it is"
    for altchars in (None, b"-_"):
        try:
            padded = secret + "=" * (-len(secret) % 4)
            yield "base64", as_text, base64.b64decode(padded, altchars, validate=altchars is None)
        except (binascii.Error, ValueError):
            continue
    encoded = base64.b64encode(secret.encode())
    for key in (encoded, encoded.rstrip(b"=")):
        yield "base64", "the minter encoded the secret as base64; the server uses it as it is", key
    for end, name in (("\n", "a line end"), ("\r\n", "a line end"), (" ", "a blank")):
        yield "blanks", f"the minter's secret has {name} at its end", secret + end
    for quote in "\"'":
        yield "quotes", "the minter's secret stands in quotes", f"{quote}{secret}{quote}"


_JUDGES = {
    "jwt": _Inspector.jwt,
    "hash": _Inspector.hash,
    "totp": _Inspector.totp,
    "one_time": _Inspector.one_time,
}
