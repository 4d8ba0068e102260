# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options of Java: those of the running server, and those of its next start.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Evidence,
    Fault,
    Finding,
    shown,
)


def finding(evidence: Evidence, counts: Callable[[str], object], says: str, step: str) -> Finding:
    """The options that count, each with when it holds.

    :arg says: what to say where there is none.
    :arg step: what a person has to do about one.
    """
    java = evidence.found.part("java")
    if not java.known("now") and not java.known("next"):
        raise CannotTell("nobody says with which options Java runs")
    found: dict[str, list[str]] = {}
    for option, when in _options(evidence):
        if counts(option):
            found.setdefault(shown(option), []).append(when)
    faults = [
        Fault(f"{' and '.join(dict.fromkeys(whens))}: {option}", step=step)
        for option, whens in found.items()
    ]
    return _control.found(faults, says)


def _options(evidence: Evidence) -> Iterator[tuple[str, str]]:
    java = evidence.found.part("java")
    for key, when in (("now", "the running server"), ("next", "the next start")):
        for option in java.texts(key) if java.known(key) else ():
            yield option, when
