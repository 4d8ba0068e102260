# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which kind of token the policy of a host wants.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import layers as _layers
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order


class Asked(NamedTuple):
    """kind: of the token, ``none`` for no token, empty if the policy does not say.

    jwks: whether a JWKS address is set there.
    """

    kind: str
    jwks: bool


def asked(variable: Callable[[str], Any], order: Order) -> Asked:
    """What the policy asks for where an order's token would be shown.

    :arg variable: gives a variable of the host.
    """
    if order.realm == "management":
        settings = variable("antmedia_server_settings") or {}
        return Asked(
            _switch(variable("antmedia_management_jwt")), bool(settings.get("server.jwksURL"))
        )
    policy = {layer: variable(f"antmedia_{layer}") for layer in _words.LAYERS}
    # Faults of the policy are not this module's business.
    merged = _layers.merge_layers(policy, [order.app])[0][order.app]
    if order.realm == "rest":
        settings = merged.get("settings", (None, {}))[1]
        jwks = settings.get("jwksURL", (None, ""))[1] if isinstance(settings, dict) else ""
        return Asked(_switch(merged.get("rest_jwt", (None, None))[1]), bool(jwks))
    kind = str(merged.get(order.type, (None, ""))[1] or "")
    # What a hook wants to see is its own affair.
    return Asked("" if kind == _words.HOOKED else kind, False)


def _switch(value):
    if value is None:
        return ""
    return "jwt" if _catalogue.on(value) else _words.UNGUARDED
