# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is known of a secret and its hosts, and the plan for it, as plain data.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
)

# States, as people read them.
ABSENT = "absent"  # the store holds nothing for the scope
IDLE = "idle"  # one current secret, every host has it
BEHIND = "behind"  # no rotation under way, but a host has not the current secret
STAGED = "staged"  # a pending secret in the store, no host touched
CUTOVER = "cutover"  # some hosts have the pending secret
SWITCHED = "switched"  # all of them have it, still to be proved and promoted

# Steps, in the order they are taken.
STAGE = "stage"
SWITCH = "cutover"
PROVE = "prove"
PROMOTE = "promote"
DISCARD = "discard"
RETIRE = "retire"


@dataclass(frozen=True)
class Secret:
    """What the store holds for one scope: fingerprints, empty for none, and Unix times.

    ``created`` is of the current secret, ``superseded`` when the previous one was replaced,
    ``retired`` are the fingerprints of those it held once, ``locked`` is who works on it.
    """

    scope: str
    pending: str = ""
    current: str = ""
    previous: str = ""
    created: float = 0.0
    superseded: float = 0.0
    retired: tuple[str, ...] = ()
    locked: str = ""

    @classmethod
    def of(cls, scope: str, document: dict, locked: str = "") -> Secret:
        """A secret as its document in the store says."""
        have = marks(document)
        return cls(
            scope,
            have["pending"],
            have["current"],
            have["previous"],
            _document.unix(document.get("current", {}).get("created", "")),
            _document.unix(document.get("previous", {}).get("superseded", "")),
            tuple(_document.retired(document)),
            locked,
        )

    def knows(self, mark: str) -> bool:
        """Whether a fingerprint is that of a secret the store has, or had and let go."""
        return bool(mark) and mark in (self.pending, self.current, self.previous, *self.retired)


def marks(document: dict) -> dict[str, str]:
    """The fingerprint of each version of a secret, empty for one that is not there."""
    return {**dict.fromkeys(_document.VERSIONS, ""), **_document.fingerprints(document)}


@dataclass(frozen=True)
class Seen:
    """What one host was seen to hold for one scope.

    ``marks`` are the fingerprints on its disk, one for each application concerned, with an empty
    text where an application should have a secret and has none. ``running`` is whether the server
    runs on what is on its disk; None if it could not be asked. ``trouble`` is why the host cannot
    take part; what it holds may be known all the same.
    """

    marks: tuple[str, ...] = ()
    running: bool | None = True
    trouble: str = ""


@dataclass(frozen=True)
class Plan:
    """What a run does about one scope.

    ``steps`` in order; ``move`` are the hosts that are given the ``target`` version (``pending`` or
    ``current``), ``prove`` those that have to prove it, ``missing`` those that cannot take part,
    with the reason, and ``hosts`` how many there are. With a ``refusal`` there are no steps.
    """

    scope: str
    state: str
    steps: tuple[str, ...] = ()
    target: str = "current"
    move: tuple[str, ...] = ()
    prove: tuple[str, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    hosts: int = 0
    refusal: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Mapping) -> Plan:
        """A plan that went through Ansible, where texts in a row become a list."""
        fields = dict(data)
        for name in ("steps", "move", "prove", "refusal", "notes"):
            fields[name] = tuple(fields[name])
        return cls(**fields)

    @property
    def old(self) -> str:
        """The version that a host is to refuse once it has the target."""
        if self.target == "pending":
            return "current"
        return "pending" if self.state in (STAGED, CUTOVER, SWITCHED) else "previous"

    def gone(self, lost: Mapping[str, str]) -> dict[str, str]:
        """Hosts that do not or no longer take part, with the reason.

        :arg lost: hosts that were there when the plan was made, with the reason.
        """
        return {**self.missing, **{host: why for host, why in lost.items() if host in self.prove}}


def plans(work: Mapping) -> dict[str, Plan]:
    """The plans of a pass that went through Ansible, by scope."""
    return {scope: Plan.of(data) for scope, data in work["plans"].items()}
