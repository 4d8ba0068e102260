from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.fleet import (
    settings_drift,
)

from tests.kit.nodes import ALIKE, Nodes, of


class TestNodes(Nodes):
    control = settings_drift.CONTROL
    says = "LiveApp: ipFilterEnabled is not that of a, b"

    @staticmethod
    def edit(host):
        host.app({"ipFilterEnabled": "false"})

    def test_one_meaning_in_two_spellings(self, told):
        same, other = told(), told(lambda host: host.app({"ipFilterEnabled": "TRUE"}))
        assert self.outcomes(of("a", same), of("b", other)) == ALIKE

    def test_what_decides_no_access(self, told):
        same, other = told(), told(lambda host: host.app({"s3Permission": "private"}))
        assert self.outcomes(of("a", same), of("b", other)) == ALIKE

    def test_the_application_is_named_for_waivers(self, told):
        audit = self.audit(of("a", told()), of("b", told(self.edit)))
        assert [fault.app for fault in audit.hosts[0].findings[0].faults] == ["LiveApp"]
