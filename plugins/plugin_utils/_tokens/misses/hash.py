# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was done to come to a text that is not the hash of a stream.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
from typing import NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import shape as _shape
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    secrets as _secrets,
    slips as _slips,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import Case

RIGHT = "sha256(stream + type + secret) in small hexadecimal digits"
DIGITS = "hexadecimal digits"

_PARTS = ("stream", "type", "secret")
# Which parts in which order: all, without one of them, with the application.
_ORDERS = (
    *itertools.permutations(_PARTS),
    *itertools.permutations(("stream", "secret")),
    *itertools.permutations(("type", "secret")),
    ("app", *_PARTS),
    ("stream", "app", "type", "secret"),
    ("app", "stream", "secret"),
    ("secret", "app", "stream", "type"),
)
_BETWEEN = ("", ":", "-", "_", ".", "/", "|", " ", ",", "&", "+", "\n")
_BEHIND = {"": "", "a line end": "\n", "a line end as of Windows": "\r\n", "a blank": " "}
_DIGESTS = ("sha256", "sha1", "md5", "sha512", "sha384", "sha224", "sha3_256")
_SYNONYMS = {
    "publish": ("publisher", "broadcast", "write", "push"),
    "play": ("player", "view", "viewer", "subscribe", "read", "watch"),
}


class Found(NamedTuple):
    """formula: what makes the text. secret: what is in it. slips: what of it is wrong. type: the
    direction in it. how: it is written.
    """

    formula: str
    secret: _secrets.Candidate
    slips: tuple[str, ...]
    type: str
    how: str


def find(case: Case, text: str) -> Found | None:
    """What makes a text, with as few slips as can be; None if nothing does that is known here."""
    written = {found: how for how, found in reversed(list(_shape.bytes_of(text)))}
    own, others = _secrets.candidates(case.secrets, (case.wanted.app, "hash"))
    sizes = {len(found) for found in written}
    dials = _dials(case, [name for name in _DIGESTS if hashlib.new(name).digest_size in sizes])
    if not dials["digest"]:
        return None
    for secrets, most in ((own, _slips.MOST), (others, 1)):
        # The first is wrong among the secrets of others, too.
        for way, slips in _slips.ways({**dials, "secret": secrets}, most) if secrets else ():
            how = written.get(_digest(case, way))
            if how:
                slips += ("digits",) * (how != DIGITS) + ("secret",) * (secrets is others)
                slips = tuple(dict.fromkeys(slips))
                formula = _formula(case, way, how)
                return Found(formula, way["secret"], slips, way["type"], how)
    return None


def _dials(case, digests):
    wanted = case.wanted
    (other,) = (word for word in _words.DIRECTIONS if word != wanted.type)
    types = [wanted.type, other, *_SYNONYMS.get(wanted.type, ())]
    types += [word for known in types[:2] for word in (known.capitalize(), known.upper())]
    app, stream = wanted.app, wanted.stream
    streams = [stream, *case.named, stream.lower(), stream.upper(), f"{app}/{stream}"]
    streams += [f"/{app}/{stream}", f"streams/{stream}", f"{stream}.m3u8", f"/{stream}"]
    numbers = {name: value for name, value in case.parameters.items() if value.isdigit()}
    return {
        "type": list(dict.fromkeys(types)),
        "stream": list(dict.fromkeys(streams)),
        "order": _ORDERS,
        "digest": [(name, keyed) for keyed in (False, True) for name in digests],
        "between": _BETWEEN,
        "behind": list({**_BEHIND, **numbers}.items()),
    }


def _digest(case, way):
    name, keyed = way["digest"]
    key = way["secret"].key
    parts = {"app": case.wanted.app.encode(), "secret": key}
    parts.update((part, way[part].encode()) for part in ("stream", "type"))
    message = way["between"].encode().join(parts[part] for part in _message(way))
    message += way["behind"][1].encode()
    return hmac.digest(key, message, name) if keyed else hashlib.new(name, message).digest()


def _message(way):
    """The parts that are hashed; the key of an HMAC is none of them."""
    return [part for part in way["order"] if part != "secret" or not way["digest"][1]]


def _formula(case, way, how):
    right = {"stream": case.wanted.stream, "type": case.wanted.type}
    shown = {"app": "app", "secret": way["secret"].words}
    for part, text in right.items():
        shown[part] = part if way[part] == text else repr(way[part])
    between = f" + {way['between']!r} + " if way["between"] else " + "
    message = between.join(shown[part] for part in _message(way))
    if way["behind"][1]:
        message += f" + {way['behind'][0]}"
    name, keyed = way["digest"]
    made = f"hmac_{name}(key {shown['secret']}, {message})" if keyed else f"{name}({message})"
    return made if how == DIGITS else f"{made} in {how}"
