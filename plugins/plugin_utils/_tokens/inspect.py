# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a server would say to a token, in words.

Pure. What only the server knows (is a one-time token used up, is a subscriber blocked, does a
session still count) is named as such.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import kinds as _kinds
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import (
    Case,
    Verdict,
    Wanted,
)


def inspect(
    text: str, wanted: Wanted, secrets: Mapping[tuple[str, str], Secrets], now: int
) -> Verdict:
    """Judge a token.

    :arg text: the token as it was handed over.
    :arg secrets: ``{(app, word): Secrets}`` as of ``_source.Source.everything``.
    :arg now: Unix seconds.
    """
    case = Case(wanted, secrets, now)
    token = _unwrap(text, wanted, case.verdict)
    _policy(case, _kinds.seen(token))
    _kinds.of(case.verdict.kind).judge(case, token)
    return case.verdict


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
            verdict.refuse("bearer", "a stream's token goes without Bearer, except for WHIP")
    elif token != text:
        verdict.warn("blanks", "there are blanks or line ends around it, which were ignored here")
    return token


def _policy(case, seen):
    """What the inventory says about this place, before a look at the token itself."""
    wanted, verdict = case.wanted, case.verdict
    verdict.kind = seen if wanted.realm == "stream" else "jwt"
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
