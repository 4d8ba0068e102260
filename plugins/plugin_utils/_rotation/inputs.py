# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a step has before it: its options, what hosts have registered, and their one store.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    registered as _registered,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    evidence as _evidence,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.evidence import Host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    context as _context,
    variables as _variables,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
    Store,
)


class Inputs:
    """What a step works with.

    :arg args: the options of the module, plain values.
    :arg hostvars: Ansible's variable of that name.
    :arg context: see :func:`_context.of`.
    :arg check: only tell what the step would do.
    """

    def __init__(
        self, args: Mapping[str, Any], hostvars: Mapping, context: Context, check: bool = False
    ) -> None:
        self.args, self.check = args, check
        self._hostvars = hostvars
        self._fleets = {
            name: str(self.variable(name, _variables.FLEET) or _variables.DEFAULT_FLEET)
            for name in args["hosts"]
        }
        self._reader = _context.Reader(self._config(), context)

    @property
    def store(self) -> Store:
        return self._reader.store

    @property
    def fleets(self) -> list[str]:
        """The fleets that the hosts are of."""
        return sorted(set(self._fleets.values()))

    def variable(self, host: str, name: str) -> Any:
        """A variable of a host, None where it is not defined."""
        variables = self._hostvars.get(host)
        return plain(variables[name]) if variables and name in variables else None

    def _config(self):
        """The one store of all hosts."""
        found: dict[str, list] = {}
        without = []
        for name in self.args["hosts"]:
            config = self.variable(name, _variables.STORE)
            if config:
                found.setdefault(json.dumps(config, sort_keys=True), []).append(name)
            else:
                without.append(name)
        faults = []
        if without:
            faults.append(f"{_variables.STORE} is not set for {', '.join(without)}")
        if len(found) > 1:
            groups = " and ".join(f"{hosts[0]} ({len(hosts)} hosts)" for hosts in found.values())
            faults.append(
                f"{_variables.STORE} differs between {groups}: rotate one store at a time"
                " (antmedia_hosts)"
            )
        if faults or not found:
            raise Faults(faults or ["there are no hosts"])
        return json.loads(next(iter(found)))

    def results(self, name: str | None) -> dict[str, dict]:
        """What each host has in a registered variable; nothing without a name."""
        found = {}
        for host in self.args["hosts"] if name else ():
            value = _registered.result(_registered.variables(self._hostvars, host), name)
            if value is not None:
                found[host] = value
        return found

    def changes(self) -> dict[str, dict]:
        """What came of each host's last call that was not skipped."""
        found: dict[str, dict] = {}
        for name in self.args["changes_from"]:
            for host, result in self.results(name).items():
                if not result.get("skipped") or host not in found:
                    found[host] = result
        return found

    def documents(self) -> dict[str, dict]:
        """What the store has of the hosts' fleets, by scope."""
        found: dict[str, dict] = {}
        for fleet in self.fleets:
            found.update(self._reader.documents(_context.check_fleet(fleet)))
        return found

    def hosts(self, scopes: Iterable[str]) -> dict[str, Host]:
        """What the hosts' looks say.

        :arg scopes: those that the store has.
        """
        looks, known = self.results(self.args["looks_from"]), frozenset(scopes)
        return {
            name: _evidence.survey(looks.get(name), fleet, known)
            for name, fleet in self._fleets.items()
        }

    def forget(self) -> None:
        """After a write: the next reading asks the store."""
        for fleet in self.fleets:
            self._reader.forget(fleet)
