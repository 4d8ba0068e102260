# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From where something can be reached: addresses, and the ports that listen.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    pattern as _pattern,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    CannotTell,
    Evidence,
    Part,
    Place,
)

_PORT = re.compile("[0-9]{1,5}", re.ASCII)
_FRONTS = (80, 443)
# Proxies on the host itself, as the collection writes them, and as people do.
_OWN_PROXIES = ("", _pattern.of("127.0.0.1,::1"), r"127\.0\.0\.1")
_ORIGIN = re.compile("http://", re.IGNORECASE)


def is_local(host: str) -> bool:
    """Whether an address or a name is that of the host itself, whom nobody else reaches by it."""
    host = host.strip().strip("[]").lower()
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def plain_host(url: str) -> str:
    """The host of an address that is asked over the network without TLS; empty for another."""
    url = url.strip()
    if not _ORIGIN.match(url):
        return ""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return "somewhere"
    return "" if is_local(host) else host


def secured(url: str) -> str:
    """The same address with TLS."""
    return "https://" + url.strip()[len("http://") :]


def listening(evidence: Evidence) -> Iterator[tuple[int, bool, bool | None]]:
    """Sockets: port, whether other hosts reach it, and whether it is the server's, None if that
    cannot be seen."""
    for row in evidence.found.rows("listens"):
        own = row.flag("server") if row.known("server") else None
        yield int(row.number("port")), _outside(row), own


def _outside(row: Part) -> bool:
    try:
        return not ipaddress.ip_address(row.text("address")).is_loopback
    except ValueError:
        raise CannotTell("an address at which something listens is not told") from None


def port(place: Place, setting: str, default: int) -> int:
    """The port that a setting of the server names."""
    text = place.text(setting).strip() if place.has(setting) else ""
    return int(text) if _PORT.fullmatch(text) else default


def proxies_named(evidence: Evidence) -> bool:
    """Whether the server is told of proxies on other hosts, by their addresses."""
    proxies = evidence.installation.part("proxies")
    if not proxies.known("internalProxies"):
        return False
    return proxies.text("internalProxies") not in _OWN_PROXIES


def front_here(evidence: Evidence) -> bool:
    """Whether something else on this host listens where a front does."""
    return any(
        port in _FRONTS and outside and own is False for port, outside, own in listening(evidence)
    )
