# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The secrets that a host is given: those of its variables and those of its store, as one.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible.parsing.dataloader import DataLoader
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secrets as _secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    variables as _variables,
)


def _store():
    # Only who has a store pays for what it needs.
    from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
        stored as _stored,
    )

    return _stored


def of_host(inventory: Inventory, loader: DataLoader, refuse_locked: bool = False) -> dict:
    """The secrets of a host, in the shape of ``antmedia_secrets``."""
    return _over(inventory, loader, _secrets.VARIABLE, "current", refuse_locked)


def previous_of_host(inventory: Inventory, loader: DataLoader) -> dict:
    """Those that were replaced and must no longer be accepted."""
    return _over(inventory, loader, _variables.PREVIOUS, "previous", False)


def _over(inventory, loader, variable, version, refuse_locked):
    given = inventory.raw(variable) if inventory.has(variable) else {}
    if not isinstance(given, Mapping) or not inventory.has(_variables.STORE):
        return given  # what is none is for whoever compiles the policy to say
    return _secrets.merged(given, _store().bundle(inventory, loader, version, refuse_locked))


def chosen(inventory: Inventory, loader: DataLoader, uses: list) -> dict:
    """Certain secrets of the store, and the variables' admin."""
    return {**_store().chosen(inventory, loader, uses), **admin(inventory)}


def admin(inventory: Inventory) -> dict:
    """The admin account of the variables, and nothing else of them."""
    account = _secrets.mapping(inventory.get(_secrets.VARIABLE)).get("admin")
    return {} if account is None else {"admin": account}
