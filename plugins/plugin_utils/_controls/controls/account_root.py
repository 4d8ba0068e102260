# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `account-root`: the server is root.

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

STEP = "Set User=antmedia in the unit, chown the server's folder and logs to it, and restart."


def judge(evidence: Evidence) -> Finding:
    """Whether the server's account is root."""
    if not evidence.found.known("account"):
        raise CannotTell("nobody says as whom the server runs")
    account = evidence.found.part("account")
    name = shown(account.text("name"), 50)
    if account.number("uid"):
        return _control.passed(f"it runs as {name}")
    how = (
        "runs as root" if account.flag("running") else "has files of root's, and would run as root"
    )
    return _control.found([Fault(f"the server {how}", step=STEP)])


CONTROL = Control(
    id="account-root",
    title="The server runs as root",
    severity="high",
    topic="host",
    judge=judge,
    page=Page(
        what="The account of the server's process, or of its files where it does not run.",
        why=(
            "Whoever gets the server to do something gets all of the machine: its scripts, a fault"
            " in FFmpeg, an admin's password."
        ),
        attack=(
            "The panel has settings that name programs. As root there is nothing that such a"
            " program may not do."
        ),
        remedy=(
            "Run it as an account of its own. Inside a container root is root of the container; a"
            " user namespace helps."
        ),
        references=(
            "docs/security.md",
            "docs/containers.md",
        ),
    ),
)
