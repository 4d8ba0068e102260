from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.fleet import (
    web_xml_drift,
)

from tests.kit.nodes import ALIKE, APART, Nodes, of


class TestNodes(Nodes):
    control = web_xml_drift.CONTROL
    says = "LiveApp: its web.xml is not that of a, b"

    @staticmethod
    def edit(host):
        headers = {"cors": True, "origins": "*", "credentials": False, "hsts": False}
        host.tell(evidence={"headers": {"LiveApp": headers}})

    def test_a_filter_that_is_missing(self, told):
        def without(host):
            path = host.path("webapps/LiveApp/WEB-INF/web.xml")
            path.write_text(path.read_text().replace("io.antmedia.filter.IPFilter<", "x.Y<"))

        same, other = told(), told(without)
        assert self.outcomes(of("a", same), of("b", other)) == APART

    def test_a_file_that_was_not_read_is_not_compared(self, told):
        same, other = told(), told(lambda host: host.tell(evidence={"headers": {"LiveApp": None}}))
        assert self.outcomes(of("a", same), of("b", other)) == ALIKE

    def test_the_application_is_named_for_waivers(self, told):
        audit = self.audit(of("a", told()), of("b", told(self.edit)))
        assert [fault.app for fault in audit.hosts[0].findings[0].faults] == ["LiveApp"]
