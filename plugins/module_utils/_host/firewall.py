# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ports closed to everybody but this host's root, in an nftables table of their own.

Nobody else's table is touched, and nothing but the named ports.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Collection, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._host import network as _network

TABLE = "inet streamward_boot_guard"

# Never closed, whatever a server's file says.
SSH = 22
SECONDS = 30

# A request from this host reaches a starting application as well as any other. So of its own
# requests only root's pass: those of the collection, not those of a web server in front.
_RULES = """\
table {table}
delete table {table}
table {table} {{
    chain input {{
        type filter hook input priority -10
        policy accept
        {input}
    }}
    chain output {{
        type filter hook output priority -10
        policy accept
        {output}
    }}
}}
"""
_REJECT = {"tcp": "reject with tcp reset", "udp": "drop"}


class FirewallError(RuntimeError):
    """nftables did not do what it was to; the text says why."""


def rules(ports: Mapping[str, Collection[int]]) -> str:
    """The table as ``nft -f`` reads it; it takes the place of an older one at once.

    :arg ports: port numbers by protocol, ``tcp`` and ``udp``.
    """
    found = [
        (protocol, "{ " + ", ".join(map(str, sorted(set(numbers) - {SSH}))) + " }")
        for protocol, numbers in sorted(ports.items())
        if set(numbers) - {SSH}
    ]
    texts = {
        "input": 'iifname != "lo" {0} dport {1} {2}',
        "output": 'oifname "lo" {0} dport {1} meta skuid != 0 {2}',
    }
    lines = {
        chain: "\n        ".join(
            text.format(protocol, numbers, _REJECT[protocol]) for protocol, numbers in found
        )
        for chain, text in texts.items()
    }
    return _RULES.format(table=TABLE, **lines)


def program() -> str | None:
    """Path of ``nft``, None where it is not installed."""
    return shutil.which("nft", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


def _nft(arguments: Sequence[str], text: str | None = None) -> tuple[int, str]:
    found = program()
    if not found:
        raise FirewallError("nft is not installed; install the package nftables")
    try:
        with _network.outside():
            done = subprocess.run(
                [found, *arguments],
                input=None if text is None else text.encode("ascii"),
                stdin=subprocess.DEVNULL if text is None else None,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                check=False,
            )
    except (OSError, subprocess.SubprocessError) as error:
        raise FirewallError(f"nft: {getattr(error, 'strerror', None) or error}") from error
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()


def _load(text: str, *options: str) -> None:
    code, output = _nft([*options, "-f", "-"], text)
    if code:
        first, _newline, _more = output.partition("\n")
        raise FirewallError(f"nft: {first or 'failed'}")


def closable(ports: Mapping[str, Collection[int]]) -> None:
    """Try the rules out without putting them in force.

    :raises FirewallError: with the reason, when it would not.
    """
    _load(rules(ports), "-c")


def close(ports: Mapping[str, Collection[int]]) -> None:
    """Close ports, and open those closed before.

    :raises FirewallError: when that fails.
    """
    _load(rules(ports))


def open_again() -> None:
    """Take the rules away, if there are any.

    :raises FirewallError: when that fails.
    """
    if program():
        _load(f"table {TABLE}\ndelete table {TABLE}\n")


def closed() -> bool:
    """Whether the rules are there."""
    return bool(program()) and _nft(["list", "table", *TABLE.split()])[0] == 0
