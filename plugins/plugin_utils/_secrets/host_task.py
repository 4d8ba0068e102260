# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of a module that works on the server of a host, its secrets included.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import given as _given

# What the action does itself, and no module has to know.
OWN = ("policy", "previous_uses", "secrets_locked", "uses")


def options(action: ActionBase, module: str, task_vars: dict) -> dict:
    """The options of a task, complete.

    What it leaves out is ``antmedia_<option>`` of the inventory: the policy and the secrets, unless
    it says ``policy: task``, and how to go about it in any case. With ``uses``, the secrets are
    certain ones of the store.

    :arg module: its short name, see :data:`_options.FROM_INVENTORY`.
    :raises ValueError: when a secret cannot be had.
    """
    inventory = Inventory(action._templar, task_vars)
    args = dict(action._task.args)
    names = _options.FROM_INVENTORY[module]
    if args.get("policy") != "task":
        names += _options.POLICY
    found = args if args.get("plan") else inventory.fill(args, names)
    found.update(_secrets(args, inventory, action._loader, module))
    return {name: value for name, value in found.items() if name not in OWN}


def _secrets(args, inventory, loader, module):
    """The secrets that a task does not give itself."""
    found = {}
    of_task = args.get("policy") == "task"
    if "secrets" not in args:
        if "uses" in args:
            found["secrets"] = _given.chosen(inventory, loader, plain(args["uses"]))
        elif not of_task:
            refuse = args.get("secrets_locked") == "refuse"
            found["secrets"] = _given.of_host(inventory, loader, refuse)
    if module == "probe" and "previous_secrets" not in args and not args.get("plan"):
        if "previous_uses" in args:
            uses = plain(args["previous_uses"])
            found["previous_secrets"] = _given.chosen(inventory, loader, uses)
        elif not of_task:
            found["previous_secrets"] = _given.previous_of_host(inventory, loader)
    return found
