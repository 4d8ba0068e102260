# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hashes of a stream, a direction and a secret, which work until the secret changes.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    hashed as _hashed,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import shape as _shape
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.kind import Kind
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    hash as _misses,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted

_FORM = re.compile("[0-9a-f]{64}")


class _Hash(Kind):
    looks = re.compile(r"[0-9a-fA-F]{64}")

    def make(self, mint, order, secret):
        return Minted(order, _hashed.token(order.stream, order.type, secret), None)

    def judge(self, case, text):
        wanted, verdict = case.wanted, case.verdict
        verdict.warn("no_expiry", "a hash is good until its secret changes")
        held = case.secrets.get((wanted.app, "hash"))
        secret = getattr(held, "current", "")
        if secret and text == _hashed.token(wanted.stream, wanted.type, secret):
            verdict.note_signer((wanted.app, "hash"), "current", secret)
            return
        found = _misses.find(case, text)
        if found:
            _say(case, found)
        elif not _FORM.fullmatch(text):
            _say_form(verdict, text)
        elif not secret:
            verdict.unchecked(f"the hash secret of app {wanted.app} is not known here")
        else:
            verdict.refuse(
                "hash", f"it is not the hash of {wanted.stream!r}, {wanted.type!r} and the secret"
            )


KIND = _Hash()


def _say(case, found):
    """Say what was done to come to a text."""
    verdict, wanted = case.verdict, case.wanted
    secret, slips = found.secret, found.slips
    if secret.text:
        verdict.note_signer(secret.place, secret.version, secret.text)
    whole = secret.key == secret.text.encode()
    name = fingerprint(secret.text)
    if slips == ("type",) and found.type in _words.DIRECTIONS:
        verdict.refuse("type", f"it is the hash for {found.type}, not for {wanted.type}")
    elif slips == ("digits",) and found.how.startswith("capital"):
        verdict.refuse("case", "it is written in capitals, the server compares small letters")
    elif slips == ("secret",) and whole and secret.version == "previous":
        verdict.refuse(
            "previous", f"it is made from the previous secret ({name}), refused since the rotation"
        )
    elif slips == ("secret",) and whole and secret.version == "pending":
        verdict.refuse(
            "pending", f"it is made from the pending secret ({name}), good only after the cutover"
        )
    elif slips == ("secret",) and secret.place[1] == "hash" and secret.place[0] != wanted.app:
        verdict.refuse(
            "app", f"wrong app: it is made from the hash secret of app {secret.place[0]} ({name})"
        )
    else:
        verdict.refuse("formula", f"it is {found.formula}, and the server wants {_misses.RIGHT}")


def _say_form(verdict, text):
    looks = _shape.looks(text)
    looks = f"it looks like {looks}; " if looks else ""
    verdict.refuse(
        "form",
        f"it is not a SHA-256 in 64 small hexadecimal digits: {looks}the server wants"
        f" {_misses.RIGHT}",
    )
