# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What systemd's journal tells of the starts of the server: when, and on whose order.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._host import process as _process

# A day of a server that is started every minute, and what else may be said then.
MOST_LINES = 4000
SECONDS = 5

# Kinds of messages of systemd.
STARTED = "39f53479d3a045ac8e11786248231fbf"
STOPPED = "9d1aaa27d60140bd96365438aad20286"
SCHEDULED = "5eb03494b6584870a536b337290809b3"
FAILED = "d9b373ed55a64feb8242e02dbe79a49c"

# Who writes into the journal what it was told to run.
SUDO, CRON = "sudo", ("CRON", "cron", "crond", "CROND")
OURS = "ansible-streamward.antmedia.settings"
ANSIBLE = tuple(
    f"ansible-{place}{name}"
    for place in ("", "ansible.builtin.", "ansible.legacy.")
    for name in ("systemd", "systemd_service", "service", "command", "shell")
)
# How long before a start its order may have been written.
BEFORE_SECONDS = 15

# What is started so soon after the host itself was not ordered.
BOOT_SECONDS = 300

_SUDO = re.compile(r"^\s*(\S+) : .*\bCOMMAND=(\S+)(.*)")
_CRON = re.compile(r"^\((\S+)\) CMD \(\s*([^\s)]+)")
# What sudo is used for to start a service.
_ORDERS = re.compile(r"\b(?:systemctl|service|reboot|init|antmedia)\b")


@dataclass(frozen=True)
class Start:
    """A start of the server's unit: in Unix seconds, and why; ``ordered`` if somebody said so."""

    at: float
    why: str
    ordered: bool = False


def ask(arguments: Sequence[str]) -> list[Mapping[str, Any]]:
    """Entries of the journal, oldest first; none where it does not answer."""
    command = ["journalctl", "--no-pager", "--quiet", "--output=json", f"--lines={MOST_LINES}"]
    try:
        done = subprocess.run(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    found: list[Mapping[str, Any]] = []
    for line in done.stdout.decode("utf-8", "replace").split("\n"):
        try:
            entry = _json.parse(line) if line else None
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def of_unit(since: float) -> list[Start]:
    """The starts of the server's unit since a moment."""
    arguments = [f"--since=@{int(since)}", "_PID=1", f"UNIT={_process.UNIT}"]
    return list(starts(ask(arguments)))


def starts(entries: Iterable[Mapping[str, Any]]) -> Iterable[Start]:
    """The starts that entries of systemd about the unit tell of."""
    boot, before, result = None, "", ""
    for entry in entries:
        kind = entry.get("MESSAGE_ID")
        if entry.get("_BOOT_ID") != boot:
            boot, before, result = entry.get("_BOOT_ID"), "", ""
        if kind == FAILED:
            result = _word(entry.get("UNIT_RESULT"))
        elif kind == SCHEDULED:
            before = SCHEDULED
        elif kind == STOPPED and before != SCHEDULED:
            before = _word(entry.get("JOB_TYPE")) or "stop"
        elif kind == STARTED:
            yield Start(_time(entry), *_why(before, result, _number(entry, "__MONOTONIC")))
            before, result = "", ""


def _why(before, result, uptime):
    if before == SCHEDULED:
        reason = result or "no reason given"
        return f"systemd, since the server had ended by itself ({reason})", False
    if before == "restart":
        return "an order to restart it", True
    if before:
        return "an order to start it after it was stopped", True
    if uptime < BOOT_SECONDS:
        return "the boot of the host", False
    return "an order to start it", True


def _word(value):
    return _json.words(value) if isinstance(value, str) else ""


def _time(entry):
    return _number(entry, "__REALTIME")


def _number(entry, name):
    """A moment of an entry, in seconds; 0 where it has none."""
    try:
        return _json.whole(str(entry.get(f"{name}_TIMESTAMP"))) / 1e6
    except ValueError:
        return 0.0


def orders(since: float) -> list[tuple[float, str]]:
    """What was run since a moment that may have started the server: when, and by whom."""
    names = [SUDO, *CRON, OURS, *ANSIBLE]
    arguments = [f"--since=@{int(since)}", *(f"SYSLOG_IDENTIFIER={name}" for name in names)]
    return list(ordered(ask(arguments)))


def ordered(entries: Iterable[Mapping[str, Any]]) -> Iterable[tuple[float, str]]:
    """What entries of those who run things tell of."""
    for entry in entries:
        text, name = entry.get("MESSAGE"), entry.get("SYSLOG_IDENTIFIER")
        if not isinstance(text, str):
            continue
        if name == SUDO:
            found = _SUDO.match(text)
            if found and _ORDERS.search(found.group(2) + found.group(3)):
                yield _time(entry), f"{_json.words(found.group(1))} by sudo"
        elif name in CRON:
            found = _CRON.match(text)
            if found:
                who, what = map(_json.words, found.groups())
                yield _time(entry), f"cron of {who} ({what})"
        elif name == OURS or (name in ANSIBLE and "antmedia" in text):
            yield _time(entry), f"Ansible ({name[len('ansible-') :]})"


def before(moment: float, told: Iterable[tuple[float, str]]) -> list[str]:
    """Who ran something shortly before a moment, without saying anybody twice."""
    found = [by for at, by in told if moment - BEFORE_SECONDS <= at <= moment + 1]
    return list(dict.fromkeys(found))
