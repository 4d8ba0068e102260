"""Killing what a test has started, with all that came from it."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Processes that came from one; Ansible's workers have sessions of their own."""
    parents = {}
    for each in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it has ended
            stat = Path(f"/proc/{each}/stat").read_text()
            parents[int(each)] = int(stat.rpartition(")")[2].split()[1])
    found = [pid]
    for one in found:
        found += [each for each, parent in parents.items() if parent == one]
    return found[1:]


def kill_all(pid: int) -> None:
    """Kill a process and what came from it."""
    for each in [pid, *descendants(pid)]:
        kill(each)
