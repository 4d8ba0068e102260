from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.fleet import (
    secret_differs,
)

from tests.kit.nodes import ALIKE, Nodes, of

GOOD = "rEst-secret-0123456789-abcdefghij-%d"


class TestNodes(Nodes):
    control = secret_differs.CONTROL
    says = "LiveApp: jwtSecretKey is not that of a, b"

    @staticmethod
    def shipped(host):
        host.app({"jwtControlEnabled": "true", "jwtSecretKey": GOOD % 1})

    @staticmethod
    def edit(host):
        host.app({"jwtSecretKey": GOOD % 2})

    def test_one_that_nobody_uses(self, told):
        def unused(secret):
            return lambda host: host.app({"jwtControlEnabled": "false", "jwtSecretKey": secret})

        same, other = told(unused("a")), told(unused("b"))
        assert self.outcomes(of("a", same), of("b", other)) == ALIKE

    def test_secure_makes_them_one(self, told, audited_host):
        """The lines of the remedy, written on both."""
        audit = self.audit(of("a", told()), of("b", told(self.edit)))
        mended = []
        for result, secret in zip(audit.hosts, (1, 2), strict=True):
            (finding,) = result.findings
            assert finding.policy["antmedia_apps"] == {"LiveApp": {"rest_jwt": True}}
            audited_host.app({"jwtSecretKey": GOOD % secret})
            audited_host.secure(finding.policy)
            mended.append(of(result.name, audited_host.facts()))
        assert self.outcomes(*mended) == ALIKE
