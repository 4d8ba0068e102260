# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a server would say to a token, in words.

Pure. What only the server knows (is a one-time token used up, is a subscriber blocked, does a
session still count) is named as such.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    versions as _versions,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    kinds as _kinds,
    pasted as _pasted,
    served as _served,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import (
    Case,
    Verdict,
    Wanted,
)

# What the vendor secures conference rooms with.
_OF_ROOMS = ("jwt", "one_time")


def inspect(
    text: str, wanted: Wanted, secrets: Mapping[tuple[str, str], Secrets], now: int
) -> Verdict:
    """Judge a token.

    :arg text: the token as it was handed over.
    :arg secrets: ``{(app, word): Secrets}`` as of ``_source.Source.everything``.
    :arg now: Unix seconds.
    """
    pasted = _pasted.unwrap(text)
    named = _served.stream_of(pasted.path, wanted.version) if pasted.path else None
    case = Case(wanted, secrets, now, (named,) if named else (), pasted.parameters)
    _wrapping(case, pasted)
    if named and named != wanted.stream:
        case.verdict.warn("address", f"the address it stands in is that of stream {named!r}")
    _policy(case, kind_of(text, wanted))
    _kinds.of(case.verdict.kind).judge(case, pasted.token)
    if wanted.room and case.verdict.kind not in _OF_ROOMS:
        words = " and ".join(_OF_ROOMS)
        case.verdict.unchecked(f"for rooms the vendor describes tokens of kind {words} only")
    _other_kind(case, pasted.token)
    return case.verdict


def kind_of(text: str, wanted: Wanted) -> str:
    """The word of the kind that a token is judged by: the given one, that of its looks, or the
    policy's where it could be any.
    """
    if wanted.realm != "stream":
        return "jwt"
    token = _pasted.unwrap(text).token
    sure = _kinds.surely(token)
    guard = wanted.guard if wanted.guard in _words.KINDS else ""
    return wanted.kind or sure or guard or _kinds.seen(token)


def _wrapping(case, pasted):
    """What stands around the token, where that matters."""
    wanted, verdict = case.wanted, case.verdict
    if pasted.blanks:
        verdict.warn("blanks", "there are blanks or line ends around it, which were ignored here")
    if not pasted.bearer:
        return
    if wanted.realm == "management":
        verdict.refuse("bearer", "ProxyAuthorization takes the bare token, without Bearer")
    elif wanted.realm == "rest":
        _from(case, _versions.REST_BEARER, "servers before {} refuse the prefix Bearer")
    elif wanted.type == "publish" and pasted.header:
        _from(case, _versions.WHIP_BEARER, "WHIP takes the prefix Bearer from {} on only")
    else:
        verdict.refuse("bearer", "a stream's token goes without Bearer, except for WHIP")


def _from(case, first, text):
    version, text = case.wanted.version, text.format(_versions.shown(first))
    if not version:
        case.verdict.warn("bearer", text)
    elif version < first:
        case.verdict.refuse("bearer", text)


def _policy(case, kind):
    """What the inventory says about this place, before a look at the token itself."""
    wanted, verdict = case.wanted, case.verdict
    verdict.kind = kind
    place = wanted.type or wanted.realm
    if wanted.jwks and wanted.realm != "stream":
        verdict.refuse("jwks", "a JWKS address is set there, so no token signed by a secret counts")
    if wanted.guard == "none":
        if wanted.realm == "management":
            verdict.refuse("off", "management tokens are off in the policy: the header is ignored")
        else:
            verdict.warn("off", f"the policy asks for no token for {place}: all get in without one")
    elif wanted.guard and wanted.guard != verdict.kind:
        verdict.refuse(
            "kind",
            f"the policy wants {wanted.guard} tokens for {place}, this is {verdict.kind}",
        )


def _other_kind(case, token):
    """Whether a token that is refused would be right as one of the kind that it looks like."""
    wanted, verdict = case.wanted, case.verdict
    word = _kinds.surely(token)
    if verdict.accepted is not False or wanted.realm != "stream" or word in ("", verdict.kind):
        return
    other = replace(case, wanted=replace(wanted, guard="", room=""), verdict=Verdict())
    _kinds.of(word).judge(other, token)
    if other.verdict.accepted:
        verdict.signed_by = verdict.signed_by or other.verdict.signed_by
        verdict.refuse("other_kind", f"where {word} tokens are asked for it would be right")
