"""For any store and any variables, everybody means the same secret of an application.

What ``settings`` writes is what ``token`` and its lookup sign with, what ``verify`` tries, and what
``rotate`` believes a host to hold.
"""

from __future__ import annotations

import hashlib

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secrets as _secrets,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import compile as _compile
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import asked as _asked
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    evidence as _evidence,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    bundle as _bundle,
    source as _source,
    steps as _steps,
)
from hypothesis import given, strategies as st

from tests.kit.kept import entry

APPS = ("LiveApp", "events")
POLICY = {
    "management_jwt": True,
    "app_defaults": {"rest_jwt": True, "publish": "jwt", "play": "jwt"},
}
WORDS = [
    (app, word)
    for word, about in _words.REALMS.items()
    for app in (APPS if about.kept != _words.SERVER else [""])
]


def secret(place):
    """A secret of its own for every place."""
    return hashlib.sha256(place.encode()).hexdigest()[:40]


def documents(scopes):
    return {
        scope: {version: entry(secret(f"store {scope} {version}")) for version in versions}
        for scope, versions in scopes.items()
    }


def places():
    """Every place of the variable, and every scope of the store."""
    for word, about in _words.REALMS.items():
        if about.kept != _words.APP:
            yield (word,), f"fleet/{word}"
            continue
        yield ("app_defaults", word), f"fleet/_default/{word}"
        for app in APPS:
            yield ("apps", app, word), f"fleet/{app}/{word}"


PLACES = list(places())
VERSIONS = st.sets(st.sampled_from(("current", "pending", "previous")), min_size=1)
STORES = st.dictionaries(st.sampled_from([scope for _path, scope in PLACES]), VERSIONS)
VARIABLES = st.sets(st.sampled_from([path for path, _scope in PLACES]))


def variable(paths):
    found = {}
    for path in paths:
        part = found
        for key in path[:-1]:
            part = part.setdefault(key, {})
        part[path[-1]] = secret("variable " + ".".join(path))
    return found


class Store:
    def __init__(self, found):
        self.found = found

    def read(self, scope):
        return self.found.get(scope)


@given(scopes=STORES, paths=VARIABLES)
def test_everybody_means_the_same_secret(fake, scopes, paths):
    store, variables = documents(scopes), variable(paths)
    given_secrets = _secrets.merged(variables, _bundle.bundle(store, "fleet"))
    installation = fake.installation(edition="enterprise")
    source = _source.Source({"antmedia_secrets": variables}, Store(store))
    signed = {(app, word): source.find(word, app).current for app, word in WORDS}

    try:
        wanted = _compile.compile_policy({**POLICY, "secrets": given_secrets}, installation)
    except _compile.PolicyError as error:
        # Nothing is written where one is missing, and no token made.
        assert "" in signed.values(), error.faults
    else:
        asked = _asked.Asked(wanted, installation)
        for (app, word), text in signed.items():
            name = _words.SECRETS[word].setting
            assert text == (asked.text(app, name) or ""), (app, word)
            assert text == wanted.of(app).get(name, ""), (app, word)

    uses = [
        _evidence.Use(scope, app, word, "", True, ())
        for app, word in WORDS
        for scope in [
            _evidence._scope(
                "fleet", app if word in _words.APP_REALMS else "", word, frozenset(store)
            )
        ]
        if scope
    ]
    allowed = {
        scope: [fingerprint(found["current"]["secret"])]
        for scope, found in store.items()
        if "current" in found
    }
    overruled = _evidence.overruled(variables, _evidence.Host("fleet", uses=tuple(uses)), allowed)
    for use in uses:
        if use.scope in allowed and use.scope not in overruled:
            assert [fingerprint(signed[use.app, use.realm])] == allowed[use.scope], use


def test_a_variable_for_all_and_a_store_with_one_of_its_own(fake):
    """Once the servers got the store's, and tokens were signed with the variable's."""
    store = documents({"fleet/LiveApp/stream": {"current"}})
    variables = variable([("app_defaults", "stream")])
    source = _source.Source({"antmedia_secrets": variables}, Store(store))
    held = store["fleet/LiveApp/stream"]["current"]["secret"]
    assert source.need("stream", "LiveApp")[0] == held
    assert source.need("stream", "events")[0] == variables["app_defaults"]["stream"]


@pytest.mark.parametrize("text", [True, "true", "yes", "on", "1", " TRUE "])
def test_a_switch_is_on_for_all_of_them(fake, text):
    """Once a quoted boolean made no secret, and the policy then wanted one."""
    policy = {"management_jwt": text, "app_defaults": {"rest_jwt": text}}
    assert _steps.needed(policy, "fleet", {}) == ["fleet/_default/rest", "fleet/management"]
    with pytest.raises(_compile.PolicyError) as caught:
        _compile.compile_policy({"app_defaults": {"rest_jwt": text}}, fake.installation())
    assert "needs a secret" in str(caught.value)


@pytest.mark.parametrize("text", [False, "false", "no", "off", 0, "0", None])
def test_a_switch_is_off_for_all_of_them(text):
    policy = {"management_jwt": text, "app_defaults": {"rest_jwt": text}}
    assert _steps.needed(policy, "fleet", {}) == []
