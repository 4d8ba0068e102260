# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tokens that the server makes, keeps a list of, and accepts once.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import shape as _shape
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.kind import Kind


class _OneTime(Kind):
    looks = re.compile(r"[0-9A-Za-z]{8,}")
    timed = True
    kept = True
    path = "token"

    def judge(self, case, text):
        verdict = case.verdict
        looks = _shape.looks(text)
        if _shape.jwt(text):
            verdict.refuse(
                "form",
                "it is a JWT, and the server takes of one-time tokens only what it made itself and"
                " has in its list",
            )
        elif self.looks.fullmatch(text) and not looks:
            verdict.unchecked("it looks like a one-time token, which the server keeps a list of")
        else:
            looks = f"; this one looks like {looks}" if looks else ""
            verdict.unchecked(
                f"one-time tokens are what the server has in its list, for one stream each{looks}"
            )


KIND = _OneTime()
