# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate of a host in a run: what it is to be, what changes, and each step on the way there.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
import time
from typing import Any, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    change as _change,
    compile as _compile,
    files as _files,
    held as _held,
    installed as _installed,
    units as _units,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.held import GateError
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted

VARIABLE = "antmedia_gate"
GATE = "gate"  # why files change, beside the reasons of _plan


def faults(installation: Installation, manager: str, held: _held.Held | None) -> list[str]:
    """Why a host cannot have a gate; empty where it can."""
    if manager != "systemd":
        return [
            f"{VARIABLE}: systemd does not start this server (service manager {manager}), and the"
            " gate's parts are systemd's; leave it out"
        ]
    if os.geteuid():
        return [f"{VARIABLE}: needs root on the host; set become"]
    if held and held.policy and held.policy.home != installation.home:
        return [
            f"{VARIABLE}: the gate on this host stands in front of {held.policy.home}; a host has"
            " one gate"
        ]
    try:
        _files.nginx()
    except GateError as error:
        return [f"{VARIABLE}: {error}; the playbook streamward.antmedia.gate installs it"]
    return []


class Gate:
    """The gate as it is on a host, and as it is to be.

    :arg held: what is there; None for none.
    :raises GateError: when the host does not say what it has, or cannot have it.
    """

    def __init__(self, wanted: Wanted, installation: Installation, held: _held.Held | None) -> None:
        self.held = held
        before = held.policy if held else None
        self.policy = (
            _compile.compile_policy(wanted.gate, wanted, installation, before, time.time())
            if wanted.gate
            else None
        )
        self.before = held.before if held else _settings(wanted, installation)
        self._gate = _installed.Gate(self.policy, self.before)

    @property
    def changed(self) -> bool:
        """Whether there is something to do."""
        return bool(self._gate.seen)

    @property
    def drops(self) -> bool:
        """Whether somebody who publishes through it is cut off."""
        return _units.DAEMON_UNIT in self._gate.seen.stale

    def changes(self) -> list[dict[str, Any]]:
        """The changes as a result shows them."""
        return [change.shown() for change in self._changes()]

    def _changes(self) -> Iterator[_plan.Change]:
        def change(path: str, key: str, old: str | None, new: str | None) -> _plan.Change:
            return _plan.Change("", path, key, old, new, GATE, _plan.NONE)

        differ = self._gate.seen.differ
        for path in differ:
            if path != _files.POLICY:
                yield change(path, "content", *self._gate.digests(path))
        if _files.POLICY in differ:
            old = self.held.policy if self.held else None
            new = _files.on_host(self.policy) if self.policy else None
            for key, was, will in _change.changes(old, new):
                yield change(_files.POLICY, key, was, will)

    def prepare(self) -> None:
        """Find what can go wrong before anything is changed; nothing that runs notices it.

        :raises GateError: when something is in the way.
        """
        if self.policy and self.changed:
            self._gate.prepare()

    def commit(self) -> None:
        """Have its files in their places; or have it gone, so that the server can have its ports.

        :raises GateError: when that fails; what was there before is there again.
        """
        if not self.changed:
            return
        try:
            if self.policy:
                self._gate.commit()
            else:
                self._gate.remove()
        except GateError:
            self.take_back()
            raise

    def finish(self) -> None:
        """Have it run as its files say, and answer.

        :raises GateError: when it does not; nobody gets in then.
        """
        if self.policy and self.changed:
            self._gate.start()

    def take_back(self) -> None:
        """Have what was there before, as far as that can be had."""
        if self.changed:
            with contextlib.suppress(GateError, OSError):
                self._gate.take_back()


def _settings(wanted: Wanted, installation: Installation) -> dict[str, str]:
    """What the settings that a gate changes are so far."""
    names = [name for name in wanted.server if name.partition(".")[2] in ("host", "port")]
    return {name: installation.effective("", name) or "" for name in names}
