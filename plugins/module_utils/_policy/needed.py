# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The secrets that the controls of a policy need, given or on the host, each for one realm only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secret as _secret,
    secrets as _secrets,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft, Used
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.layers import (
    Part,
    origin_of,
)


def by_app(draft: Draft, app: str, part: Part) -> None:
    """Faults where something that the policy turns on lacks its secret."""
    wanted = draft.wanted.apps[app]
    for word, about in _words.APP_SECRETS.items():
        switches = about.switches.values()
        if not about.needed or not any(wanted.get(name) == "true" for name in switches):
            continue
        variable = origin_of(part, about.switches)
        if word != "rest" or not draft.will_be(app, "jwksURL"):
            needs(draft, app, variable, word)
        elif not wanted.get("jwksURL"):
            draft.fault(
                variable,
                "jwksURL is set on this host, so the secret would not be used; set settings:"
                " {jwksURL: ''}, or name the address there to keep it",
            )


def needs(draft: Draft, app: str, variable: str, word: str) -> None:
    """A fault where there is no secret, neither given nor on the host, or one that is not fit.

    :arg variable: what needs it.
    :arg word: of the secret.
    """
    name = _words.SECRETS[word].setting
    places = [_secrets.variable(held.path) for held in _secrets.places({}, app, word)]
    if name in draft.wanted.of(app) or any(map(draft.has_fault, places)):
        return
    present = draft.installation.effective(app, name)
    # Both ways, since a variable wins over the store and a rotation leaves it alone.
    remedy = (
        "the playbook streamward.antmedia.secrets makes it where antmedia_secret_store is set,"
        f" else set {places[0]}"
    )
    if not present:
        draft.fault(variable, f"needs a secret; {remedy}")
    elif _secret.faults(present):
        draft.fault(variable, f"the secret on this host {_secret.faults(present)[0]}; {remedy}")
    else:
        where = f"the secret on this host for {app or 'the management'}"
        draft.used.append(Used(where, word, present))


def same_secret_twice(draft: Draft) -> None:
    """Faults of secrets that serve two realms."""
    places: dict[str, dict[str, str]] = {}
    for place, word, secret in draft.used:
        places.setdefault(secret, {}).setdefault(word, place)
    for variables in places.values():
        if len(variables) > 1:
            draft.fault(
                ", ".join(sorted(variables.values())),
                "the same secret serves two realms; give each its own",
            )
