from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.fleet import (
    apps_drift,
)

from tests.kit.nodes import Nodes, of


class TestNodes(Nodes):
    control = apps_drift.CONTROL
    says = "events is on a, b, and not here"

    @staticmethod
    def edit(host):
        host.only("LiveApp")

    def test_one_more(self, told):
        more, same = told(), told(self.edit)
        assert self.faults("c", of("a", same), of("b", same), of("c", more)) == [
            "events is here, and not on a, b"
        ]
