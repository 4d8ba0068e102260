# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tokens for a machine that asks a server from elsewhere, so that no secret has to go there.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils import _hs256, _probe

# From the controller to the vantage, through all its questions, with clocks a little apart.
SECONDS = 120


def mint(plan: Mapping, secrets: Mapping, now: float) -> dict:
    """Tokens by application: ``rest``, and ``publish`` with the ``stream`` it is for.

    :arg plan: as the module ``probe`` returns it.
    :arg secrets: as the policy has them. Where one is missing, so is the token.
    :arg now: Unix seconds.
    """
    expiry = int(now) + SECONDS
    tokens = {}
    for app, known in plan["apps"].items():
        held = _secrets_of(secrets, app)
        found = {}
        if known["rest_token"] and held.get("rest"):
            found["rest"] = _hs256.sign({"exp": expiry}, held["rest"])
        stream = _probe.fresh()
        token = _publish(known["publish_token"], held, stream, expiry)
        if known["publisher"] and token:
            found.update(publish=token, stream=stream)
        if found:
            tokens[app] = found
    return tokens


def _secrets_of(secrets, app):
    named = (secrets.get("apps") or {}).get(app) or {}
    return {
        word: str(secret)
        for word, secret in {**(secrets.get("app_defaults") or {}), **named}.items()
        if secret
    }


def _publish(kinds, held, stream, expiry):
    if kinds == ["jwt"] and held.get("stream"):
        claims = {"streamId": stream, "type": "publish", "exp": expiry}
        return _hs256.sign(claims, held["stream"])
    if kinds == ["hash"] and held.get("hash"):
        return hashlib.sha256(f"{stream}publish{held['hash']}".encode()).hexdigest()
    return ""
