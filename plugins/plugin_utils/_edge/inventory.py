# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where an option comes from: the task, else the variable ``antmedia_<option>`` of its host.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.template import Templar
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain

HOOKS = ("before", "after")


class Inventory:
    """The variables of a task's host.

    :arg variables: the task's, not templated.
    """

    def __init__(self, templar: Templar, variables: Mapping) -> None:
        self._templar = templar
        self.variables = variables

    def has(self, name: str) -> bool:
        """Whether a variable is defined, and not as what ``omit`` stands for."""
        return name in self.variables and not self._omitted(self.variables[name])

    def _omitted(self, value: object) -> bool:
        omit = self.variables.get("omit")
        return omit is not None and isinstance(value, str) and value == omit

    def get(self, name: str, default: Any = None) -> Any:
        """A variable as plain values; the default where it is not defined, or null."""
        value = self.raw(name)
        return default if value is None else value

    def raw(self, name: str) -> Any:
        """A variable as plain values, None where it is null or not defined."""
        if not self.has(name):
            return None
        value = self._templar.template(self.variables[name])
        return None if self._omitted(value) else plain(value)

    def fill(self, args: Mapping, options: Iterable[str]) -> dict:
        """The options of a task, and those it leaves out as the inventory has them."""
        found = dict(args)
        for option in options:
            name = _options.variable(option)
            if option not in found and self.has(name):
                found[option] = self.raw(name)
        return found


def folder(variables: Mapping) -> str:
    """Where relative paths of the inventory start: the folder of the run's first inventory.

    So every host and every playbook of a run means the same file. Empty without an inventory file.

    :arg variables: of the host; only ``ansible_inventory_sources`` is used.
    """
    sources = [str(source) for source in variables.get("ansible_inventory_sources") or ()]
    first = next((source for source in sources if os.path.exists(source)), "")
    if not first:
        return ""
    return os.path.abspath(first if os.path.isdir(first) else os.path.dirname(first))


def hook(inventory: Inventory, which: str) -> str:
    """The file of tasks that takes a host out of service, or back into it; empty for none.

    :arg which: one of :data:`HOOKS`.
    :raises ValueError: when it is not there.
    """
    name = "antmedia_drain_" + which
    named = inventory.get(name)
    if not named:
        return ""
    base = folder(inventory.variables)
    path = os.path.abspath(os.path.join(base, os.path.expanduser(str(named))))
    if not os.path.isfile(path):
        raise ValueError(
            f"{name}: there is no file {path}; relative paths start from the inventory's folder"
        )
    return path
