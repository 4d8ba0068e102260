# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module outcome: Ansible's side of it, on the controller."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.modules.outcome import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    documented as _documented,
    registered as _registered,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import outcome as _outcome

NO_POLICY = "the host does not have its policy"


class ActionModule(Action):
    """Reads what was registered as it is, and fails with it or shows it."""

    _requires_connection = False
    _supports_check_mode = True

    def work(self, task_vars: dict) -> dict:
        _valid, self._args = self.validate_argument_spec(_documented.argument_spec(DOCUMENTATION))
        self._vars = task_vars
        done = getattr(self, "_" + self._args["of"])()
        return {"changed": False, **done}

    def _result(self):
        name = self._args["result_from"]
        found = _registered.result(self._vars, name or "")
        if found is None:
            raise ValueError(f"result_from: no result is registered as {name or '(nothing)'}")
        return found

    def _of_host(self, name):
        hostvars = self._vars.get("hostvars") or {}
        return lambda host: _registered.result(_registered.variables(hostvars, host), name)

    def _settings(self):
        return _failed(_outcome.of_settings(self._result(), self._args["last"]))

    def _report(self):
        return _failed(_outcome.of_report(self._result(), self._vars["inventory_hostname"]))

    def _rotation(self):
        return _failed(_outcome.of_rotation(self._result()))

    def _token(self):
        found = self._result()
        shown = {"msg": str(found.get("verdict")), "_ansible_verbose_always": True}
        return _failed(_outcome.of_token(found)) or shown

    def _lost(self):
        lost = _outcome.lost(
            self._vars["ansible_play_hosts_all"],
            self._vars["ansible_play_hosts"],
            self._of_host(self._args["result_from"]),
        )
        return _failed(f"{', '.join(lost)}: cannot be reached any more" if lost else "")

    def _fleet(self):
        report = _registered.result(self._vars, self._args["report_from"]) or {}
        failed = report.get("failed_hosts")
        lines = _outcome.fleet(
            self._vars["ansible_play_hosts_all"],
            self._of_host(self._args["result_from"]),
            self._of_host(self._args["proved_from"]),
            failed if isinstance(failed, Mapping) else {},
            self._task.check_mode,
        )
        for line in lines:
            self._display.display(line)
        return {"lines": lines}

    def _stop(self):
        found = _registered.result(self._vars, self._args["result_from"]) or {}
        return _failed(_visible.text(found.get("msg") or NO_POLICY))


def _failed(text):
    return {"failed": True, "msg": text} if text else {}
