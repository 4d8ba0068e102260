# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `http-beside-tls`: the server answers without TLS as well.

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
    shown,
)

STEP = "Keep other hosts from the port by a firewall; the host itself needs it."


def judge(evidence: Evidence) -> Finding:
    """Whether the port without TLS is open to other hosts."""
    if not evidence.found.part("certificates").flag("https"):
        return _control.not_applicable("the server has no TLS")
    host = evidence.server.text("http.host")
    if _reach.is_local(host):
        return _control.passed("the server is reached on the host itself only")
    port = _reach.port(evidence.server, "http.port", 5080)
    line = f"port {port} answers without TLS at {shown(host)}"
    return _control.found([Fault(line, step=STEP)])


CONTROL = Control(
    id="http-beside-tls",
    title="The server answers without TLS beside its TLS",
    severity="medium",
    topic="tls",
    judge=judge,
    page=Page(
        what=(
            "Whether the server's port without TLS, 5080 as shipped, is open to other hosts"
            " although it has TLS."
        ),
        why=(
            "The server has one address for both ports, so it cannot close the plain one itself."
            " Old links and scripts keep sending passwords and tokens there."
        ),
        attack="A link to `http://HOST:5080` in place of `https://HOST:5443` is all it takes.",
        remedy=(
            "Close the port to other hosts by a firewall. This control does not see firewalls:"
            " waive it once you have done that."
        ),
        references=("docs/proxies.md",),
    ),
)
