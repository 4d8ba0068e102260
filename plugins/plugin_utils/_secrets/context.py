# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a store is told about the run: Ansible's side of :class:`_store.Context`.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from ansible import constants as C
from ansible.parsing.dataloader import DataLoader
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    inventory as _inventory,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    stores as _stores,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.cache import RunCache
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Context


def of(loader: DataLoader, variables: Mapping) -> Context:
    """The context of a task or a template.

    Relative paths start from the folder of the run's first inventory, so that every host and every
    playbook of a run means the same file; without an inventory file, from the current folder.

    :arg variables: of the host; only ``ansible_inventory_sources`` is used.
    """
    sources = [str(source) for source in variables.get("ansible_inventory_sources") or ()]
    folders = [source for source in sources if os.path.isdir(source)]
    return Context(
        base=_inventory.folder(variables) or os.getcwd(),
        vault_secrets=tuple(getattr(loader._vault, "secrets", None) or ()),
        inventories=tuple(folders),
    )


class Reader:
    """Reads a fleet from a store, not once for every host and template that asks.

    :arg config: the variable ``antmedia_secret_store``, templated.
    :arg context: see :func:`of`.
    """

    def __init__(self, config: Any, context: Context) -> None:
        self.store = _stores.open_store(plain(config), context)
        self._config = plain(config)
        self._cache = RunCache(C.DEFAULT_LOCAL_TMP or "")

    def _name(self, fleet):
        return json.dumps([self._config, self.store.where(), fleet], sort_keys=True)

    def documents(self, fleet: str) -> dict[str, dict]:
        """``{scope: document}`` of a fleet, as it is, or was at most a minute ago.

        A store with a mark is read again only when that has changed, others every minute.

        :raises ValueError: when the store cannot be read.
        """

        def read():
            try:
                return self.store.load_all(fleet)
            finally:
                self.store.close()

        return self._cache.get(self._name(fleet), self.store.mark(), read)

    def forget(self, fleet: str) -> None:
        """After a write: the next reading asks the store."""
        self._cache.forget(self._name(fleet))


def check_fleet(name: object) -> str:
    """The name of a fleet.

    :raises ValueError: when it cannot be part of a scope.
    """
    return _document.Scope.parse(f"{name}/management").fleet
