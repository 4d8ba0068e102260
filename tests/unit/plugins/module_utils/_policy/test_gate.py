"""The gate in a policy: what the server gets behind it, and what it takes to be refused."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import gate as _gate

BEHIND = {
    "http.host": "127.0.0.1",
    "http.port": "15080",
    "rtmp.host": "127.0.0.1",
    "rtmp.port": "11935",
}
TLS = {"certificate": "/etc/ssl/a.pem", "key": "/etc/ssl/a.key"}


@pytest.fixture
def gated(compile_, fake):
    """Compile a policy with a gate, with a secret for streams."""

    def compile_policy(app=None, **policy):
        secrets = {"app_defaults": {"stream": fake.SECRETS["stream"]}}
        if app is not None:
            policy["apps"] = {"LiveApp": app}
        return compile_(**{"gate": True, "secrets": secrets, **policy})

    return compile_policy


def test_the_server_goes_behind_it(gated):
    wanted = gated()
    assert wanted.server == BEHIND
    assert wanted.gate.ports == {"http": 5080, "rtmp": 1935}
    assert wanted.gate.overlap == 3600 and wanted.gate.viewers == 0


def test_without_a_word_nothing_moves(compile_):
    wanted = compile_()
    assert wanted.server == {} and wanted.gate is None and not wanted.gate_goes


@pytest.mark.parametrize("version", ["2.4.3", "2.17.1"])
def test_what_the_gate_enforces_is_no_fault(gated, version):
    app = {"publish": "jwt", "play": "jwt", "publisher_cidrs": ["198.51.100.0/24"]}
    wanted = gated(app, on={"version": version})
    assert wanted.warnings == []
    assert wanted.apps["LiveApp"]["playJwtControlEnabled"] == "true"
    assert (
        wanted.apps["LiveApp"]["webhookAuthenticateURL"] == "http://127.0.0.1:9400/publish/LiveApp"
    )
    assert "webhookAuthenticateURL" not in gated({"play": "jwt"}).apps["LiveApp"]


@pytest.mark.parametrize("kind", ["one_time", "totp", "hash"])
def test_a_kind_that_the_gate_does_not_know(faults, kind):
    (fault,) = [
        each for each in faults(gate=True, apps={"LiveApp": {"play": kind}}) if "enforces" in each
    ]
    assert "neither the Community edition nor the gate enforces" in fault
    assert "use jwt, or the Enterprise edition" in fault


def test_an_edition_that_enforces_it_itself(compile_, faults, fake):
    with pytest.raises(ValueError, match="antmedia_gate: the Enterprise edition enforces all"):
        compile_(on={"edition": "enterprise"}, gate=True)
    assert compile_(on={"edition": "enterprise"}, gate=False).gate is None


def test_doors_that_the_gate_asks_at_or_closes(gated):
    app = {"play": "jwt", "settings": {"generatePreview": True, "rtmpPlaybackEnabled": False}}
    assert gated(app, on={"version": "2.17.1"}).warnings == []


def test_an_api_that_makes_tokens_for_everybody_stays_a_fault(compile_, fake):
    secrets = {"app_defaults": {"stream": fake.SECRETS["stream"]}}
    app = {"play": "jwt", "rest_cidrs": "any"}
    with pytest.raises(ValueError, match="everybody has the REST API make tokens"):
        compile_(gate=True, apps={"LiveApp": app}, secrets=secrets)


def test_a_hook_of_the_operators_own_stays(gated):
    own = b"webhookAuthenticateURL=http://10.0.0.9/may\n"
    wanted = gated({"publish": "jwt"}, on={"apps": {"LiveApp": own}})
    assert "webhookAuthenticateURL" not in wanted.apps["LiveApp"]


@pytest.mark.parametrize("app", [{"publish": "none"}, {}])
def test_the_gates_hook_goes_with_its_guard(gated, app):
    held = b"webhookAuthenticateURL=http://127.0.0.1:9400/publish/LiveApp\n"
    wanted = gated(app, on={"apps": {"LiveApp": held}})
    assert wanted.apps["LiveApp"]["webhookAuthenticateURL"] == ""


def test_tls(gated):
    gate = gated(gate_tls={**TLS, "hsts": 60}).gate
    assert gate.ports == {"http": 5080, "https": 5443, "rtmp": 1935, "rtmps": 8443}
    assert (gate.certificate, gate.key, gate.hsts) == (*TLS.values(), 60)


def test_rtmps_of_the_server_moves_too(gated):
    wanted = gated(server_settings={}, on={"server": b"rtmps.enabled=true\n", "version": "2.17.1"})
    assert wanted.server["rtmps.host"] == "127.0.0.1"
    assert wanted.server["rtmps.port"] == "18443"


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"gate": "perhaps"}, "antmedia_gate: 'perhaps' is neither true nor false"),
        ({"gate_tls": {"key": "/a"}}, "antmedia_gate_tls.certificate: is missing; TLS needs both"),
        ({"gate_tls": {**TLS, "key": "a.key"}}, "antmedia_gate_tls.key: 'a.key' is not an absol"),
        (
            {"gate_ports": {"http": 15080}},
            "antmedia_gate_server_ports.http: 15080 is the port of antmedia_gate_ports.http, too",
        ),
        (
            {"gate_ports": {"rtmp": 9400}},
            "antmedia_gate_ports.rtmp: 9400 is the port of the answers to the server's hook, too",
        ),
        (
            {"server_settings": {"http.port": 80}},
            "antmedia_server_settings.http.port: 80 contradicts what the policy says elsewhere",
        ),
    ],
)
def test_what_cannot_be(faults, policy, said):
    (fault,) = faults(**{"gate": True, **policy})
    assert fault.startswith(said)


def test_a_gate_that_goes_puts_back_what_was(fake):
    from ansible_collections.streamward.antmedia.plugins.module_utils._policy.compile import (
        compile_policy,
    )

    held = b"webhookAuthenticateURL=http://127.0.0.1:9400/publish/LiveApp\n"
    on = fake.installation(apps={"LiveApp": held})
    before = {"http.host": "0.0.0.0", "http.port": "5080"}
    wanted = compile_policy({"gate": False}, on, before_gate=before)
    assert wanted.gate is None and wanted.gate_goes
    assert wanted.server == before
    assert wanted.apps["LiveApp"]["webhookAuthenticateURL"] == ""
    assert _gate.HOOK not in str(wanted.apps)
    assert compile_policy({"gate": False}, on).server == {}
