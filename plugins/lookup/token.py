# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lookup token: the module of the same name for templates."""

from __future__ import annotations

DOCUMENTATION = r"""
name: token
short_description: Mint tokens that Ant Media Server accepts, inside a template
version_added: 0.1.0
description:
  - Makes JWTs, hash tokens and TOTP codes as the module M(streamward.antmedia.token) does, on the
    controller and without any server.
  - A template is rendered whenever it is used, and makes a new token each time. If you need one
    token twice, register the module's result.
  - The secrets come from the variables C(antmedia_secrets) and C(antmedia_secret_store).
extends_documentation_fragment:
  - streamward.antmedia.words.made
options:
  _terms:
    description:
      - Stream ids, for O(realm=stream).
      - Apps, for O(realm=rest). Nothing, for O(realm=management).
    type: list
    elements: str
  app:
    description: The app, for O(realm=stream).
    type: str
    default: ""
  type:
    description: The direction, V(publish) or V(play).
    type: str
    choices: [publish, play]
  realm:
    description: What the token is for.
    type: str
    choices: [stream, rest, management]
    default: stream
  lifetime:
    description: How long the token works; see O(streamward.antmedia.token#module:lifetime).
    type: str
    default: 1h
  room:
    description: Id of the conference's main track, for the claim C(roomId).
    type: str
    default: ""
  subscriber:
    description: The subscriber's id, for O(kind=totp).
    type: str
    default: ""
  totp_period:
    description: How many seconds a code lives, the server's C(timeTokenPeriod).
    type: int
    default: 60
seealso:
  - module: streamward.antmedia.token
  - module: streamward.antmedia.token_info
author:
  - Streamward maintainers (@streamward)
"""

EXAMPLES = r"""
- name: A player's configuration with a token in it
  ansible.builtin.copy:
    content: |
      token = {{ lookup('streamward.antmedia.token', 'stream1', app='LiveApp', type='play') }}
    dest: /etc/player.conf
    mode: "0600"

- name: Ask the management API
  ansible.builtin.uri:
    url: https://live.example.org:5443/rest/v2/applications
    headers:
      ProxyAuthorization: "{{ lookup('streamward.antmedia.token', realm='management') }}"
"""

RETURN = r"""
_raw:
  description: A token for each term.
  type: list
  elements: str
"""

import time  # noqa: E402
from typing import Any  # noqa: E402

from ansible.errors import AnsibleLookupError  # noqa: E402
from ansible.plugins.lookup import LookupBase  # noqa: E402
from ansible_collections.streamward.antmedia.plugins.module_utils import _options  # noqa: E402
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret  # noqa: E402
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (  # noqa: E402
    faults as _faults,
    inventory as _inventory,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (  # noqa: E402
    source as _source,
    variables as _variables,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (  # noqa: E402
    lifetime as _lifetime,
    mint as _mint,
    order as _order,
)


class LookupModule(LookupBase):
    """Mints with the variables of the host that the template is for."""

    def run(self, terms: list, variables: dict | None = None, **kwargs: Any) -> list:
        self.set_options(var_options=variables, direct=kwargs)
        self._variables = variables or {}
        try:
            return self._mint([str(term) for term in terms])
        except ValueError as error:
            text = "; ".join(_faults.of(error))
            raise AnsibleLookupError(f"token: {_visible.text(text)}") from None

    def _mint(self, terms):
        option = self.get_option
        realm = option("realm")
        faults = _options.out_of_bounds({"totp_period": option("totp_period")})
        if faults:
            raise _order.TokenError(faults)
        if realm == "management" and terms:
            raise _order.TokenError(
                ["a management token is for the whole server, so it takes no terms"]
            )
        source = _source.Source(
            {name: self._variable(name) for name in _variables.USED},
            context=self._store_context,
        )
        cap = self._variable("antmedia_token_max_lifetime")
        cap = None if cap is None else _lifetime.duration(cap)
        mint = _mint.Mint(time.time(), cap, option("totp_period"))
        base = _order.Order(
            realm=realm,
            kind=option("kind"),
            app=option("app"),
            type=option("type") or "",
            lifetime=option("lifetime"),
            room=option("room"),
            subscriber=option("subscriber"),
        )
        place = "app" if realm == "rest" else "stream"
        orders = [_order.variant(base, **{place: term}) for term in terms]
        orders = [base] if realm == "management" else orders
        return [_minted(order, mint, source) for order in orders]

    def _store_context(self):
        # Only who has a store pays for what it needs.
        from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
            context as _context,
        )

        return _context.of(self._loader, self._variables)

    def _variable(self, name):
        return _inventory.Inventory(self._templar, self._variables).raw(name)


def _minted(order, mint, source):
    faults = mint.faults(order)
    if faults:
        raise _order.TokenError(faults)
    secret, origin = source.need(order.secret_word, order.app)
    faults = " and ".join(_secret.faults(secret))
    if faults:
        raise _order.TokenError([f"{origin}: the secret {faults}"])
    return mint.mint(order, secret).value
