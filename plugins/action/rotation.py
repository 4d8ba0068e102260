# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module rotation: Ansible's side of it, on the controller."""

from __future__ import annotations

import json
import os
import time

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.modules.rotation import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    documented as _documented,
    registered as _registered,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    evidence as _evidence,
    machine as _machine,
    passes as _passes,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    context as _context,
    document as _document,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    lifetime as _lifetime,
)


def seconds(text, variable):
    """Seconds of a duration, where a bare 0 is allowed."""
    text = str(text).strip()
    if text == "0":
        return 0.0
    if text.isdigit():
        raise ValueError(
            f"{variable}: {text!r} has no unit; write {text}d for days, {text}h for hours"
        )
    try:
        return float(_lifetime.duration(text))
    except _lifetime.LifetimeError as error:
        raise ValueError(f"{variable}: {error}") from None


class ActionModule(Action):
    """Looks at all hosts' results and works on the store."""

    _requires_connection = False
    _supports_check_mode = True

    def work(self, task_vars):
        self._hostvars = task_vars.get("hostvars") or {}
        faults = _options.faults(self._task.args, given=True)
        if faults:
            raise Faults(faults)
        _valid, args = self.validate_argument_spec(_documented.argument_spec(DOCUMENTATION))
        self._args = {name: plain(value) for name, value in args.items()}
        result = self._take(task_vars)
        for line in result.get("lines", ()):
            self._display.display(_visible.line(line))
        return result

    def _take(self, task_vars):
        args, step = self._args, self._args["step"]
        if self._task.check_mode and step in ("decide", "renew", "finish", "release"):
            return {"changed": False, "skipped": True, "lines": []}
        names = args["hosts"]
        fleets = {name: str(self._variable(name, "antmedia_fleet") or "fleet") for name in names}
        reader = _context.Reader(self._config(names), _context.of(self._loader, task_vars))
        used = sorted(set(fleets.values()))
        try:
            return getattr(self, "_" + step)(reader, fleets, used)
        finally:
            if step not in ("plan", "check", "decide"):
                for fleet in used:
                    reader.forget(fleet)
            for note in reader.store.notes:
                self._display.warning(_visible.text(note))
            reader.store.close()

    def _config(self, names):
        """The one store of all hosts."""
        found, without = {}, []
        for name in names:
            config = self._variable(name, "antmedia_secret_store")
            if config:
                found.setdefault(json.dumps(config, sort_keys=True), []).append(name)
            else:
                without.append(name)
        faults = []
        if without:
            faults.append(f"antmedia_secret_store is not set for {', '.join(without)}")
        if len(found) > 1:
            groups = " and ".join(f"{hosts[0]} ({len(hosts)} hosts)" for hosts in found.values())
            faults.append(
                f"antmedia_secret_store differs between {groups}: rotate one store at a time"
                " (antmedia_hosts)"
            )
        if faults or not found:
            raise ValueError("; ".join(faults) or "there are no hosts")
        return json.loads(next(iter(found)))

    def _variable(self, host, name):
        variables = self._hostvars.get(host)
        return plain(variables[name]) if variables and name in variables else None

    def _results(self, name):
        """What each host has in a registered variable."""
        found = {}
        for host in self._args["hosts"] if name else ():
            value = _registered.result(_registered.variables(self._hostvars, host), name)
            if value is not None:
                found[host] = value
        return found

    @staticmethod
    def _documents(reader, fleets):
        found = {}
        for fleet in fleets:
            found.update(reader.documents(_context.check_fleet(fleet)))
        return found

    def _hosts(self, fleets, documents):
        looks = self._results(self._args["looks_from"])
        return {
            name: _evidence.survey(looks.get(name), fleet, documents)
            for name, fleet in fleets.items()
        }

    def _options(self):
        args = self._args
        return _machine.Options(
            args["mode"],
            None
            if args["max_age"] is None
            else seconds(args["max_age"], "antmedia_secret_max_age"),
            seconds(args["grace"], "antmedia_previous_grace"),
            args["quorum"],
        )

    def _plan(self, reader, fleets, used):
        args, options = self._args, self._options()
        documents = self._documents(reader, used)
        if not documents:
            raise ValueError(
                f"{reader.store.where()} holds no secret of {', '.join(used)}: make them, or take"
                " over those that servers use, with the playbook streamward.antmedia.secrets"
            )
        self._refuse_unknown(args["apps"], documents)
        hosts = self._hosts(fleets, documents)
        passes, refusals = _passes.make_passes(
            documents,
            hosts,
            options,
            _passes.Selection(tuple(args["realms"]), tuple(args["apps"])),
            time.time(),
        )
        lines = [line for work in passes for line in work["lines"]]
        missing = [f"{name} {host.trouble}" for name, host in hosts.items() if host.trouble]
        refusals += self._overruled(hosts, _passes.allowed(documents, passes))
        if refusals:
            raise _passes.RotationRefused(refusals)
        if not lines:
            without = f", without {'; '.join(missing)}" if missing else ""
            lines = [f"rotation: nothing to do{without}"]
        return {
            "changed": False,
            "passes": passes,
            "together": _passes.together(passes),
            "absent": _passes.absent(hosts, options.quorum),
            "refusals": refusals,
            "lines": lines,
        }

    @staticmethod
    def _refuse_unknown(apps, documents):
        known = {_document.Scope.parse(scope).app for scope in documents} - {""}
        unknown = [app for app in apps if app not in known]
        if unknown:
            raise ValueError(
                f"antmedia_rotation_apps: the store has no secret of {', '.join(unknown)}, only of"
                f" {', '.join(sorted(known)) or 'no application'}"
            )

    def _check(self, _reader, _fleets, _used):
        args = self._args
        movers = sorted(args["plan"]["together"])
        _passes.refuse_unable(movers, self._results(args["preflight_from"]))
        return {"changed": False, "lines": []}

    def _overruled(self, hosts, allowed):
        """A secret given as a variable wins over the store: rotated there, nothing would change."""
        held = {}
        for name, host in hosts.items():
            given = self._variable(name, "antmedia_secrets") or {}
            for scope in _evidence.overruled(given, host, allowed):
                held.setdefault(scope, []).append(name)
        return [
            f"{scope}: antmedia_secrets of {names[0]} ({len(names)} hosts) has another secret than"
            " it is to have, and wins over the store: take it out of the variable"
            for scope, names in held.items()
        ]

    def _begin(self, reader, fleets, used):
        args = self._args
        documents = self._documents(reader, used)
        return {
            "changed": True,
            **_passes.begin(
                reader.store,
                args["plan"],
                self._hosts(fleets, documents),
                self._results(args["preflight_from"]),
                args["quorum"],
                _passes.Timing(args["since"], args["lead"], time.time, args["drain_timeout"]),
                args["batches"],
                self._task.check_mode,
            ),
        }

    def _changes(self):
        """What came of each host's last call that was not skipped."""
        changes = {}
        for name in self._args["changes_from"]:
            for host, found in self._results(name).items():
                if not found.get("skipped") or host not in changes:
                    changes[host] = found
        return changes

    def _decide(self, _reader, _fleets, _used):
        args = self._args
        now = time.time()
        return {
            "changed": False,
            **_passes.decide(args["plan"], self._changes(), args["quorum"], now),
        }

    def _finish(self, reader, fleets, _used):
        args = self._args
        done = _passes.finish(
            reader.store,
            args["plan"],
            self._hosts(fleets, args["plan"]["scopes"]),
            self._changes(),
            self._results(args["proofs_from"]),
            self._options(),
            args["tolerant"],
            time.time,
        )
        if args["record"]:
            self._write(os.path.expanduser(args["record"]), done["records"])
        done["lines"] = [*done["lines"], done["summary"]]
        return {"changed": True, **done}

    def _renew(self, reader, _fleets, _used):
        plan = self._args["plan"]
        reader.store.lock(plan["plans"], plan["hold"])
        stopped = _passes.stopped_by(self._changes())
        return {"changed": False, "stopped_by": stopped, "lines": []}

    def _release(self, reader, _fleets, _used):
        reader.store.unlock(self._args["plan"]["plans"])
        return {"changed": False, "lines": []}

    @staticmethod
    def _write(path, records):
        text = "".join(json.dumps(record, sort_keys=True) + "\n" for record in records)
        try:
            _files.append(path, text, 0o640)
        except OSError as error:
            raise ValueError(
                f"antmedia_rotation_log: {path} cannot be written: {error.strerror}; the rotation"
                f" itself is done: {text}"
            ) from None
