# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `proxies-spoofable`: whoever has a private address can pose as any other.

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

FILE = "conf/jee-container.xml"
# Expressions that match everybody. They are compared, not run: a host could have one without end.
EVERYBODY = (".*", ".+", r"\d+\.\d+\.\d+\.\d+", r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}")
# A part of what the web server inside has where nothing is said.
SHIPPED = r"10\.\d{1,3}\.\d{1,3}\.\d{1,3}"
POLICY: dict = {"antmedia_trusted_proxies": []}
STEP = "If a proxy or a load balancer stands before the server, name its addresses in the list."


def judge(evidence: Evidence) -> Finding:
    """Whether the server believes anybody it should not about where a request came from."""
    proxies = evidence.installation.part("proxies")
    if proxies.has("fault"):
        raise CannotTell(f"{FILE} {shown(proxies.text('fault'))}")
    if not proxies.known("internalProxies"):
        return _fault("it believes every peer with a private address, as shipped")
    for name in ("internalProxies", "trustedProxies"):
        text = proxies.text(name) if proxies.known(name) else ""
        if text.strip() in EVERYBODY:
            return _fault(f"{name} is {shown(text)}, which is everybody")
        if SHIPPED in text:
            return _fault(f"{name} has all private addresses")
    return _control.passed("it believes the proxies that are named, and nobody else")


def _fault(why):
    return _control.found([Fault(f"{FILE}: {why}", policy=POLICY, step=STEP)])


CONTROL = Control(
    id="proxies-spoofable",
    title="Whoever has a private address can pose as any other",
    severity="high",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Whose `X-Forwarded-For` the server believes: the `RemoteIpValve` of"
            " `conf/jee-container.xml`."
        ),
        why=(
            "As shipped it believes every peer with a private address: neighbours in a cloud's"
            " network, other containers, everybody behind Docker's proxy. Then every list of"
            " addresses is worth nothing against them, the panel's too."
        ),
        attack=(
            "`curl -H 'X-Forwarded-For: 127.0.0.1' http://HOST:5080/LiveApp/rest/v2/version` from a"
            " neighbour's machine passes a list that has 127.0.0.1 only."
        ),
        remedy=(
            "Name the proxies whose word counts; an empty list means none. The host itself always"
            " stays trusted."
        ),
        references=("docs/proxies.md", "docs/containers.md"),
    ),
)
