# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module report: Ansible's side of it, on the controller."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.doc_fragments.formats import (
    ModuleDocFragment as Formats,
)
from ansible_collections.streamward.antmedia.plugins.modules.report import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils import _report
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    documented as _documented,
    registered as _registered,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import console, formats

FRONT_NOT_ASKED = (
    "the front that antmedia_endpoint names is not asked: name a machine that is to ask it in"
    " antmedia_vantages, such as localhost, the controller"
)


def argument_spec() -> dict:
    """The options as the module's documentation declares them."""
    return _documented.argument_spec(DOCUMENTATION, fragments=(Formats.DOCUMENTATION,))


class ActionModule(Action):
    """Shows and writes a report."""

    _requires_connection = False

    def work(self, task_vars: dict) -> dict:
        _valid, args = self.validate_argument_spec(argument_spec())
        report = self._collect(args, task_vars.get("hostvars") or {})
        for text, colour in console.lines(report):
            self._display.display(text, color=colour or None)
        folder = Path(args["dest"]).expanduser().absolute()
        result = dict(
            changed=False,
            outcome=report.outcome,
            outcomes={host.name: host.outcome for host in report.hosts},
            failed_hosts={host.name: host.reason for host in report.hosts if not host.good},
            files=[str(formats.path(report, name, folder)) for name in args["formats"]],
        )
        if not self._task.check_mode:
            try:
                for name in args["formats"]:
                    formats.write(report, name, folder)
            except OSError as error:
                result.update(failed=True, msg=f"dest: {folder}: {error.strerror}")
        return result

    @staticmethod
    def _collect(args: dict, hostvars: Mapping) -> _report.Report:
        builder = _report.Builder(tuple(args["accept"]))
        for host in args["hosts"]:
            known = _registered.variables(hostvars, host)
            if args["only_asked"] and args["results_from"] not in known:
                continue
            vantages = _vantages(_registered.result(known, args["vantages_from"]))
            unseen = known.get("antmedia_endpoint") and not vantages
            builder.add(
                host,
                _registered.result(known, args["results_from"]),
                vantages,
                [FRONT_NOT_ASKED] if unseen else [],
            )
        return builder.report(args["title"], int(time.time()))


def _vantages(loop):
    """Pairs of a machine and its result out of a registered loop."""
    results = loop.get("results") if loop else None
    return [
        (str(found.get("item")), found)
        for found in (results if isinstance(results, list) else ())
        if isinstance(found, Mapping) and not found.get("skipped")
    ]
