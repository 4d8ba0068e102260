# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The secrets that a host is given: those of its variables and those of its store, as one.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secrets as _secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    context as _context,
    document as _document,
    owner as _owner,
)

STORE = "antmedia_secret_store"
FLEET = "antmedia_fleet"
DEFAULT_FLEET = "fleet"
PREVIOUS = "antmedia_previous_secrets"


def stored(config, fleet: str, context, refuse_locked: bool = False) -> dict[str, dict]:
    """What a store has of a fleet, by scope.

    :arg config: the variable ``antmedia_secret_store``.
    :arg context: see :func:`_context.of`.
    :kwarg refuse_locked: whether to go no further while a rotation holds one of them.
    :raises ValueError: when it has nothing, or cannot be read.
    """
    fleet = _context.check_fleet(fleet)
    reader = _context.Reader(config, context)
    documents = reader.documents(fleet)
    if not documents:
        raise ValueError(
            f"the store {reader.store.where()} holds no secret of fleet {fleet!r}: make"
            " them with streamward.antmedia.secret, state present or adopted"
        )
    if refuse_locked:
        run = _owner.identity()["run"]
        for scope, document in documents.items():
            try:
                _document.refuse_locked(document, run, time.time(), _owner.alive)
            except _document.Locked as error:
                raise _document.Locked(f"{scope}: {error}") from None
    return documents


def of_host(inventory: Inventory, loader, refuse_locked: bool = False) -> dict:
    """The secrets of a host, in the shape of ``antmedia_secrets``.

    :arg loader: Ansible's DataLoader.
    """
    return _over(inventory, loader, _secrets.VARIABLE, "current", refuse_locked)


def previous_of_host(inventory: Inventory, loader) -> dict:
    """Those that were replaced and must no longer be accepted."""
    return _over(inventory, loader, PREVIOUS, "previous", False)


def _over(inventory, loader, variable, version, refuse_locked):
    given = inventory.get(variable, {})
    if not isinstance(given, Mapping) or not inventory.has(STORE):
        return given  # what is none is for whoever compiles the policy to say
    return _secrets.merged(given, _bundle(inventory, loader, version, refuse_locked))


def _bundle(inventory, loader, version, refuse_locked):
    fleet = str(inventory.get(FLEET, DEFAULT_FLEET))
    documents = _documents(inventory, loader, refuse_locked)
    return _document.bundle(documents, fleet, version)


def _documents(inventory, loader, refuse_locked=False):
    return stored(
        inventory.get(STORE),
        str(inventory.get(FLEET, DEFAULT_FLEET)),
        _context.of(loader, inventory.variables),
        refuse_locked,
    )


def chosen(inventory: Inventory, loader, uses: list) -> dict:
    """Certain secrets of the store, see :func:`_document.chosen`, and the variables' admin."""
    found = _document.chosen(_documents(inventory, loader), uses)
    return {**found, **admin(inventory)}


def admin(inventory: Inventory) -> dict:
    """The admin account of the variables, and nothing else of them."""
    account = _secrets.mapping(inventory.get(_secrets.VARIABLE)).get("admin")
    return {} if account is None else {"admin": account}
