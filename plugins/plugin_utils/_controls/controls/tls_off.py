# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `tls-off`: nothing is encrypted.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    reach as _reach,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
)

STEP = "Run enable_ssl.sh, or put a front with TLS before the server and name it as a proxy."


def judge(evidence: Evidence) -> Finding:
    """Whether passwords and tokens go over the network in the clear."""
    if evidence.found.part("certificates").flag("https"):
        return _control.passed("the server has TLS")
    if _reach.is_local(evidence.server.text("http.host")):
        return _control.passed("the server is reached on the host itself only")
    if _reach.proxies_named(evidence):
        return _control.passed("proxies are named that stand before the server")
    if _reach.front_here(evidence):
        return _control.passed("something on this host stands before the server")
    return _control.found([Fault("HTTP without TLS is all that there is", step=STEP)])


CONTROL = Control(
    id="tls-off",
    title="There is no TLS, neither of the server nor before it",
    severity="high",
    topic="tls",
    judge=judge,
    page=Page(
        what=(
            "Whether the server has a connector for TLS, is reached on its own host only, or has a"
            " front: proxies that are named, or something else on the host that listens on port 80"
            " or 443."
        ),
        why=(
            "Passwords of the panel, tokens, and the streams themselves go over the network as"
            " they are. Browsers publish by WebRTC from pages with TLS only."
        ),
        attack="Whoever shares a network with an admin reads the password at the next log-in.",
        remedy=(
            "`enable_ssl.sh -d NAME` of the server gets a certificate. Whether a front really has"
            " TLS, this control does not see."
        ),
        references=("docs/proxies.md",),
    ),
)
