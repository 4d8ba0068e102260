# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module settings, and shows how changes come into force, or who is on air meanwhile.

Ansible says only that something changed, and of a task that is tried again only how often it still
will be.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    host_task as _host_task,
)

WAYS = {
    "live": ("applied live, without a restart", "would be applied live, without a restart"),
    "restart": ("restarted for {}", "would restart for {}"),
}


class ActionModule(Action):
    """One module call on the host."""

    _supports_check_mode = True
    _supports_async = True

    def work(self, task_vars):
        result = _host_task.run(self, "settings", task_vars)
        line = self._line(result)
        if line:
            self._display.display(f"{task_vars['inventory_hostname']}: {_visible.line(line)}")
        return result

    def _line(self, result):
        if result.get("waiting"):
            return f"a restart waits: {result.get('msg', '')}"
        left = result.get("restart_required") or result.get("cutover_pid")
        if result.get("failed") or not result.get("changed") or left:
            return ""
        done, predicted = WAYS.get(str(result.get("way")), ("", ""))
        line = predicted if self._task.check_mode else done
        return line.format(", ".join(map(str, result.get("reasons") or ())))
