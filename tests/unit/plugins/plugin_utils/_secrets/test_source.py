from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import (
    SecretSourceError,
    Source,
)

from tests.kit.kept import present, stage

SECRETS = {
    "management": "mm",
    "apps": {"LiveApp": {"stream": "ls", "rest": "lr", "hash": "lh", "totp_play": "lt"}},
    "app_defaults": {"stream": "ds"},
}


class Store:
    def __init__(self, **documents):
        self.documents = {
            scope: {
                version: {"secret": secret, "created": "2026-01-01T00:00:00Z"}
                for version, secret in versions.items()
            }
            for scope, versions in documents.items()
        }
        self.asked = []

    def read(self, scope):
        self.asked.append(scope)
        return self.documents.get(scope, {})


STORE = {
    "fleet/LiveApp/stream": {"pending": "sp", "current": "sc", "previous": "so"},
    "fleet/_default/rest": {"current": "dr"},
    "fleet/management": {"current": "sm", "previous": "old"},
    "north/management": {"current": "nm"},
}


def test_variables_win_and_keep_the_store_closed():
    store = Store(**STORE)
    source = Source({"antmedia_secrets": SECRETS}, store)
    assert source.need("stream", "LiveApp") == ("ls", "antmedia_secrets.apps.LiveApp.stream")
    assert source.need("management") == ("mm", "antmedia_secrets.management")
    assert source.need("hash", "LiveApp")[0] == "lh"
    assert store.asked == []


def test_a_variable_for_all_leaves_the_store_what_it_has_for_one():
    store = Store(**STORE)
    source = Source({"antmedia_secrets": {"app_defaults": SECRETS["app_defaults"]}}, store)
    assert source.need("stream", "events") == ("ds", "antmedia_secrets.app_defaults.stream")
    assert store.asked == ["fleet/events/stream"]
    assert source.need("stream", "LiveApp") == (
        "sc",
        "scope fleet/LiveApp/stream of the secret store",
    )


def test_an_empty_secret_of_one_application_is_not_that_of_all():
    """What servers are given refuses it, so no token is made of another one."""
    given = {"apps": {"LiveApp": {"stream": ""}}, "app_defaults": SECRETS["app_defaults"]}
    with pytest.raises(SecretSourceError, match=r"set antmedia_secrets\.apps\.LiveApp\.stream"):
        Source({"antmedia_secrets": given}, Store(**STORE)).need("stream", "LiveApp")


def test_the_store_serves_what_variables_do_not():
    source = Source({}, Store(**STORE))
    assert source.need("stream", "LiveApp") == (
        "sc",
        "scope fleet/LiveApp/stream of the secret store",
    )
    assert source.need("stream", "LiveApp", "pending")[0] == "sp"
    assert source.need("stream", "LiveApp", "previous")[0] == "so"
    assert source.need("rest", "events") == ("dr", "scope fleet/_default/rest of the secret store")
    assert source.need("management")[0] == "sm"
    assert Source({"antmedia_fleet": "north"}, Store(**STORE)).need("management")[0] == "nm"


def test_a_variable_that_differs_from_the_store():
    found = Source({"antmedia_secrets": SECRETS}, Store(**STORE)).find("stream", "LiveApp", True)
    assert (found.pending, found.current, found.previous) == ("sp", "ls", "so")
    found = Source({"antmedia_secrets": SECRETS}, Store(**STORE)).find("management", "", True)
    assert (found.current, found.previous) == ("mm", "old")


def test_missing():
    source = Source({"antmedia_secrets": SECRETS, "antmedia_fleet": "north"}, Store())
    with pytest.raises(SecretSourceError) as caught:
        source.need("rest", "events")
    assert str(caught.value) == (
        "app events: no rest secret; set antmedia_secrets.apps.events.rest"
        " or put north/events/rest into the secret store (apps with secrets here: LiveApp)"
    )
    with pytest.raises(SecretSourceError, match=r"no totp_publish secret; set .*totp_publish \("):
        source.need("totp_publish", "LiveApp")
    with pytest.raises(SecretSourceError, match="no pending management secret"):
        source.need("management", version="pending")


@pytest.mark.parametrize("secrets", [None, "text", [], {"apps": None}, {"apps": {"LiveApp": None}}])
def test_odd_variables_are_no_secrets(secrets):
    with pytest.raises(SecretSourceError):
        Source({"antmedia_secrets": secrets}).need("stream", "LiveApp")


def test_everything():
    found = Source({"antmedia_secrets": SECRETS}, Store(**STORE)).everything(["events", ""])
    assert set(found) == {
        ("", "management"),
        ("LiveApp", "stream"),
        ("LiveApp", "rest"),
        ("LiveApp", "hash"),
        ("LiveApp", "totp_play"),
        ("events", "stream"),
        ("events", "rest"),
    }
    assert found["events", "rest"].current == "dr"


def test_a_real_store(tmp_path):
    from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
        Context,
    )
    from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores import (
        open_store,
    )

    config = {"kind": "vault_file", "path": str(tmp_path / "secrets.yml")}
    context = Context(base=str(tmp_path), vault_secrets=_vault_secrets())
    store = open_store(config, context)
    present(store, "fleet/LiveApp/stream", "CurrentCurrentCurrent0123456789abcdef")
    stage(store, "fleet/LiveApp/stream", "PendingPendingPending0123456789abcdef")
    source = Source({"antmedia_secret_store": config}, context=lambda: context)
    found = source.find("stream", "LiveApp", every_version=True)
    assert found.current == "CurrentCurrentCurrent0123456789abcdef"
    assert found.pending == "PendingPendingPending0123456789abcdef"
    assert found.current not in repr(found)


def _vault_secrets():
    from ansible.parsing.vault import VaultSecret

    return [("default", VaultSecret(b"a password"))]
