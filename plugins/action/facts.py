# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module facts, and takes no other facts from the host than those."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    check as _check,
    on_host as _on_host,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import given as _given

MODULE = "streamward.antmedia.facts"


class ActionModule(Action):
    """One module call on the host."""

    _supports_check_mode = True
    _supports_async = True

    def work(self, task_vars):
        inventory = Inventory(self._templar, task_vars)
        args = inventory.fill(self._task.args, _options.FROM_INVENTORY["facts"])
        # Of the secrets it needs none but the account to ask with.
        args.setdefault("secrets", _given.admin(inventory))
        return _check.refused(args, task_vars) or _on_host.call(
            self, task_vars, facts=("antmedia",), module_name=MODULE, module_args=args
        )
