"""A rotation with the real OpenBao server as its store: sealed, stopped and slow in the middle."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    stores as _stores,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Context

from tests.kit.bao import Bao
from tests.kit.kept import read
from tests.kit.light_fleet import SCOPES, LightFleet

NOW = ("-e", "antmedia_rotation=now")


class BaoFleet(LightFleet):
    """A light fleet whose store is OpenBao; its token comes from the environment."""

    bao = None

    def config(self):
        return {"kind": "openbao", "url": self.bao.url, "ca_cert": self.bao.ca_cert, "timeout": 3}

    def environment(self, **more):
        return super().environment(BAO_TOKEN=self.bao.root, **more)

    def inventory(self, **variables):
        return super().inventory(**{"antmedia_secret_store": self.config(), **variables})

    def store(self):
        return _stores.open_store(self.config(), Context(environ={"BAO_TOKEN": self.bao.root}))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    server = Bao(tmp_path_factory.mktemp("bao"))
    found = BaoFleet(tmp_path_factory.mktemp("fleet"), 3)
    found.bao = server
    try:
        server.client().sys.enable_secrets_engine("kv", path="secret", options={"version": "2"})
        Bao.until(lambda: server.client().secrets.kv.v2.read_configuration())
        found.secure()
        yield found
    finally:
        found.stop()
        server.stop()


def current(fleet):
    return {scope: read(fleet.store(), scope)["current"]["fingerprint"] for scope in SCOPES}


def consistent(fleet):
    marks = {mark for host in fleet.hosts for mark in host.marks().values()}
    kept = {
        mark
        for scope in SCOPES
        for mark in _document.fingerprints(fleet.store().load(scope)[0]).values()
    }
    return marks <= kept


def test_a_rotation(fleet):
    before = current(fleet)
    fleet.rotate(*NOW)
    after = current(fleet)
    assert {scope for scope in SCOPES if after[scope] != before[scope]} == set(SCOPES) - {
        "fleet/management"
    }
    assert "nothing to do" in fleet.rotate()


def also(*values):
    """The rest of the values, for `make test-long`."""
    return [pytest.param(value, marks=pytest.mark.long) for value in values]


@pytest.mark.parametrize(
    "text",
    ["See what came of the cutover", *also("Prepare the hosts", "Promote what was proved")],
)
@pytest.mark.parametrize("fault", ["seal", *also("stop", "pause")])
def test_a_store_that_fails_in_the_middle(fleet, text, fault):
    before = current(fleet)
    process = fleet.start("rotate.yml", *NOW)
    for line in process.stdout:
        if text in line:
            getattr(fleet.bao, fault)()
            break
    output = process.stdout.read()
    code = process.wait()
    if fault == "seal":
        fleet.bao.unseal()
    elif fault == "stop":
        fleet.bao.start()
    else:
        fleet.bao.resume()
    # Once everything is known from the store, hosts go on without it; promoting needs it.
    assert code == 2, output
    assert "Traceback" not in output and fleet.bao.root not in output
    assert consistent(fleet)
    fleet.rotate()
    after = current(fleet)
    assert all(after[s] != before[s] for s in SCOPES if s != "fleet/management")
    assert consistent(fleet) and "nothing to do" in fleet.rotate()
