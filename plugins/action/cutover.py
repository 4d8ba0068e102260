# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module cutover, and shows how the changes came into force."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    line as _line,
    on_host as _on_host,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action


class ActionModule(Action):
    """One module call on the host."""

    _supports_check_mode = False
    _supports_async = True

    def work(self, task_vars: dict) -> dict:
        args = _on_host.filled(self, "cutover", task_vars)
        result = _on_host.run(self, "cutover", args, task_vars)
        _line.show(self, result, task_vars["inventory_hostname"])
        return result
