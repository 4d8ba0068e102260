from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import run as _run
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Evidence
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.fleet import (
    secret_shared,
)

GOOD = {
    "one": {"jwtSecretKey": "rEst-secret-0123456789-abcdefghij-1"},
    "two": {"jwtSecretKey": "rEst-secret-0123456789-abcdefghij-2"},
}


@pytest.fixture
def told(audited_host):
    """What facts tells of a host with some secrets."""

    def tell(secrets):
        audited_host.app(secrets)
        return audited_host.facts()

    return tell


def outcomes(*hosts):
    audit = _run.run(hosts, [secret_shared.CONTROL], 1_790_000_000)
    return {host.name: host.findings[0].status for host in audit.hosts}


@pytest.mark.parametrize(
    ("of_prod", "of_test"),
    [
        ({"fleet": "live"}, {"fleet": "staging"}),
        ({"groups": ("production",)}, {"groups": ("Staging", "edges")}),
        ({}, {"groups": ("qa",)}),
    ],
    ids=["fleets", "groups", "one group"],
)
def test_a_secret_of_two_fleets(told, of_prod, of_test):
    same, other = told(GOOD["one"]), told(GOOD["two"])
    prod = Evidence("prod1", same, **of_prod)
    assert outcomes(prod, Evidence("test1", same, **of_test)) == {"prod1": "fail", "test1": "fail"}
    assert outcomes(prod, Evidence("test1", other, **of_test)) == {"prod1": "pass", "test1": "pass"}


def test_hosts_of_one_fleet_share_theirs(told):
    same = told(GOOD["one"])
    hosts = [Evidence(name, same, groups=("production",)) for name in ("a", "b")]
    assert outcomes(*hosts) == {"a": "not applicable", "b": "not applicable"}


def test_a_host_that_tells_nothing_hides_no_other(told):
    same = told(GOOD["one"])
    found = outcomes(
        Evidence("a", same, fleet="live"),
        Evidence("b", same, fleet="staging"),
        Evidence("c", {"version": "2.17.1"}, fleet="staging"),
        Evidence("d", problem="unreachable", fleet="staging"),
    )
    assert found == {"a": "fail", "b": "fail", "c": "cannot tell", "d": "cannot tell"}


@pytest.mark.parametrize(
    ("count", "named"), [(5, "s0, s1, s2, s3, s4, too"), (7, "s0, s1, s2, s3, s4 and 2 more, too")]
)
def test_the_fault_names_the_others(told, count, named):
    same = told(GOOD["one"])
    hosts = [Evidence("live", same, fleet="live")]
    hosts += [Evidence(f"s{number}", same, fleet="staging") for number in range(count)]
    audit = _run.run(hosts, [secret_shared.CONTROL], 1_790_000_000)
    (fault,) = audit.hosts[0].findings[0].faults
    assert fault.text.startswith("LiveApp: jwtSecretKey (fp:")
    assert fault.text.endswith(f"is that of {named}")
    assert GOOD["one"]["jwtSecretKey"] not in fault.text
