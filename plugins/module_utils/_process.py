# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The running process of an installation, found in /proc.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils import _catalogue

MAIN_CLASS = b"org.red5.server.Bootstrap"


@dataclass(frozen=True)
class Process:
    """A running server: its process id, when it started in Unix seconds, its environment.

    ticks: when it started as the kernel counts, which no step of the clock moves.
    """

    pid: int
    started: float
    environ: dict = field(repr=False)
    ticks: int = 0

    def same(self, other):
        """Whether another look, maybe at nothing, found this very process."""
        return bool(other) and (self.pid, self.ticks) == (other.pid, other.ticks)


def _read(pid, name):
    with open("/proc/{0}/{1}".format(pid, name), "rb") as stream:
        return stream.read()


def _boot_time():
    with open("/proc/stat", "rb") as stream:
        for line in stream:
            if line.startswith(b"btime "):
                return int(line.split()[1])
    return 0


def _ticks(pid):
    # The name of the command may hold blanks and brackets, so count from the last bracket.
    return int(_read(pid, "stat").rpartition(b")")[2].split()[19])


def _environ(pid):
    try:
        pairs = _read(pid, "environ").split(b"\0")
    except OSError:
        return {}
    return {
        name.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for name, found, value in (pair.partition(b"=") for pair in pairs)
        if found
    }


def _folder(pid, arguments):
    """The folder a server runs from; its arguments say it even where /proc does not tell."""
    for argument in arguments:
        name, _equals, folder = argument.decode("utf-8", "replace").partition("=")
        if name == "-Dcatalina.home" and os.path.isabs(folder):
            return os.path.realpath(folder)
    return os.readlink("/proc/{0}/cwd".format(pid))


def find(home):
    """The server that runs from a home, None if none does.

    A server is told by its main class and its folder, so that of two installations on one host
    each finds its own.
    """
    wanted = os.path.realpath(home)
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            arguments = _read(entry, "cmdline").split(b"\0")
            if MAIN_CLASS not in arguments or _folder(entry, arguments) != wanted:
                continue
            ticks = _ticks(entry)
            started = _boot_time() + ticks / os.sysconf("SC_CLK_TCK")
            return Process(int(entry), started, _environ(entry), ticks)
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return None


def overrides(process, names):
    """Environment variables of a server that overrule its applications' files.

    :arg names: canonical names of settings; only these are looked for.
    """
    found = set()
    for setting in _catalogue.of_file(_catalogue.APP):
        if setting.name in names:
            for spelling in filter(None, (setting.name, setting.legacy)):
                plain = spelling.replace(".", "_")
                found.update((spelling, plain, spelling.upper(), plain.upper()))
    return sorted(found & set(process.environ))


def connected_from():
    """The address an ssh connection to this process came from, as a list of none or one.

    Looked up through the parents, since sudo takes the variable out of the environment.
    """
    pid = os.getpid()
    while pid > 1:
        connection = _environ(pid).get("SSH_CONNECTION", "").split()
        if connection:
            address = connection[0].partition("%")[0]
            try:
                ipaddress.ip_address(address)
            except ValueError:  # sshd says UNKNOWN of what is no network connection
                return []
            return [address]
        try:
            pid = int(_read(pid, "stat").rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            break
    return []
