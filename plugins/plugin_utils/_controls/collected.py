# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The evidence of hosts out of what they have registered.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    Evidence,
    Proof,
    shown,
)

NO_FACTS = "its answer is not that of the module facts: is ansible_python_interpreter right?"


def evidence(
    host: str,
    result: Any,
    probe: Any = None,
    groups: Iterable[str] = (),
    fleet: str = "",
) -> Evidence:
    """The evidence of a host.

    :arg result: what the module ``facts`` returned, None if it did not run.
    :kwarg probe: what the module ``probe`` returned, None if it did not.
    """
    facts, problem = _facts(result)
    return Evidence(host, facts, problem, tuple(groups), fleet, _proofs(probe))


def _facts(result):
    if not isinstance(result, Mapping):
        return {}, "it was not asked"
    facts = result.get("ansible_facts")
    facts = facts.get("antmedia") if isinstance(facts, Mapping) else None
    if isinstance(facts, Mapping):
        return facts, ""
    text = shown(result.get("msg") or NO_FACTS, 300)
    return {}, ("unreachable: " if result.get("unreachable") else "") + text


def _proofs(probe: Any) -> tuple[Proof, ...] | None:
    if not isinstance(probe, Mapping) or probe.get("skipped"):
        return None
    rows = probe.get("controls")
    if not isinstance(rows, (list, tuple)):
        why = shown(probe.get("msg") or "it gave no answer", 300)
        return (Proof("", "probe", "cannot tell", why),)
    return tuple(
        Proof(*(_text(row, word) for word in ("app", "control", "outcome", "reason")))
        for row in rows
        if isinstance(row, Mapping)
    )


def _text(row, word):
    return shown(row.get(word, ""), 300)
