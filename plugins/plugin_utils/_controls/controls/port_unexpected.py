# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `port-unexpected`: the server listens where its settings do not say.

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

PORTS = {
    "http.port": 5080,
    "https.port": 5443,
    "rtmp.port": 1935,
    "rtmps.port": 8443,
    "server.origin_port": 5000,
}
STEP = "See what opened it: an option of Java, a plugin, a file in lib."


def judge(evidence: Evidence) -> Finding:
    """Whether the server has ports for other hosts beside those of its file."""
    if not evidence.running:
        return _control.not_applicable("the server does not run")
    named = {_reach.port(evidence.server, name, default) for name, default in PORTS.items()}
    faults, unseen = [], False
    for port, outside, own in _reach.listening(evidence):
        unseen |= own is None
        if own and outside and port not in named:
            faults.append(Fault(f"port {port} is open to other hosts", step=STEP))
    unknown = ["nobody says which ports are the server's"] if unseen else []
    return _control.found(faults, "it listens where its settings say", unknown=unknown)


CONTROL = Control(
    id="port-unexpected",
    title="The server listens on a port that its settings do not name",
    severity="medium",
    topic="host",
    judge=judge,
    page=Page(
        what=(
            "TCP ports of the running server that are open to other hosts, against those that its"
            " file names."
        ),
        why=(
            "Ports of debuggers, of management and of plugins stand behind no list of addresses."
            " Nobody looks for them, since no setting names them."
        ),
        attack="A scan of all ports finds them; what answers tells the rest.",
        remedy="Find out what opened it. If it is meant, such as a plugin's, waive it.",
        references=("docs/doors.md",),
    ),
)
