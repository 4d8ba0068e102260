from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.fleet import (
    version_drift,
)

from tests.kit.nodes import APART, Nodes, of


class TestNodes(Nodes):
    control = version_drift.CONTROL
    says = "version 2.6.2 is not that of a, b"
    version = "x"

    @staticmethod
    def edit(host):
        host.pretend("2.6.2")

    def test_another_edition(self, told):
        same, other = told(), told(lambda host: host.enterprise())
        assert self.outcomes(of("a", same), of("b", other)) == APART
