# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module audit: Ansible's side of it, on the controller."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.streamward.antmedia.plugins.doc_fragments.audit_formats import (
    ModuleDocFragment as Formats,
)
from ansible_collections.streamward.antmedia.plugins.modules.audit import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    audit as _audit,
    collected as _collected,
    control as _control,
    run as _run,
    table as _table,
    trend as _trend,
    waivers as _waivers,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    documented as _documented,
    faults as _faults,
    registered as _registered,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    console,
    formats,
)


def argument_spec() -> dict:
    """The options as the module's documentation declares them."""
    return _documented.argument_spec(DOCUMENTATION, fragments=(Formats.DOCUMENTATION,))


class ActionModule(Action):
    """Judges, shows and writes."""

    _requires_connection = False

    def work(self, task_vars: dict) -> dict:
        _valid, args = self.validate_argument_spec(argument_spec())
        hostvars = task_vars.get("hostvars") or {}
        folder = Path(args["dest"]).expanduser().absolute()
        wrong = _table.unknown([*args["controls"], *args["skip"]])
        waivers = {}
        for host in args["hosts"]:
            waivers[host], faults = _waivers_of(hostvars, host)
            wrong += faults
        if wrong:
            raise _faults.Faults(dict.fromkeys(wrong))
        audit = _run.run(
            [_evidence(args, hostvars, host) for host in args["hosts"]],
            _table.chosen(args["controls"], args["skip"]),
            int(time.time()),
            args["title"],
            waivers,
            _earlier(args, folder),
        )
        files = [formats.path(audit.title, name, folder) for name in args["formats"]]
        for text, colour in [*console.lines(audit), *((str(path), "") for path in files)]:
            self._display.display(text, color=colour or None)
        result = _result(audit, args["fail_on"], files)
        if not self._task.check_mode:
            try:
                for name in args["formats"]:
                    formats.write(audit, name, folder)
            except OSError as error:
                result.update(failed=True, msg=f"dest: {folder}: {error.strerror}")
        return result


def _evidence(args: dict, hostvars: Mapping, host: str) -> _control.Evidence:
    known = _registered.variables(hostvars, host)
    return _collected.evidence(
        host,
        _registered.result(known, args["results_from"]),
        _registered.result(known, args["probes_from"]),
        sorted(map(str, known.get("group_names") or ())),
        str(_inventory(hostvars, host, "antmedia_fleet") or ""),
    )


def _inventory(hostvars: Mapping, host: str, name: str) -> Any:
    """A variable of the inventory, as it is for that host; None where it has none."""
    if name not in _registered.variables(hostvars, host):
        return None
    return plain(hostvars[host][name])


def _waivers_of(hostvars, host):
    return _waivers.read(_inventory(hostvars, host, _waivers.VARIABLE), host)


def _earlier(args: dict, folder: Path) -> _trend.Earlier | None:
    """The run before; None where there is none."""
    given = args["previous"]
    name = f"{args['title']}.json"
    path = Path(given).expanduser().absolute() if given else folder / name
    try:
        return _trend.read(_files.read(path, _trend.MOST_BYTES))
    except FileNotFoundError as error:
        if given:
            raise ValueError(f"previous: {path}: {error.strerror}") from error
        return None
    except OSError as error:
        raise ValueError(f"previous: {path}: {error.strerror}") from error
    except _trend.TrendError as error:
        hint = "" if given else "; take it away, or name another report"
        raise ValueError(f"previous: {path}: {error}{hint}") from error


def _result(audit: _audit.Audit, fail_on: str, files: list[Path]) -> dict:
    return {
        "changed": False,
        "score": audit.score,
        "scores": {host.name: host.score for host in audit.hosts},
        "counts": {status: audit.count(status) for status in _audit.STATUSES},
        "failed_hosts": audit.failed_hosts(fail_on),
        "failing": {host.name: _failing(host) for host in audit.hosts},
        "policy": {host.name: host.policy for host in audit.hosts},
        "files": [str(path) for path in files],
    }


def _failing(host: _audit.HostResult) -> list[str]:
    found = sorted(
        host.with_status(_audit.FAIL),
        key=lambda each: _control.SEVERITIES.index(each.control.severity),
    )
    return [each.control.id for each in found]
