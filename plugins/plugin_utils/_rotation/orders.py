# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What each host is told: which secrets to try, to take, to prove and to refuse.

PRIVATE to the collection.

Pure.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.evidence import Host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import STAGE, Plan
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    bundle as _bundle,
)


def trials(plans: Mapping[str, Plan], hosts: Mapping[str, Host]) -> dict[str, dict]:
    """What each host that is to be changed tries beforehand, by host."""
    wanted = _wanted(plans, lambda plan: _bundle.TRIAL if STAGE in plan.steps else plan.target)
    return {host: {"try": pick(hosts[host], versions)} for host, versions in wanted.items()}


def orders(
    plans: Mapping[str, Plan], hosts: Mapping[str, Host], lost: Container[str]
) -> dict[str, dict]:
    """What each host is to take and to prove, by host.

    :arg lost: hosts that went away since the plans were made.
    """
    give = _wanted(plans, lambda plan: plan.target)
    found = {}
    for host in sorted({host for plan in plans.values() for host in (*plan.move, *plan.prove)}):
        if host in lost:
            continue
        proving = {scope: plan for scope, plan in plans.items() if host in plan.prove}
        new = {scope: plan.target for scope, plan in proving.items()}
        old = {scope: plan.old for scope, plan in proving.items()}
        found[host] = {
            "give": pick(hosts[host], give.get(host, {})),
            "new": pick(hosts[host], new),
            "old": pick(hosts[host], old),
            "policy": policy(hosts[host], new),
        }
    return found


def _wanted(plans, version):
    """The versions that each host to be changed is to have, by host and scope."""
    found: dict[str, dict] = {}
    for scope, plan in plans.items():
        for host in plan.move:
            found.setdefault(host, {})[scope] = version(plan)
    return found


def pick(host: Host, versions: Mapping[str, str]) -> list[dict]:
    """Which secrets a host is to be given, for the option ``uses`` of the lookup ``secrets``.

    :arg versions: by scope, the version wanted.
    """
    return [
        {"app": use.app, "realm": use.realm, "scope": use.scope, "version": versions[use.scope]}
        for use in host.uses
        if use.scope in versions
    ]


def policy(host: Host, scopes: Container[str]) -> dict:
    """The policy whose proof shows which secret the host verifies with, and nothing else."""
    found: dict = {"management_jwt": None, "apps": {}}
    for use in host.uses:
        if use.scope not in scopes:
            continue
        words = found["apps"].setdefault(use.app, {}) if use.app else found
        for guard in use.guards:
            words[guard] = _wants(use.realm, guard)
    return found


def _wants(realm, guard):
    """What a policy says to have a secret asked for: of a direction, the kind made from it."""
    made_of = (word for word, kind in _words.KINDS.items() if kind.secrets.get(guard) == realm)
    return next(made_of, True)
