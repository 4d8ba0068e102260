from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    controls as _controls,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)


def test_peers_nobody_trusts(compile_, fake, monkeypatch):
    installation = fake.installation()
    wanted = Wanted({"server.allowed_dashboard_CIDR": "203.0.113.0/24"}, {})
    wanted.proxies = r"127\.0\.0\.1|::1"
    (_panel, _login, control) = _controls.compile_probes(wanted, installation)
    assert control.name == "trusted-proxies"
    trusted, *others = control.probes
    assert (trusted.source.peer, trusted.expected) == ("", LET_IN)
    assert {p.source.peer for p in others} == {"127.0.0.9", "127.33.44.55"}
    assert {p.expected for p in others} == {REFUSED}
    assert {p.source.address for p in control.probes} == {"203.0.113.77"}
    wanted.server["server.allowed_dashboard_CIDR"] = "0.0.0.0/0,::/0"
    (_panel, _login, control) = _controls.compile_probes(wanted, installation)
    assert control.silent
