# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A server that is not seen is not a stopped one: signs of one where no process of a home is found.

It may be in a container, in another namespace, or hidden from the account of this run. Then its
ports answer all the same, or a process has settings of the home among its files.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import selectors
import socket
import time
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
    rights as _rights,
    sockets as _sockets,
)

# For all connections together. One of this machine is made or refused at once.
SECONDS = 1.0
MOST_ADDRESSES = 64
MOST_BYTES = 1 << 16

WAYS = (
    "If it is in a container, run the play inside of it (ansible_connection:"
    " containers.podman.podman, community.docker.docker or kubernetes.core.kubectl), or outside as"
    " root, with its whole home as a volume and antmedia_service_manager: command; see"
    " docs/containers.md. If it runs from another folder, antmedia_home is to be that one. If"
    " another program has the port, stop it or move one of the two"
)

ENDED = (
    "the server ended by itself; it does so, without an error code, when conf/red5.properties has a"
    " value it cannot read"
)
ELSEWHERE = (
    "; or it runs where neither it nor its log is seen, as in a container (docs/containers.md)"
)


@dataclass(frozen=True)
class Port:
    """A port on which a server of a home would listen, and the key of its file that says so.

    host: where; None for every address of this machine.
    """

    key: str
    number: int
    host: _sockets.Address | None


def ports(installation: _installation.Installation) -> list[Port]:
    """The ports of a home by its own files; those for TLS where that is on."""
    document = installation.server.document
    wanted = [("http.port", "http.host", 5080), ("rtmp.port", "rtmp.host", 1935)]
    if _installation.serves_tls(installation.container):
        wanted.append(("https.port", "http.host", 5443))
    if _catalogue.on(document.get("rtmps.enabled") or ""):
        wanted.append(("rtmps.port", "rtmps.host", 8443))
    return [
        Port(key, number, _one_address(document.get(host) or ""))
        for key, host, default in wanted
        for number in [installation.number(key, default)]
        if 0 < number < 65536
    ]


def _one_address(text):
    """The only address that a text names; of a name it is not known which that is."""
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(text.strip())
        return None if address.is_unspecified else address
    return None


def signs(installation: _installation.Installation) -> str:
    """What speaks for a server of a home of which no process is found, in words; empty for nothing.

    Sends nothing to anybody.
    """
    home, others = installation.home, _process.others(installation.home)
    wanted = ports(installation)
    held = {port: _holders(port) for port in wanted}
    found = [*_answering(wanted, held)]
    found += [
        f"process {other.pid} ({_json.words(_process.program(other.pid))}) has settings of {home}"
        " among its files"
        for other in others
        if other.shares
    ]
    if not found:
        return ""
    holders = {holder.pid for port in wanted for holder in held[port]}
    near = "; ".join(
        f"process {other.pid} {_json.words(other.why)}"
        for other in others
        if not other.here or other.shares or other.pid in holders
    )
    return (
        f"{', '.join(found)}; but no server is seen that runs from {home}"
        + (f" ({near})" if near else "")
        + f". A server that is not seen is not a stopped one. {_first()}{WAYS}"
    )


def gone(installation: _installation.Installation, heard: bool) -> str:
    """Why no process is found of a server that was started, in words.

    :arg heard: whether it has said something in its log since.
    """
    found = signs(installation)
    if found:
        return f"the server was started: {found}"
    return ENDED if heard else ENDED + ELSEWHERE


def _first():
    """What an account that is not root has to do before all else."""
    if not os.geteuid():
        return ""
    name = _rights.account(os.geteuid())
    return f"The account of this run ({name}) may not look at every process: set ansible_become. "


# -- ports ------------------------------------------------------------------------------------


def _answering(wanted, held):
    """The ports that answer, in words, each with who has it as far as that is seen."""
    left = [port for port in wanted if not held[port]]
    own = own_addresses() if left else []
    answered = reached({(str(at), port.number) for port in left for at in _tried(port.host, own)})
    for port in wanted:
        name = f"port {port.number} ({port.key})"
        at = sorted(host for host, number in answered if number == port.number)
        if held[port]:
            yield f"{name} is held by {' and '.join(dict.fromkeys(map(str, held[port])))}"
        elif at:
            yield f"{name} answers at {at[0]}, where nothing that is seen listens"


def _tried(host, own):
    if host:
        return [host]
    return [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"), *own]


@dataclass(frozen=True)
class Holder:
    """Who listens on a port: an account, and the process where that is seen."""

    uid: int
    pid: int | None

    def __str__(self) -> str:
        account = _rights.account(self.uid)
        if self.pid is None:
            return f"a process of {account} that is not seen"
        place = ", in a container" if _process.in_container(self.pid) else ""
        return f"{_json.words(_process.program(self.pid))} (process {self.pid} of {account}{place})"


def _holders(port):
    """Who listens on a port so that a server of the home could not."""
    try:
        sockets = _sockets.listening(port.number)
    except OSError:
        return []
    return [
        Holder(one.uid, _sockets.holder(one.inode))
        for one in sockets
        if port.host is None or one.reached_at(port.host)
    ]


def own_addresses() -> list[_sockets.Address]:
    """Addresses of this machine besides those of its loopback, as far as it is soon told."""
    found = re.findall(r"\|-- ([0-9.]+)\n\s+/32 host LOCAL", _table("/proc/net/fib_trie"))
    lines = map(str.split, _table("/proc/net/if_inet6").splitlines())
    # One that holds for a link alone is none without the link's name.
    found += [words[0] for words in lines if len(words) == 6 and words[3] == "00"]
    addresses = {ipaddress.ip_address(_with_colons(text)) for text in found}
    others = [address for address in addresses if not address.is_loopback]
    return sorted(others, key=lambda address: (address.version, address))[:MOST_ADDRESSES]


def _with_colons(text):
    """An IPv6 address of 32 digits as it is written."""
    return text if "." in text else ":".join(text[at : at + 4] for at in range(0, 32, 4))


def _table(path):
    try:
        with open(path, encoding="ascii", errors="replace") as stream:
            return stream.read(MOST_BYTES)
    except OSError:
        return ""


def reached(places: set[tuple[str, int]], seconds: float = SECONDS) -> set[tuple[str, int]]:
    """Those of some places that take a connection, all tried at once; pairs of address and port."""
    found: set[tuple[str, int]] = set()
    with selectors.DefaultSelector() as waiting, contextlib.ExitStack() as links:
        for place in places:
            with contextlib.suppress(OSError):  # no such family here
                family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
                link = links.enter_context(socket.socket(family, socket.SOCK_STREAM))
                link.setblocking(False)
                link.connect_ex(place)
                waiting.register(link, selectors.EVENT_WRITE, place)
        limit = time.monotonic() + seconds
        while waiting.get_map():
            ready = waiting.select(max(0.0, limit - time.monotonic()))
            for key, _events in ready:
                waiting.unregister(key.fileobj)
                if _made(key.fileobj):
                    found.add(key.data)
            if not ready:
                break
    return found


def _made(link):
    """Whether a connection was made, and not by chance to itself."""
    if link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        return False
    with contextlib.suppress(OSError):
        return link.getpeername() != link.getsockname()
    return False
