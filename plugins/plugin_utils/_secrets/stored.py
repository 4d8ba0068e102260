# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a host's store holds for its fleet.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    bundle as _bundle,
    context as _context,
    document as _document,
    locks as _locks,
    owner as _owner,
    variables as _variables,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Context


def stored(
    config: Any, fleet: str, context: Context, refuse_locked: bool = False
) -> dict[str, dict]:
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
                _locks.refuse_locked(document, run, time.time(), _owner.alive)
            except _document.Locked as error:
                raise _document.Locked(f"{scope}: {error}") from None
    return documents


def of_inventory(
    inventory: Inventory, loader: DataLoader, refuse_locked: bool = False
) -> dict[str, dict]:
    """What the store that the inventory names has of the host's fleet, see :func:`stored`."""
    return stored(
        inventory.get(_variables.STORE),
        _fleet(inventory),
        _context.of(loader, inventory.variables),
        refuse_locked,
    )


def bundle(
    inventory: Inventory, loader: DataLoader, version: str, refuse_locked: bool = False
) -> dict:
    """The same as secrets, in the shape of ``antmedia_secrets``; see :func:`_bundle.bundle`."""
    fleet = _fleet(inventory)
    return _bundle.bundle(of_inventory(inventory, loader, refuse_locked), fleet, version)


def chosen(inventory: Inventory, loader: DataLoader, uses: list) -> dict:
    """Certain secrets of it, see :func:`_bundle.chosen`."""
    return _bundle.chosen(of_inventory(inventory, loader), uses)


def _fleet(inventory):
    return str(inventory.get(_variables.FLEET, _variables.DEFAULT_FLEET))
