# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `unit-unconfined`: systemd shuts the server in by nothing.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
)

# The least that costs nothing; each with the texts that turn it on.
WANTED = {
    "NoNewPrivileges": ("yes", "true", "on", "1"),
    "ProtectSystem": ("yes", "true", "on", "1", "full", "strict"),
    "ProtectHome": ("yes", "true", "on", "1", "read-only", "tmpfs"),
    "PrivateTmp": ("yes", "true", "on", "1", "disconnected"),
}
STEP = (
    "systemctl edit antmedia: [Service] NoNewPrivileges=yes ProtectSystem=full"
    " ReadWritePaths=/usr/local/antmedia ProtectHome=yes PrivateTmp=yes, a line each; then restart."
)


def judge(evidence: Evidence) -> Finding:
    """Whether the unit has the least of what shuts a service in."""
    if not evidence.found.known("unit"):
        return _control.not_applicable("systemd does not start it")
    flags = evidence.found.part("unit").part("flags")
    off = [
        name
        for name, texts in WANTED.items()
        if not flags.has(name) or flags.text(name).strip().lower() not in texts
    ]
    faults = [Fault(f"the unit is without {', '.join(off)}", step=STEP)] if off else []
    return _control.found(faults, "the unit has the least of it")


CONTROL = Control(
    id="unit-unconfined",
    title="Systemd shuts the server in by nothing",
    severity="low",
    topic="host",
    judge=judge,
    page=Page(
        what=(
            "`NoNewPrivileges`, `ProtectSystem`, `ProtectHome` and `PrivateTmp` of the server's"
            " unit and its drop-ins."
        ),
        why=(
            "With them a program that somebody gets the server to run can neither become root by"
            " sudo, nor write below `/usr` and `/etc`, nor read home folders, nor find files of"
            " others in `/tmp`. The vendor's unit has none."
        ),
        attack=(
            "It is the second step after another fault: from the server's account to the machine."
        ),
        remedy=(
            "Put them into a drop-in, with `ReadWritePaths=` for the server's own folder, which"
            " mostly lies below `/usr`. With `NoNewPrivileges` the panel cannot run"
            " `enable_ssl.sh` by sudo any more; see [sudo-to-root](sudo-to-root.md)."
        ),
        references=("docs/security.md",),
    ),
)
