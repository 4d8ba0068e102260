# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `account-groups`: the server's account is in a group that is as good as root.

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

POWERFUL = frozenset(
    ("root", "wheel", "sudo", "docker", "lxd", "incus-admin", "libvirt", "disk", "shadow", "kmem")
)
STEP = "gpasswd --delete the account from the group, and restart the server."


def judge(evidence: Evidence) -> Finding:
    """Whether a group gives it more than its own."""
    if not evidence.found.known("account"):
        raise CannotTell("nobody says as whom the server runs")
    account = evidence.found.part("account")
    if not account.number("uid"):
        return _control.not_applicable("it runs as root")
    found = sorted(set(account.texts("groups")) & POWERFUL)
    name = shown(account.text("name"), 50)
    faults = [Fault(f"{name} is in the group {group}", step=STEP) for group in found]
    return _control.found(faults, "it is in no such group")


CONTROL = Control(
    id="account-groups",
    title="The server's account is in a group that is as good as root",
    severity="high",
    topic="host",
    judge=judge,
    page=Page(
        what="The groups of the server's account.",
        why=(
            "Whoever may talk to Docker, write to disks or read `/etc/shadow` is root in all but"
            " name."
        ),
        attack="A program that the server starts runs `docker run -v /:/host ...`.",
        remedy=(
            "Take it out of the group. What a script of yours needs, give it by a narrow rule of"
            " sudo."
        ),
        references=("docs/security.md",),
    ),
)
