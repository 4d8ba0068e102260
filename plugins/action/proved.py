# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module proved, whose errors name their host."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import on_host as _on_host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory

MODULE = "streamward.antmedia.proved"


class ActionModule(Action):
    """One module call on the host."""

    _supports_check_mode = True
    _supports_async = True

    def work(self, task_vars):
        args = Inventory(self._templar, task_vars).fill(
            self._task.args, _options.FROM_INVENTORY["proved"]
        )
        return _on_host.call(self, task_vars, module_name=MODULE, module_args=args)
