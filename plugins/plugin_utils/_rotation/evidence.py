# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who holds which secret, from what hosts report of themselves.

PRIVATE to the collection.

Pure. A *look* is a registered result of the module ``facts``, None for a host that was not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secrets as _secrets,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.plan import Seen
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    DEFAULT_APP,
    Scope,
)

SERVER = ""
# What reading an answer ends in that is not what it is called. One host must not stop all others.
NONE = (AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Use:
    """One place where a host verifies with a secret. ``app`` is empty for the server itself.

    ``guards`` are the policy's words for what is switched on.
    """

    scope: str
    app: str
    realm: str
    mark: str
    running: bool | None
    guards: tuple[str, ...]


@dataclass(frozen=True)
class Host:
    """What is known of a host. With ``trouble`` it cannot take part."""

    fleet: str
    trouble: str = ""
    uses: tuple[Use, ...] = ()
    edition: str = ""


def survey(look: Mapping | None, fleet: str, scopes: Iterable[str]) -> Host:
    """What a host's look says.

    :arg scopes: texts of the scopes the store has for the fleet.
    """
    trouble = _out_of_reach(look)
    if look is None or trouble:
        return Host(fleet, trouble)
    try:
        facts = look["ansible_facts"]["antmedia"]
        uses = tuple(_uses(facts, fleet, frozenset(scopes)))
        return Host(fleet, _unable(facts, uses), uses, str(facts["edition"]))
    except NONE:
        return Host(fleet, "cannot be looked at: its answer is not one of the module facts")


def seen(hosts: Mapping[str, Host], scope: str) -> dict[str, Seen]:
    """What the hosts of a scope hold, as the state machine wants it.

    A host about which nothing is known may share every scope of its fleet.
    """
    fleet = Scope.parse(scope).fleet
    found = {}
    for name, host in hosts.items():
        if host.fleet != fleet:
            continue
        uses = [use for use in host.uses if use.scope == scope]
        if uses or (host.trouble and not host.uses):
            running = [use.running for use in uses]
            found[name] = Seen(
                tuple(sorted({use.mark for use in uses})),
                False if False in running else None if None in running else True,
                host.trouble,
            )
    return found


def unused(hosts: Mapping[str, Host], scope: str) -> bool:
    """Whether no host that was looked at uses a scope: then none of those that were not decides."""
    fleet = Scope.parse(scope).fleet
    known = [host for host in hosts.values() if host.fleet == fleet and not host.trouble]
    return bool(known) and not any(
        use.scope == scope for host in hosts.values() for use in host.uses
    )


def _out_of_reach(look):
    if look is None:
        return "is not in this run (--limit?)"
    if look.get("unreachable"):
        return "cannot be reached"
    given = look.get("ansible_facts")
    if look.get("failed") or not isinstance(given, Mapping) or "antmedia" not in given:
        first = str(look.get("msg", "gave no facts")).strip().splitlines()
        return "cannot be looked at: " + " ".join(first[:2])
    return ""


def _unable(facts, uses):
    """Why a host that was looked at cannot take part."""
    if not uses:
        return ""
    if facts.get("unseen"):
        return f"its server is not seen: {facts['unseen']}"
    if not facts["process"]:
        return "its server does not run"
    overruled = [entry for entry in facts.get("overruled") or () if _overrules(entry, uses)]
    if overruled:
        found = sorted({f"{entry['where']} ({entry['key']})" for entry in overruled})
        return f"its settings files are overruled by {', '.join(found)}"
    closed = sorted(
        {
            facts["apps"][use.app]["file"]
            for use in uses
            if use.app and not facts["apps"][use.app].get("writable_by_server", True)
        }
    )
    if closed:
        return f"its server cannot write {', '.join(closed)}"
    return ""


def _overrules(entry, uses):
    """Whether one of the secrets in use is taken from elsewhere than its file."""
    if entry["fills"] or entry["way"] in ("database", "reference"):
        return False
    return any(
        entry["setting"] in ("*", _words.REALMS[use.realm].setting)
        and (entry["app"] == use.app or (use.app and entry["app"] == "*"))
        for use in uses
    )


def _uses(facts, fleet, scopes):
    for realm, about in _words.REALMS.items():
        apps = [SERVER] if realm in _words.SERVER_REALMS else sorted(facts["apps"])
        for app in apps:
            scope = _scope(fleet, app if realm in _words.APP_REALMS else "", realm, scopes)
            held = (facts["apps"][app] if app else facts["server"])["settings"]
            guards = tuple(
                word for word, name in about.switches.items() if _catalogue.on(held.get(name))
            )
            # Without a switch it matters as soon as the server's version has it.
            if scope and (guards or (not about.switches and about.setting in held)):
                marks = facts["fingerprints"]["apps"][app] if app else facts["fingerprints"]
                running = _running(facts["memory"], app, about)
                yield Use(scope, app, realm, str(marks.get(realm) or ""), running, guards)


def _scope(fleet, app, realm, scopes):
    """The scope an application's secret belongs to: its own, else the fleet's default one."""
    names = (app, DEFAULT_APP) if app else ("",)
    for name in names:
        scope = str(Scope(fleet, name, realm))
        if scope in scopes:
            return scope
    return ""


def _running(memory, app, about):
    if memory.get("unfinished"):
        return False
    if not memory.get("known"):
        return None
    differs = set((memory.get("differs") or {}).get(app) or ())
    return not differs & {about.setting, *about.switches.values()}


def overruled(given: Mapping, host: Host, allowed: Mapping) -> list[str]:
    """Scopes for which a host is given another secret by its variables than it is to have.

    :arg given: the variable ``antmedia_secrets`` of the host, which wins over the store.
    :arg allowed: by scope, the fingerprints that would be right.
    """
    places = []
    for text in allowed:
        scope = Scope.parse(text)
        if scope.fleet == host.fleet:
            places.append((text, scope.app, scope.realm))
    # What names an application wins over what the store has for all of them.
    places += [(use.scope, use.app, use.realm) for use in host.uses if use.scope in allowed]
    found = []
    for text, app, realm in places:
        if app == DEFAULT_APP:
            secret = _secrets.mapping(given.get("app_defaults")).get(realm)
        else:
            secret = _secrets.places(given, app, realm)[0].value
        if secret and fingerprint(str(secret)) not in allowed[text]:
            found.append(text)
    return list(dict.fromkeys(found))
