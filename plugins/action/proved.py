# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module proved, whose errors name their host."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import on_host as _on_host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action


class ActionModule(Action):
    """One module call on the host."""

    _supports_check_mode = True
    _supports_async = True

    def work(self, task_vars: dict) -> dict:
        args = _on_host.filled(self, "proved", task_vars)
        return _on_host.run(self, "proved", args, task_vars)
