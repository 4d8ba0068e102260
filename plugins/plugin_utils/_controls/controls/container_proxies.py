# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `container-proxies`: in a container everybody comes from a private address.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    shown,
)

SHIPPED = r"10\.\d{1,3}\.\d{1,3}\.\d{1,3}"
POLICY: dict = {"antmedia_trusted_proxies": []}
STEP = "If a proxy stands before the container, name its address in the list."


def judge(evidence: Evidence) -> Finding:
    """Whether a server in a container believes all private addresses."""
    machine = evidence.found.part("machine")
    if not machine.flag("inside") and not machine.flag("server_inside"):
        return _control.not_applicable("the server is in no container")
    proxies = evidence.installation.part("proxies")
    if proxies.has("fault"):
        raise CannotTell(f"conf/jee-container.xml {shown(proxies.text('fault'))}")
    known = proxies.known("internalProxies")
    if known and SHIPPED not in proxies.text("internalProxies"):
        return _control.passed("it does not believe all private addresses")
    line = "the server is in a container, and believes every peer with a private address"
    return _control.found([Fault(line, policy=POLICY, step=STEP)])


CONTROL = Control(
    id="container-proxies",
    title="In a container, whoever comes may pose as any address",
    severity="high",
    topic="host",
    mends=True,
    judge=judge,
    page=Page(
        what="Whose `X-Forwarded-For` a server in a container believes.",
        why=(
            "Docker's proxy and the gateway of its network have private addresses, and much of"
            " what comes from outside comes by them. As shipped the server believes these whatever"
            " they pass on, so strangers choose their address."
        ),
        attack=(
            "`curl -H 'X-Forwarded-For: 127.0.0.1'"
            " http://HOST:5080/LiveApp/rest/v2/broadcasts/list/0/50` from anywhere."
        ),
        remedy=(
            "Believe nobody, or the one proxy that there is. Run the container with the network of"
            " the host, and the address of clients is seen at all."
        ),
        references=(
            "docs/containers.md",
            "docs/proxies.md",
        ),
    ),
)
