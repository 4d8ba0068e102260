# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was done to come to a code that is not the subscriber's.

A code has six digits, so one in a million others fits by chance: few slips are tried, and what is
found is likely, not sure.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import hmac
import itertools
import re

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import totp as _totp
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    secrets as _secrets,
    slips as _slips,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import Case

RIGHT = (
    "HMAC-SHA1 with the key (secret + subscriber + stream + type) filled up with X to a multiple of"
    " 8, or with the subscriber's own secret decoded from base32"
)

_MOST = 2
_PARTS = ("secret", "subscriber", "stream", "type")
_ORDERS = (
    *itertools.permutations(_PARTS),
    _PARTS[:3],
    ("secret", "subscriber"),
    ("secret", "stream"),
    ("secret",),
    ("secret", "stream", "subscriber"),
)


def _decoded(text):
    try:
        return base64.b32decode(text.upper() + b"=" * (-len(text) % 8))
    except ValueError:
        return b""


# What is done with the text before it is a key.
_KEYS = {
    "filled up with X to a multiple of 8": lambda text: text + b"X" * (-len(text) % 8),
    "not filled up with X": lambda text: text,
    "filled up with = to a multiple of 8": lambda text: text + b"=" * (-len(text) % 8),
    "filled up with zeros to a multiple of 8": lambda text: text + b"\0" * (-len(text) % 8),
    "as the base32 text itself": lambda text: base64.b32encode(text + b"X" * (-len(text) % 8)),
    "decoded from base32": _decoded,
}
_HASHES = ("sha1", "sha256", "sha512")
_STEPS = (0, -1, 1)


def find(case: Case, code: str) -> tuple[str, _secrets.Candidate | None] | None:
    """The formula that makes a code, and the secret in it; None if none is known."""
    wanted = case.wanted
    ways = _of_subscriber(case) if wanted.subscriber_secret else _of_app(case)
    for words, key, algorithm, period, step, candidate in ways:
        if key and _code(key, case.now + step * period, period, algorithm) == code:
            return _told(words, algorithm, period, step, wanted.period), candidate
    return None


def _of_app(case):
    """Ways from the secret that the application has for subscribers whom it does not know."""
    wanted = case.wanted
    own, others = _secrets.candidates(case.secrets, (wanted.app, f"totp_{wanted.type}"))
    (other,) = (word for word in _words.DIRECTIONS if word != wanted.type)
    subscriber = wanted.subscriber
    dials = {
        "type": list(dict.fromkeys((wanted.type, other, wanted.type.upper()))),
        "period": list(dict.fromkeys((wanted.period, 60, 30, 90, 120, 300))),
        "hash": _HASHES,
        "key": list(_KEYS.items()),
        "subscriber": list(
            dict.fromkeys(
                (subscriber, subscriber.lower(), subscriber.upper(), subscriber.split("@")[0], "")
            )
        ),
        "stream": list(dict.fromkeys((wanted.stream, *case.named, wanted.stream.lower()))),
        "order": _ORDERS,
        "step": _STEPS,
    }
    for secrets, most in ((own, _MOST), (others[1:], 1)):
        for way, slips in _slips.ways({**dials, "secret": secrets}, most) if secrets else ():
            candidate = way["secret"]
            texts = {part: way[part].encode() for part in _PARTS[1:]}
            texts["secret"] = candidate.key
            named = {part: part if part not in slips else repr(way[part]) for part in _PARTS[1:]}
            named["secret"] = candidate.words
            done, make = way["key"]
            words = f"({' + '.join(named[part] for part in way['order'])}) {done}"
            key = make(b"".join(texts[part] for part in way["order"]))
            yield words, key, way["hash"], way["period"], way["step"], candidate


def _of_subscriber(case):
    """Ways from the secret of a subscriber whom the server knows."""
    own = case.wanted.subscriber_secret
    keys = [
        ("the subscriber's secret decoded from base32", _decoded(own.encode())),
        ("the subscriber's secret as text", own.encode()),
        ("the subscriber's secret as text in capital letters", own.upper().encode()),
        ("the subscriber's secret as text in small letters", own.lower().encode()),
        *((f"the subscriber's {r.words}", r.key) for r in _secrets.readings(own)),
    ]
    dials = {
        "key": keys,
        "period": list(dict.fromkeys((case.wanted.period, 60, 30, 90, 120, 300))),
        "hash": _HASHES,
        "step": _STEPS,
    }
    for way, _slipped in _slips.ways(dials, _MOST):
        words, key = way["key"]
        yield words, key, way["hash"], way["period"], way["step"], None


def _code(key, now, period, algorithm):
    counter = int(now) // period
    if counter < 0:
        return ""
    digest = hmac.digest(key, counter.to_bytes(8, "big"), algorithm)
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**_totp.DIGITS).zfill(_totp.DIGITS)


def _told(words, algorithm, period, step, right):
    text = f"the code of the key {words}"
    if algorithm != "sha1":
        text += f", with {algorithm} in place of sha1"
    if period != right:
        text += f", for a period of {period} seconds in place of {right}"
    if step:
        text += f", of the {'next' if step > 0 else 'last'} period"
    return text


def form(text: str) -> str:
    """What a text is that is no code, to stand behind that; empty if nothing is known."""
    if re.fullmatch("[0-9]{1,5}", text):
        return ": zeros at its start are missing"
    if re.fullmatch("[0-9]{7,10}", text):
        return f": it has {len(text)} digits, the server's have {_totp.DIGITS}"
    return ""
