# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hashes of a stream, a direction and a secret, which work until the secret changes.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import hashed as _hashed
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.kind import Kind
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted


class _Hash(Kind):
    looks = re.compile(r"[0-9a-fA-F]{64}")

    def make(self, mint, order, secret):
        return Minted(order, _hashed.token(order.stream, order.type, secret), None)

    def judge(self, case, text):
        wanted, verdict = case.wanted, case.verdict
        verdict.warn("no_expiry", "a hash is good until its secret changes")
        held = case.secrets.get((wanted.app, "hash"))
        secret = getattr(held, "current", "")
        if not secret:
            verdict.unchecked(f"the hash secret of app {wanted.app} is not known here")
            return
        if text == _hashed.token(wanted.stream, wanted.type, secret):
            verdict.note_signer((wanted.app, "hash"), "current", secret)
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


KIND = _Hash()
