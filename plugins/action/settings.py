# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module settings, and shows who is on air each time a restart has to wait for them.

Ansible says of a task that is tried again only how often it still will be.
"""

from __future__ import annotations

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """One module call on the host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        del tmp
        result.update(self._execute_module(task_vars=task_vars, wrap_async=self._task.async_val))
        if result.get("waiting"):
            host = task_vars["inventory_hostname"]
            self._display.display(f"{host}: a restart waits: {result['msg']}")
        return result
