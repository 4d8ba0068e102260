# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a control is, and what it finds on a host.

A control is one file in ``controls/`` or, if it compares hosts, in ``fleet/``. The file has its
page, the text of ``docs/controls``, and its rule, a function without a branch for what is unknown:
the evidence sees to that.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    CannotTell,
    Evidence,
    Place,
    shown,
)

# From the worst to what is only worth knowing.
SEVERITIES = ("critical", "high", "medium", "low", "info")

PASS, FAIL, NOT_APPLICABLE, CANNOT_TELL = "pass", "fail", "not applicable", "cannot tell"
# From the worst to the best.
OUTCOMES = (FAIL, CANNOT_TELL, PASS, NOT_APPLICABLE)

# What controls are about, in the order of the pages.
TOPICS = {
    "access": "Who gets in",
    "streams": "Who publishes and plays",
    "secrets": "Secrets and tokens",
    "tls": "Certificates and encryption",
    "settings": "Settings that do not say what they seem to",
    "host": "The host around the server",
    "operation": "How the server is run",
    "fleet": "Across hosts",
}

# How many faults of a host are told of one control; the rest is counted.
MOST_FAULTS = 50


@dataclass(frozen=True)
class Fault:
    """Something that makes a control fail.

    text: what was seen, in a line. app: the application it is about, empty for the server or the
    host. policy: the variables for ``secure`` that mend it, empty where there are none. step: what
    else a person has to do.
    """

    text: str
    app: str = ""
    policy: Mapping[str, Any] = field(default_factory=dict)
    step: str = ""


@dataclass(frozen=True)
class Finding:
    """What a control found on a host.

    faults: why it fails. lines: what was seen otherwise: why it passes, is not applicable, or
    cannot be told; beside faults, what could not be told as well.
    """

    outcome: str
    faults: tuple[Fault, ...] = ()
    lines: tuple[str, ...] = ()


def passed(*lines: str) -> Finding:
    """It is as it should be."""
    return Finding(PASS, lines=lines)


def not_applicable(*lines: str) -> Finding:
    """There is nothing here that the control could be about."""
    return Finding(NOT_APPLICABLE, lines=lines)


def cannot_tell(*lines: str) -> Finding:
    """Nobody knows."""
    return Finding(CANNOT_TELL, lines=lines)


def found(faults: Iterable[Fault], *lines: str, unknown: Iterable[str] = ()) -> Finding:
    """It fails if there is a fault, cannot be told if something is unknown, and passes otherwise.

    :arg lines: what to say where it passes.
    :kwarg unknown: what could not be told, in lines.
    """
    faults, unknown = tuple(faults), tuple(unknown)
    if faults:
        return Finding(FAIL, faults, unknown)
    return cannot_tell(*unknown) if unknown else passed(*lines)


# The faults of one settings file; None where a control is not about that one.
Rule = Callable[[Place], Iterable[Fault] | None]


def in_apps(evidence: Evidence, rule: Rule, says: str = "") -> Finding:
    """What a rule finds in applications, each for itself: one that cannot be told hides no other.

    :kwarg says: what to say where it passes.
    """
    return by_place(evidence.apps, rule, evidence.unread_apps, says)


def in_files(evidence: Evidence, rule: Rule, says: str = "") -> Finding:
    """The same in every settings file, the server's own too."""
    return by_place(evidence.places(), rule, evidence.unread_apps, says)


def by_place(
    places: Iterable[Place], rule: Rule, unknown: Iterable[str] = (), says: str = ""
) -> Finding:
    """The same in any of them. unknown: what is known not to be told."""
    faults: list[Fault] = []
    untold, about = list(unknown), 0
    for place in places:
        try:
            of_place = rule(place)
            if of_place is not None:
                faults += of_place
                about += 1
        except CannotTell as why:
            untold.append(str(why))
    if not about and not untold:
        return not_applicable("there is no application that it could be about")
    return found(faults, *([says] if says else []), unknown=untold)


def of_app(place: Place, **words: Any) -> dict[str, Any]:
    """The policy of one application: its words, as ``antmedia_apps`` takes them."""
    return {"antmedia_apps": {place.name: words}}


@dataclass(frozen=True)
class Page:
    """What people read about a control. Texts in plain sentences, with Markdown's marks for code.

    what: what is looked at. why: why it matters. attack: how somebody makes use of it. remedy: what
    to do. references: pages of these docs, such as ``docs/doors.md``, and addresses.
    """

    what: str
    why: str
    attack: str
    remedy: str
    references: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AnyControl:
    """What all controls have.

    id: as the file is called, with ``-`` for ``_``. title: what is wrong where it fails, in a line.
    severity: of :data:`SEVERITIES`. topic: of :data:`TOPICS`. mends: whether ``secure`` mends it,
    by the policy that a fault brings.
    """

    id: str
    title: str
    severity: str
    topic: str
    page: Page
    mends: bool = False


@dataclass(frozen=True, kw_only=True)
class Control(AnyControl):
    """A control of one host.

    judge: what it finds there; raises :class:`CannotTell` where that cannot be told.
    """

    judge: Callable[[Evidence], Finding] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class FleetControl(AnyControl):
    """A control that compares hosts.

    judge: what it finds on each host that it is about, by name; it is not applicable to others.
    """

    judge: Callable[[Mapping[str, Evidence]], Mapping[str, Finding]] = field(repr=False)


def merged(policies: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Policies as one; of two values for one word the first counts."""
    whole: dict[str, Any] = {}
    for policy in policies:
        _merge(whole, policy)
    return whole


def _merge(whole, policy):
    for key, value in policy.items():
        if isinstance(value, Mapping):
            inner = whole.setdefault(key, {})
            if isinstance(inner, dict):
                _merge(inner, value)
        else:
            whole.setdefault(key, value)


__all__ = [
    "CANNOT_TELL",
    "FAIL",
    "NOT_APPLICABLE",
    "OUTCOMES",
    "PASS",
    "SEVERITIES",
    "TOPICS",
    "AnyControl",
    "CannotTell",
    "Control",
    "Evidence",
    "Fault",
    "Finding",
    "FleetControl",
    "Page",
    "Place",
    "by_place",
    "cannot_tell",
    "found",
    "in_apps",
    "in_files",
    "merged",
    "not_applicable",
    "of_app",
    "passed",
    "shown",
]
