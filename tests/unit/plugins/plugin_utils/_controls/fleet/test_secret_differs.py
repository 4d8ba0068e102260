from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import run as _run
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Evidence
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.fleet import (
    secret_differs,
)

from tests.kit import judged


def outcomes(*hosts):
    audit = _run.run(hosts, [secret_differs.CONTROL], judged.NOW)
    return {host.name: host.findings[0].status for host in audit.hosts}


def faults(name, *hosts):
    audit = _run.run(hosts, [secret_differs.CONTROL], judged.NOW)
    (host,) = [host for host in audit.hosts if host.name == name]
    return [fault.text for fault in host.findings[0].faults]


GOOD = "rEst-secret-0123456789-abcdefghij-%d"


@pytest.fixture
def told(audited_host):
    """What facts tells of a host with a secret, and of one that is changed."""
    audited_host.app({"jwtControlEnabled": "true", "jwtSecretKey": GOOD % 1})

    def tell(edit=None):
        if edit:
            edit(audited_host)
        return audited_host.facts()

    return tell


def edit(host):
    host.app({"jwtSecretKey": GOOD % 2})


def of(name, facts, fleet="live", **more):
    return Evidence(name, facts, fleet=fleet, **more)


def test_one_that_differs(told):
    same = told()
    other = told(edit)
    hosts = [of("a", same), of("b", same), of("c", other)]
    assert outcomes(*hosts) == {"a": "pass", "b": "pass", "c": "fail"}
    assert faults("c", *hosts) == ["LiveApp: jwtSecretKey is not that of a, b"]


def test_two_that_differ_from_each_other(told):
    same, other = told(), told(edit)
    assert outcomes(of("a", same), of("b", other)) == {"a": "fail", "b": "fail"}


def test_those_that_are_alike(told):
    same = told()
    assert outcomes(of("a", same), of("b", same)) == {"a": "pass", "b": "pass"}


def test_hosts_of_other_fleets_are_not_compared(told):
    same, other = told(), told(edit)
    hosts = [of("a", same), of("b", other, fleet="staging"), of("c", other, fleet="")]
    assert outcomes(*hosts) == dict.fromkeys("abc", "not applicable")
    hosts = [of("a", same, fleet="", groups=("prod",)), of("b", other, fleet="", groups=("Prod",))]
    assert outcomes(*hosts) == dict.fromkeys("ab", "fail")


def test_a_host_that_tells_nothing_hides_no_other(told):
    same, other = told(), told(edit)
    hosts = [
        of("a", same),
        of("b", other),
        of("c", {"version": "2.17.1"}),
        of("d", {}, problem="down"),
    ]
    assert outcomes(*hosts) == {"a": "fail", "b": "fail", "c": "cannot tell", "d": "cannot tell"}


def test_one_that_nobody_uses(told):
    def unused(secret):
        return lambda host: host.app({"jwtControlEnabled": "false", "jwtSecretKey": secret})

    same, other = told(unused("a")), told(unused("b"))
    assert outcomes(of("a", same), of("b", other)) == {"a": "pass", "b": "pass"}


def test_secure_makes_them_one(told, audited_host):
    """The lines of the remedy, written on both."""
    hosts = [of("a", told()), of("b", told(edit))]
    audit = _run.run(hosts, [secret_differs.CONTROL], judged.NOW)
    mended = []
    for result, secret in zip(audit.hosts, (1, 2), strict=True):
        (finding,) = result.findings
        assert finding.policy["antmedia_apps"] == {"LiveApp": {"rest_jwt": True}}
        audited_host.app({"jwtSecretKey": GOOD % secret})
        audited_host.secure(finding.policy)
        mended.append(of(result.name, audited_host.facts()))
    assert outcomes(*mended) == {"a": "pass", "b": "pass"}
