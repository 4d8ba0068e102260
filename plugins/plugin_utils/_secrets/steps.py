# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The states of the module ``secret``, as steps on a store.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    changes as _changes,
    document as _document,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.changes import Step
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    SecretError,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Done, Store

NEW = "fp:new"
# The variables that say which secrets a host verifies with, without their prefix.
POLICY = (
    *(switch for realm in _words.SERVER_REALMS for switch in _words.REALMS[realm].switches),
    *_words.LAYERS,
)
STEPPED = ("present", "staged", "promoted", "retired")


def faults(args: dict) -> list[str]:
    """What is wrong with the options of the module, beside their types."""
    found = []
    state, scopes = args["state"], args["scopes"]
    for scope in scopes:
        try:
            _document.Scope.parse(scope)
        except SecretError as error:
            found.append(f"scopes: {error}")
    if state in STEPPED and state != "present" and not scopes:
        found.append(f"scopes: is needed for state {state}")
    if args["secret"] and (state not in ("present", "staged") or len(scopes) != 1):
        found.append("secret: needs state present or staged, and exactly one scope")
    low, high = _changes.MIN_LENGTH, _changes.LONGEST
    if not low <= args["length"] <= high:
        found.append(f"length: is {low} to {high}, not {args['length']}")
    for scope, versions in args["expect"].items():
        if scope not in scopes:
            found.append(f"expect: {scope} is not one of the scopes")
        elif not isinstance(versions, dict) or set(versions) - set(_document.VERSIONS):
            found.append(f"expect.{scope}: is not a mapping of versions to fingerprints")
    return found


def needed(policy: Mapping, fleet: str, known: Collection[str]) -> list[str]:
    """Scopes that a policy verifies with and that the store has nothing for.

    :arg policy: what a host has of :data:`POLICY`.
    :arg known: the scopes the store has.
    """
    wanted = {
        str(_document.Scope(fleet, "", realm))
        for realm in _words.SERVER_REALMS
        if any(_catalogue.on(policy.get(switch)) for switch in _words.REALMS[realm].switches)
    }
    for layer in _words.LAYERS:
        found = policy.get(layer)
        if not isinstance(found, dict):
            continue
        parts = {_document.DEFAULT_APP: found} if layer == "app_defaults" else found
        for app, words in parts.items():
            for realm in _realms(words):
                own = str(_document.Scope(fleet, str(app), realm))
                default = str(_document.Scope(fleet, _document.DEFAULT_APP, realm))
                if own not in known and default not in known:
                    wanted.add(default)
    return sorted(wanted - set(known))


def _realms(words):
    """The realms of which a policy's words for applications want a secret."""
    if not isinstance(words, dict):
        return
    for realm in _words.APP_REALMS:
        for switch in _words.REALMS[realm].switches:
            if switch in _words.DIRECTIONS:
                kind = _words.KINDS.get(str(words.get(switch)))
                wanted = kind is not None and kind.secrets.get(switch) == realm
            else:
                wanted = _catalogue.on(words.get(switch))
            if wanted:
                yield realm


def step(args: dict) -> Step:
    """The step of a state."""
    given = args["secret"]

    def make():
        return given or _changes.generate(args["length"])

    return {
        "present": lambda d, now: _changes.present(d, now, make, bool(given)),
        "staged": lambda d, now: _changes.stage(d, now, make, bool(given)),
        "promoted": _changes.promote,
        "retired": lambda d, now: _changes.retire(d, args["version"]),
    }[args["state"]]


def take(store: Store, args: dict, check: bool) -> Done:
    """Take the step of a state on its scopes.

    :arg check: only tell what it would do.
    """
    if not check:
        return store.change(args["scopes"], step(args), args["expect"])
    done = store.predict(args["scopes"], step(args), args["expect"])
    return {
        scope: (before, _unnamed(before, after, args)) for scope, (before, after) in done.items()
    }


def _unnamed(before, after, args):
    """A new random secret has no name yet: the real run makes another one."""
    known = _document.fingerprints(before).values()
    shown = dict(after)
    for name, entry in _document.versions(after).items():
        if not args["secret"] and entry["fingerprint"] not in known:
            shown[name] = {**entry, "fingerprint": NEW}
    return shown


def adopt(store: Store, found: Mapping[str, str], check: bool) -> tuple[Done, list[str]]:
    """Take over secrets found on a host, but for those that applications share and the store knows.

    :arg found: secrets by scope.
    :returns: what was done, and the conflicts, one text each.
    """
    done: Done = {}
    conflicts: list[str] = []
    for scope, secret in found.items():
        if _shared(store, scope, secret):
            continue
        try:
            do = store.predict if check else store.change
            done.update(do([scope], _adopting(secret)))
        except SecretError as error:
            conflicts.append(str(error))
    return done, conflicts


def _adopting(secret: str) -> Step:
    return lambda document, now: _changes.adopt(document, now, secret)


def _shared(store, text, secret):
    """Whether an application uses, or used, the secret of those that have none of their own."""
    scope = _document.Scope.parse(text)
    if scope.realm not in _words.APP_REALMS or store.load(text)[0]:
        return False
    default = store.load(str(scope._replace(app=_document.DEFAULT_APP)))[0]
    known = (*_document.fingerprints(default).values(), *_document.retired(default))
    return fingerprint(secret) in known


def diff(done: Done, where: str) -> list[dict]:
    """What changed in the store, by fingerprint."""

    def lines(document):
        return "".join(
            f"{name}: {entry['fingerprint']} of {entry['created']}\n"
            for name, entry in _document.describe(document).items()
        )

    return [
        {
            "before_header": f"{where} {scope}",
            "after_header": f"{where} {scope}",
            "before": lines(before),
            "after": lines(after),
        }
        for scope, (before, after) in done.items()
        if before != after
    ]
