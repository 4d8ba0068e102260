# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A subscriber's codes, each good for one period.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    shape as _shape,
    totp as _totp,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.kind import Kind
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.lifetime import words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.misses import (
    totp as _misses,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted


class _Totp(Kind):
    looks = re.compile(r"[0-9]{6}")
    path = "totp"
    answer = "dataId"

    def make(self, mint, order, secret):
        if isinstance(secret, str):
            secret = _totp.shared_key(secret, order.subscriber, order.stream, order.type)
        return Minted(order, *_totp.code(secret, mint.now, mint.period))

    def expiry(self, mint, order):
        return (mint.now // mint.period + 1) * mint.period

    def question(self, order, expires):
        below = f"{order.stream}/subscribers/{order.subscriber}/{self.path}"
        return f"/rest/v2/broadcasts/{below}?" + urlencode({"type": order.type})

    def judge(self, case, text):
        wanted, verdict = case.wanted, case.verdict
        if not self.looks.fullmatch(text):
            looks = _shape.looks(text)
            hint = f": it looks like {looks}" if looks else _misses.form(text)
            verdict.refuse("form", f"it is not a code of six digits{hint}")
            return
        word = f"totp_{wanted.type}"
        secret = getattr(case.secrets.get((wanted.app, word)), "current", "")
        if wanted.subscriber_secret:
            key = _totp.subscriber_key(wanted.subscriber_secret)
        elif secret and wanted.subscriber:
            key = _totp.shared_key(secret, wanted.subscriber, wanted.stream, wanted.type)
        else:
            verdict.unchecked("a code needs its subscriber and the app's TOTP secret")
            return
        for step in range(-10, 2):
            code, end = _totp.code(key, case.now + step * wanted.period, wanted.period)
            if code == text:
                break
        else:
            _say(case, text)
            return
        if not wanted.subscriber_secret:
            verdict.note_signer((wanted.app, word), "current", secret)
        verdict.expires = end
        if step < 0:
            verdict.refuse("expired", f"the code changed {words(case.now - end) or 'just'} ago")
        elif step > 0:
            verdict.refuse("future", "the code is that of the next period: a clock is ahead")


KIND = _Totp()


def _say(case, text):
    """Say what was done to come to a code."""
    verdict = case.verdict
    found = _misses.find(case, text)
    if not found:
        verdict.refuse("code", "it is not one of the codes of the last ten periods")
        return
    formula, secret = found
    if secret:
        verdict.note_signer(secret.place, secret.version, secret.text)
    verdict.refuse("formula", f"it is probably {formula}, and the server wants {_misses.RIGHT}")
