# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module cutover, and shows how the changes came into force."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    check as _check,
    line as _line,
    on_host as _on_host,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory

MODULE = "streamward.antmedia.cutover"


class ActionModule(Action):
    """One module call on the host."""

    _supports_check_mode = False
    _supports_async = True

    def work(self, task_vars):
        args = Inventory(self._templar, task_vars).fill(
            self._task.args, _options.FROM_INVENTORY["cutover"]
        )
        refused = _check.refused(args, task_vars)
        if refused:
            return refused
        result = _on_host.call(self, task_vars, module_name=MODULE, module_args=args)
        _line.show(self, result, task_vars["inventory_hostname"])
        return result
