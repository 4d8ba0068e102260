# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module probe; for a machine that only looks on, with tokens in place of secrets."""

from __future__ import annotations

import time

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    check as _check,
    on_host as _on_host,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    host_task as _host_task,
)


class ActionModule(Action):
    """One module call, on the host of the server or on a vantage."""

    _supports_check_mode = True
    _supports_async = True

    def work(self, task_vars: dict) -> dict:
        args = _host_task.options(self, "probe", task_vars)
        refused = _check.refused(args, task_vars)
        if refused:
            return refused
        if args.get("plan"):
            # Only who asks from another machine pays for what that needs.
            from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
                vantage as _vantage,
            )

            secrets = plain(args.pop("secrets", None)) or {}
            args.pop("previous_secrets", None)
            args["plan"], args["tokens"] = _vantage.prepare(
                plain(args["plan"]), secrets, time.time()
            )
            inventory = Inventory(self._templar, task_vars)
            host = inventory.get("ansible_host", task_vars["inventory_hostname"])
            args["plan"]["front"] = _vantage.front(inventory.get("antmedia_endpoint"), str(host))
        return _on_host.call(self, "probe", args, task_vars)
