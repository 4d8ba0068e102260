"""Tests of a control that compares the nodes of a fleet: those that every such control has."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import run as _run
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Evidence

from . import judged

ALIKE, APART = {"a": "pass", "b": "pass"}, {"a": "fail", "b": "fail"}


def of(name, facts, fleet="live", **more):
    """A node, by what facts tells of it."""
    return Evidence(name, facts, fleet=fleet, **more)


class Nodes:
    """The tests; a class of them says what is compared.

    control: the control. edit: what makes a host another one. says: what is then told of it beside
    two that are alike. version: all that is told of a host of which nothing can be judged.
    """

    control = None
    says = ""
    version = "2.17.1"

    @staticmethod
    def edit(host):
        raise NotImplementedError

    @staticmethod
    def shipped(host):
        """What a host is like before it is changed."""

    @pytest.fixture
    def told(self, audited_host):
        """What facts tells of a host, as it is or after it was changed."""
        self.shipped(audited_host)

        def tell(edit=None):
            if edit:
                edit(audited_host)
            return audited_host.facts()

        return tell

    def audit(self, *hosts):
        return _run.run(hosts, [self.control], judged.NOW)

    def outcomes(self, *hosts):
        return {host.name: host.findings[0].status for host in self.audit(*hosts).hosts}

    def faults(self, name, *hosts):
        (host,) = [host for host in self.audit(*hosts).hosts if host.name == name]
        return [fault.text for fault in host.findings[0].faults]

    def test_one_that_differs(self, told):
        same = told()
        other = told(self.edit)
        hosts = [of("a", same), of("b", same), of("c", other)]
        assert self.outcomes(*hosts) == {"a": "pass", "b": "pass", "c": "fail"}
        assert self.faults("c", *hosts) == [self.says]

    def test_two_that_differ_from_each_other(self, told):
        same, other = told(), told(self.edit)
        assert self.outcomes(of("a", same), of("b", other)) == APART

    def test_those_that_are_alike(self, told):
        same = told()
        assert self.outcomes(of("a", same), of("b", same)) == ALIKE

    def test_hosts_of_other_fleets_are_not_compared(self, told):
        same, other = told(), told(self.edit)
        hosts = [of("a", same), of("b", other, fleet="staging"), of("c", other, fleet="")]
        assert self.outcomes(*hosts) == dict.fromkeys("abc", "not applicable")
        hosts = [
            of("a", same, fleet="", groups=("prod",)),
            of("b", other, fleet="", groups=("Prod",)),
        ]
        assert self.outcomes(*hosts) == dict.fromkeys("ab", "fail")

    def test_a_host_that_tells_nothing_hides_no_other(self, told):
        same, other = told(), told(self.edit)
        hosts = [
            of("a", same),
            of("b", other),
            of("c", {"version": self.version}),
            of("d", {}, problem="down"),
        ]
        assert self.outcomes(*hosts) == {
            "a": "fail",
            "b": "fail",
            "c": "cannot tell",
            "d": "cannot tell",
        }
