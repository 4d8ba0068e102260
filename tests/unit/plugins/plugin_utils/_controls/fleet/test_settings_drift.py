from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import run as _run
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Evidence
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.fleet import (
    settings_drift,
)

from tests.kit import judged


def outcomes(*hosts):
    audit = _run.run(hosts, [settings_drift.CONTROL], judged.NOW)
    return {host.name: host.findings[0].status for host in audit.hosts}


def faults(name, *hosts):
    audit = _run.run(hosts, [settings_drift.CONTROL], judged.NOW)
    (host,) = [host for host in audit.hosts if host.name == name]
    return [fault.text for fault in host.findings[0].faults]


@pytest.fixture
def told(audited_host):
    """What facts tells of a host as shipped, and of one that is changed."""

    def tell(edit=None):
        if edit:
            edit(audited_host)
        return audited_host.facts()

    return tell


def edit(host):
    host.app({"ipFilterEnabled": "false"})


def of(name, facts, fleet="live", **more):
    return Evidence(name, facts, fleet=fleet, **more)


def test_one_that_differs(told):
    same = told()
    other = told(edit)
    hosts = [of("a", same), of("b", same), of("c", other)]
    assert outcomes(*hosts) == {"a": "pass", "b": "pass", "c": "fail"}
    assert faults("c", *hosts) == ["LiveApp: ipFilterEnabled is not that of a, b"]


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


def test_one_meaning_in_two_spellings(told):
    same, other = told(), told(lambda host: host.app({"ipFilterEnabled": "TRUE"}))
    assert outcomes(of("a", same), of("b", other)) == {"a": "pass", "b": "pass"}


def test_what_decides_no_access(told):
    same, other = told(), told(lambda host: host.app({"s3Permission": "private"}))
    assert outcomes(of("a", same), of("b", other)) == {"a": "pass", "b": "pass"}


def test_the_application_is_named_for_waivers(told):
    hosts = [of("a", told()), of("b", told(edit))]
    audit = _run.run(hosts, [settings_drift.CONTROL], judged.NOW)
    assert [fault.app for fault in audit.hosts[0].findings[0].faults] == ["LiveApp"]
