# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module facts, and takes no other facts from the host than those."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import on_host as _on_host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import given as _given


class ActionModule(Action):
    """One module call on the host."""

    _supports_check_mode = True
    _supports_async = True

    def work(self, task_vars: dict) -> dict:
        args = _on_host.filled(self, "facts", task_vars)
        # Of the secrets it needs none but the account to ask with.
        args.setdefault("secrets", _given.admin(Inventory(self._templar, task_vars)))
        return _on_host.run(self, "facts", args, task_vars, facts=("antmedia",))
