# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `port-beside-front`: the server is reached beside its front.

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

LOCAL: dict = {"antmedia_server_settings": {"http.host": "127.0.0.1"}}
STEP = "Keep others than the front from the port by a firewall, and waive this."


def judge(evidence: Evidence) -> Finding:
    """Whether HTTP is open to other hosts although a front is there."""
    here = _reach.front_here(evidence)
    if not here and not _reach.proxies_named(evidence):
        return _control.not_applicable("no front is known")
    host = evidence.server.text("http.host")
    if _reach.is_local(host):
        return _control.passed("HTTP is reached on the host itself only")
    where = "on this host" if here else "named as a proxy"
    line = f"HTTP listens at {shown(host)}, and a front is {where}"
    return _control.found([Fault(line, policy=LOCAL if here else {}, step="" if here else STEP)])


CONTROL = Control(
    id="port-beside-front",
    title="The server can be reached beside the front that stands before it",
    severity="medium",
    topic="host",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Whether the server's HTTP port listens for other hosts, where a front is known:"
            " proxies that are named, or something else on the host that listens on port 80 or 443."
        ),
        why=(
            "What the front keeps away, such as `/chunked`, `/previews`, paths with `..`, or"
            " people without a log-in, comes by the port behind it."
        ),
        attack="`http://HOST:5080` in place of `https://HOST`.",
        remedy=(
            "A front on the same host: have the server listen on 127.0.0.1. The lines below do"
            " that, for its TLS port as well. A front elsewhere: a firewall, which this control"
            " does not see."
        ),
        references=(
            "docs/proxies.md",
            "docs/doors.md",
        ),
    ),
)
