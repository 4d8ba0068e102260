# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate of a run, or none, which costs nothing of what a gate is made of.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import held as _held
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.held import GateError
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted

if TYPE_CHECKING:
    from ansible_collections.streamward.antmedia.plugins.module_utils._gate.host import Gate


class NoGate:
    """A host whose gate, if it has one, stays as it is."""

    changed = drops = False

    def changes(self) -> list[dict[str, Any]]:
        """None."""
        return []

    def prepare(self) -> None:
        """Nothing to do."""

    commit = finish = take_back = prepare


__all__ = ["AnyGate", "GateError", "NoGate", "faults", "gate"]
AnyGate = Union["Gate", NoGate]


def faults(
    wanted: Wanted, installation: Installation, manager: str, held: _held.Held | None
) -> list[str]:
    """Why a host cannot have the gate that is wanted; empty where it can, or none is wanted."""
    return _host().faults(installation, manager, held) if wanted.gate else []


def gate(wanted: Wanted, installation: Installation, held: _held.Held | None) -> AnyGate:
    """The gate of a run.

    :raises GateError: when the host does not say what it has, or cannot have it.
    """
    if wanted.gate or wanted.gate_goes:
        return _host().Gate(wanted, installation, held)
    return NoGate()


def _host() -> Any:
    # What the daemon is made of takes a third as long to import as everything else of a run.
    from ansible_collections.streamward.antmedia.plugins.module_utils._gate import host

    return host
