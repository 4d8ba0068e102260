# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which secret signed a JWT: the right one, that of another place, or one the minter misread.

Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.jwt import Token
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    jwt as _misses,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses.secrets import (
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import (
    Case,
    Wanted,
)

STREAM_MINIMUM = 32


def check(case: Case, token: Token) -> None:
    """Say in the case's verdict what a token's signature is worth."""
    verdict, algorithm, place = case.verdict, token.algorithm, _place(case.wanted)
    if algorithm != "HS256":
        verdict.refuse(
            "algorithm", f"its algorithm is {algorithm!r}, the server takes HS256 and nothing else"
        )
        _other_algorithm(case, token)
        return
    if not case.secrets:
        verdict.accepted = None if verdict.accepted else verdict.accepted
        verdict.warn("unchecked", "the signature was not checked, as no secret is known here")
        return
    for version, secret in _versions(case.secrets.get(place)):
        if token.signed_by(secret):
            _own(case, place, version, secret)
            return
    for word, held in case.secrets.items():
        for version, secret in _versions(held):
            if token.signed_by(secret):
                _foreign(case, word, version, secret)
                return
    _unknown(case, token)


def _place(wanted: Wanted) -> tuple[str, str]:
    if wanted.realm == "management":
        return "", "management"
    return wanted.app, wanted.realm


def _own(case, place, version, secret):
    verdict, name = case.verdict, fingerprint(secret)
    verdict.note_signer(place, version, secret)
    if version == "previous":
        verdict.refuse(
            "previous", f"it is signed by the previous secret ({name}), refused since the rotation"
        )
    elif version == "pending":
        verdict.refuse(
            "pending", f"it is signed by the pending secret ({name}), good only after the cutover"
        )
    elif place[1] == "stream" and len(secret) < STREAM_MINIMUM:
        verdict.refuse(
            "short_secret",
            f"the stream secret ({name}) has {len(secret)} characters; below {STREAM_MINIMUM}"
            " the server refuses every token",
        )


def _foreign(case, word, version, secret):
    case.verdict.note_signer(word, version, secret)
    app, realm = word
    of = f" of app {app}" if app else ""
    which = "" if version == "current" else f"{version} "
    signed = f"it is signed by the {which}{realm} secret{of} ({fingerprint(secret)})"
    if realm != _place(case.wanted)[1]:
        case.verdict.refuse(
            "realm", f"wrong realm: {signed}, but the {case.wanted.realm} secret counts here"
        )
    else:
        case.verdict.refuse("app", f"wrong app: {signed}")


def _unknown(case, token):
    place = _place(case.wanted)
    held = list(_versions(case.secrets.get(place)))
    for version, secret in held:
        miss = _misses.signing(token, secret)
        if miss:
            code, text = miss
            case.verdict.note_signer(place, version, secret)
            case.verdict.refuse(code, f"{text} ({version} secret, {fingerprint(secret)})")
            return
    known = ", ".join(f"{version} {fingerprint(secret)}" for version, secret in held)
    case.verdict.refuse(
        "signature",
        "no secret known here signed it" + (f"; for this place they are {known}" if known else ""),
    )


def _other_algorithm(case, token):
    if token.algorithm not in ("HS384", "HS512"):
        return
    place = _place(case.wanted)
    for version, secret in _versions(case.secrets.get(place)):
        right = token.signed_by(secret, token.algorithm)
        miss = None if right else _misses.signing(token, secret)
        if right or miss:
            case.verdict.note_signer(place, version, secret)
        if miss:
            case.verdict.refuse(*miss)
