# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `account-login`: one can log in as the server.

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

NO_SHELLS = ("", "/bin/false", "/usr/bin/false", "/sbin/nologin", "/usr/sbin/nologin", "/bin/true")
STEP = "usermod --shell /usr/sbin/nologin --lock the account."


def judge(evidence: Evidence) -> Finding:
    """Whether the account has a shell and a password."""
    if not evidence.found.known("account"):
        raise CannotTell("nobody says as whom the server runs")
    account = evidence.found.part("account")
    if not account.number("uid"):
        return _control.not_applicable("it runs as root")
    shell = account.text("shell")
    if shell in NO_SHELLS:
        return _control.passed("its account has no shell")
    if not account.known("password"):
        raise CannotTell("only root sees whether the server's account has a password")
    line = f"{shown(account.text('name'), 50)} has the shell {shown(shell, 50)} and a password"
    faults = [Fault(line, step=STEP)] if account.text("password") == "set" else []
    return _control.found(faults, "its account has no password")


CONTROL = Control(
    id="account-login",
    title="One can log in with the server's account",
    severity="medium",
    topic="host",
    judge=judge,
    page=Page(
        what="Shell and password of the server's account.",
        why=(
            "It knows every secret of the server. A password for it is one more that can be"
            " guessed over ssh, and nobody needs it."
        ),
        attack="`antmedia` is a name that password guessers try.",
        remedy="Lock it. Whoever works as that account comes by sudo.",
        references=("docs/security.md",),
    ),
)
