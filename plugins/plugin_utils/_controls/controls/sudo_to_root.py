# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `sudo-to-root`: sudo lets the server become root.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

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

STEP = "Take the rule out; run enable_ssl.sh as root instead."
# What runs anything when it is asked nicely.
SHELLS = re.compile(
    r"(?:.*/)?(?:a?sh|bash|dash|zsh|env|python[0-9.]*|perl|ruby|tee|cp|mv|chown|chmod|vim?|less|find"
    r"|tar|docker)"
)


def judge(evidence: Evidence) -> Finding:
    """Whether a rule has a command that the account can make another of."""
    if not evidence.found.known("account"):
        raise CannotTell("nobody says as whom the server runs")
    account = evidence.found.part("account")
    if not account.number("uid"):
        return _control.not_applicable("it runs as root")
    if not evidence.found.part("machine").flag("root"):
        raise CannotTell("only root sees the rules of sudo")
    helpless = account.known("password") and account.text("password") == "none"
    home = evidence.told.text("home").rstrip("/")
    faults = []
    for row in evidence.found.rows("sudo"):
        if not row.flag("free") and helpless:
            continue
        for command in row.texts("commands"):
            why = _why(command, home)
            if why:
                line = f"{shown(row.text('where'))}: {shown(command, 100)}: {why}"
                faults.append(Fault(line, step=STEP))
    return _control.found(faults, "no rule of sudo leads to root")


def _why(command, home):
    words = command.split()
    if not words or command.startswith("!"):
        return ""
    if "ALL" in words:
        return "every command"
    if any(word.startswith(home + "/") for word in words):
        return "a file that the server's account can write"
    if not words[0].startswith("/"):
        return "a command without a path"
    if SHELLS.fullmatch(words[0]):
        scripts = [word for word in words[1:] if not word.startswith("-")]
        relative = any(not script.startswith("/") for script in scripts)
        return "a script of wherever the account is" if relative else "a program that runs others"
    return "a star, which stands for anything" if "*" in command else ""


CONTROL = Control(
    id="sudo-to-root",
    title="sudo lets the server's account become root",
    severity="high",
    topic="host",
    judge=judge,
    page=Page(
        what="Rules of sudo for the server's account and its groups.",
        why=(
            "The vendor's installer lets the account run `/bin/bash enable_ssl.sh*` as root"
            " without a password: whichever `enable_ssl.sh` lies in the folder where it is. So"
            " whoever gets the server to run a program gets the machine."
        ),
        attack="`cd /tmp; echo id > enable_ssl.sh; sudo /bin/bash enable_ssl.sh`.",
        remedy=(
            "Delete `/etc/sudoers.d/antmedia`. The panel then cannot get certificates by itself; a"
            " front, or certbot as root, can."
        ),
        references=(
            "docs/security.md",
            "https://github.com/ant-media/Scripts/pull/230",
        ),
    ),
)
