# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `cluster-port-open`: the port of the nodes is open.

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

SETTING, DEFAULT = "server.origin_port", 5000
STEP = "Keep other hosts from the port by a firewall."


def judge(evidence: Evidence) -> Finding:
    """Whether nodes could be asked where there are none."""
    if not evidence.running:
        return _control.not_applicable("the server does not run")
    if evidence.installation.flag("clustered"):
        return _control.not_applicable("nodes of a cluster need the port")
    wanted = _reach.port(evidence.server, SETTING, DEFAULT)
    faults, unseen = [], False
    for port, outside, own in _reach.listening(evidence):
        if port == wanted and outside:
            unseen |= own is None
            faults += [Fault(f"port {port} is open to other hosts", step=STEP)] if own else []
    unknown = [f"nobody says whose port {wanted} is"] if unseen else []
    return _control.found(faults, "the port between nodes is closed", unknown=unknown)


CONTROL = Control(
    id="cluster-port-open",
    title="The port between nodes is open on a server without nodes",
    severity="medium",
    topic="operation",
    judge=judge,
    page=Page(
        what=(
            "Whether the running server listens on `server.origin_port`, 5000 as shipped, for"
            " other hosts, without being in a cluster."
        ),
        why=(
            "By that port nodes of a cluster fetch streams from each other. The vendor's"
            " documentation says that it must not be public. What it asks of whoever connects is"
            " not known: that code is not public."
        ),
        attack="Whoever speaks as a node does may get streams past their tokens.",
        remedy="Close the port. In a cluster, let in the nodes alone.",
        references=("docs/doors.md",),
    ),
)
