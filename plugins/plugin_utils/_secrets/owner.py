# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who this run is: one identity for the main process and every worker it forks.

PRIVATE to the collection.

Ansible forks a worker for every task of every host. What they all share, and nobody else has, is
the random key that Python's multiprocessing gives to a process and its children.
"""

from __future__ import annotations

import getpass
import hashlib
import multiprocessing
import os
import platform


def key(purpose: str) -> bytes:
    """32 bytes that only the processes of this run can know, other ones for each purpose.

    :arg purpose: up to 16 ASCII characters.
    """
    shared = bytes(multiprocessing.current_process().authkey)
    return hashlib.blake2b(shared, digest_size=32, person=purpose.encode("ascii")).digest()


def identity() -> dict:
    """The owner to write into a lock: which run, who started it, where, and how to see it is alive.

    :returns: ``run``, ``who`` (for people), ``host``, ``boot``, ``pids``, ``pid``, ``started``.
    """
    parent = multiprocessing.parent_process()
    pid = (parent.pid if parent else None) or os.getpid()
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as containers have
        user = str(os.getuid())
    return {
        "run": key("run").hex()[:16],
        "who": f"{user}@{platform.node()}, process {pid}",
        "pid": pid,
        "started": _started(pid),
        **_place(),
    }


def alive(lock: dict) -> bool:
    """False when the run that wrote a lock is known to be gone; True when it lives or may live.

    Only the machine a run is on can tell. The lock's expiry is for the others.
    """
    here = _place()
    if not lock.get("host") or lock["host"] != here["host"]:
        return True
    if lock.get("boot") and here["boot"] and lock["boot"] != here["boot"]:
        return False
    if lock.get("pids") != here["pids"]:  # another container: its process ids are not ours
        return True
    try:
        pid = int(lock["pid"])
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (KeyError, TypeError, ValueError, OSError):
        return True
    started = _started(pid)
    return not (started and lock.get("started") and started != lock["started"])


def _place() -> dict:
    machine = _text("/etc/machine-id")
    return {
        # By its name alone a machine cannot be told from another, as containers show.
        "host": f"{platform.node()}/{machine[:12]}" if machine else "",
        "boot": _text("/proc/sys/kernel/random/boot_id"),
        "pids": _link("/proc/self/ns/pid"),
    }


def _started(pid: int) -> int:
    """When a process started, in clock ticks since boot; 0 where that cannot be seen."""
    try:
        return int(_text(f"/proc/{pid}/stat").rpartition(")")[2].split()[19])
    except (IndexError, ValueError):
        return 0


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
