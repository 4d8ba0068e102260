# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The plan of a run: which secrets are exchanged, in which pass, and why nothing is.

PRIVATE to the collection.

A pass is plain data, since it travels through Ansible between the steps. Nothing in it is a secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    evidence as _evidence,
    machine as _machine,
    orders as _orders,
    plan as _plan,
    told as _told,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import (
    Options,
    Selection,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.evidence import Host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import (
    SWITCH,
    Secret,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    locks as _locks,
    owner as _owner,
)

# The management API last: changing its secret restarts servers, and live changes go through it.
PASSES = (
    ("applications", tuple(realm for realm in _words.REALMS if realm not in _words.SERVER_REALMS)),
    ("management", _words.SERVER_REALMS),
)


def make_passes(
    documents: Mapping[str, dict],
    hosts: Mapping[str, Host],
    options: Options,
    selection: Selection,
    now: float,
) -> tuple[list[dict], list[str]]:
    """Plan every scope.

    :arg documents: of the store, by scope.
    :returns: the passes that have something to do, and the refusals.
    """
    passes: list[dict] = []
    refusals: list[str] = []
    chosen = [s for s in sorted(documents) if selection.holds(_document.Scope.parse(s))]
    for name, realms in PASSES:
        plans, secrets = {}, {}
        for scope in chosen:
            if _document.Scope.parse(scope).realm not in realms:
                continue
            secrets[scope] = Secret.of(scope, documents[scope], _locked(documents[scope], now))
            seen = _evidence.seen(hosts, scope)
            if options.mode != "abort" and _evidence.unused(hosts, scope):
                continue
            plans[scope] = _machine.make_plan(secrets[scope], seen, options, now)
            refusals.extend(plans[scope].refusal)
        working = {scope: plan for scope, plan in plans.items() if plan.steps}
        if working:
            passes.append(
                {
                    "name": name,
                    "after": [work["name"] for work in passes],
                    "scopes": sorted(documents),
                    "plans": {scope: asdict(plan) for scope, plan in working.items()},
                    "marks": {scope: _plan.marks(documents[scope]) for scope in working},
                    "hosts": _orders.trials(working, hosts),
                    "lines": [
                        line
                        for scope, plan in working.items()
                        for line in _told.describe(plan, secrets[scope])
                    ],
                }
            )
    return passes, list(dict.fromkeys(refusals))


def _locked(document, now):
    """Which other run works on a secret, empty for none."""
    try:
        _locks.refuse_locked(document, _owner.identity()["run"], now, _owner.alive)
    except _document.Locked as error:
        return str(error)
    return ""


def together(passes: Sequence[Mapping]) -> dict[str, list]:
    """What each host would have to take if it took everything at once; nothing for one pass."""
    found: dict[str, list] = {}
    for work in passes if len(passes) > 1 else ():
        for host, orders in work["hosts"].items():
            found.setdefault(host, []).extend(orders["try"])
    return found


def refuse_unknown(apps: Iterable[str], documents: Iterable[str]) -> None:
    """:raises ValueError: for applications of which the store has no secret."""
    known = {_document.Scope.parse(scope).app for scope in documents} - {""}
    unknown = [app for app in apps if app not in known]
    if unknown:
        raise ValueError(
            f"antmedia_rotation_apps: the store has no secret of {', '.join(unknown)}, only of"
            f" {', '.join(sorted(known)) or 'no application'}"
        )


def overruled(
    given: Mapping[str, Mapping],
    hosts: Mapping[str, Host],
    documents: Mapping[str, dict],
    passes: Iterable[Mapping],
) -> list[str]:
    """Why a secret given as a variable is in the way: it wins over the store.

    Rotated there, nothing would change.

    :arg given: the variable ``antmedia_secrets`` of each host.
    """
    right = allowed(documents, passes)
    held: dict[str, list] = {}
    for name, host in hosts.items():
        for scope in _evidence.overruled(given[name], host, right):
            held.setdefault(scope, []).append(name)
    return [
        f"{scope}: antmedia_secrets of {names[0]} ({len(names)} hosts) has another secret than"
        " it is to have, and wins over the store: take it out of the variable"
        for scope, names in held.items()
    ]


def allowed(documents: Mapping[str, dict], passes: Iterable[Mapping]) -> dict[str, set]:
    """Which fingerprints a variable may give for a scope without being in the way, by scope."""
    found = {
        scope: set(_document.fingerprints(document).values())
        for scope, document in documents.items()
    }
    for work in passes:
        for scope, plan in work["plans"].items():
            if plan["target"] == "pending" or SWITCH in plan["steps"]:
                found[scope] = {work["marks"][scope][plan["target"]]} - {""}
    return found
