# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The front that people use, seen from another machine: where it is, and what should hold there.

PRIVATE to the collection.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import socket
from dataclasses import dataclass, field
from typing import Any, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)

# What a plan must say of a front.
SHAPE = {"host": str, "tls": bool, "port": int, "rtmps_port": int, "named": list}
PLAN = "front"
CONNECT_SECONDS = 5.0
# Ports of a server by the keys of its file, and what they are called where people reach it.
NAMES = {
    "http.port": "http_port",
    "https.port": "https_port",
    "rtmp.port": "rtmp_port",
    "rtmps.port": "rtmps_port",
}


@dataclass(frozen=True)
class Front:
    """The front of a server.

    host, port, tls: where people ask by HTTP, and whether by TLS. rtmps_port: where they publish by
    TLS; 0 for nowhere. named: ports of the server itself that people use, as the operator calls
    them. target: the server itself. plan: what is known of it. tokens: by application. address:
    where this machine's requests come from, empty where ``problem`` says why nobody knows. good:
    whether the certificate was seen to be, so that a token may be sent.
    """

    host: str
    port: int
    tls: bool
    rtmps_port: int
    named: frozenset[str]
    target: str
    plan: Mapping[str, Any] = field(repr=False)
    tokens: Mapping[str, Any] = field(repr=False)
    address: str = ""
    problem: str = ""
    good: bool = False

    @classmethod
    def of(
        cls, plan: Mapping[str, Any], target: str, tokens: Mapping[str, Any], address: str = ""
    ) -> Front:
        """The front of a plan.

        :kwarg address: of this machine as the front sees it, where that is not its own.
        """
        about = plan[PLAN]
        place = about["host"], about["port"]
        found, problem = (address, "") if address else own_address(place)
        return cls(
            *place,
            about["tls"],
            about["rtmps_port"],
            frozenset(about["named"]),
            target,
            plan,
            tokens,
            found,
            problem,
        )

    def seen(self, good: bool) -> Front:
        """The same, once its certificate was seen."""
        return dataclasses.replace(self, good=good)

    @property
    def ports(self) -> dict[str, int]:
        """The ports of the server itself, by the keys of its file."""
        plain = {"http.port": self.plan["http_port"], "rtmp.port": self.plan["rtmp_port"]}
        return {**plain, **self.plan.get("ports", {})}

    def rest(self, app: str) -> str | None:
        """Who may use an application's REST API, or the panel; None where the policy is silent."""
        return self.plan["apps"][app]["rest"] if app else self.plan["panel"]

    def expected(self, text: str) -> str:
        """What a list wants for this machine."""
        return LET_IN if _cidr.contains(text, self.address) else REFUSED

    def on_a_list(self, key: str) -> bool:
        """Whether this machine is one of those that a port of the server is for."""
        apps = self.plan["apps"]
        if key.startswith("rtmp"):
            lists = [known["publisher"] for known in apps.values()]
        else:
            lists = [self.plan["panel"], *(known["rest"] for known in apps.values())]
        return any(self.expected(text) == LET_IN for text in lists if text)

    @property
    def believed(self) -> bool:
        """Whether the policy makes the server believe this machine about addresses."""
        proxies = self.plan.get("proxies")
        return proxies is not None and re.fullmatch(proxies, self.address) is not None


def own_address(place: tuple[str, int]) -> tuple[str, str]:
    """The address that this machine's connections to a place come from, and why it is not known."""
    try:
        with socket.create_connection(place, CONNECT_SECONDS) as link:
            own, peer = link.getsockname()[0], link.getpeername()[0]
    except OSError as error:
        return "", f"no connection to {place[0]} port {place[1]}: {error.strerror or error}"
    if ipaddress.ip_address(own).is_private and not ipaddress.ip_address(peer).is_private:
        text = f"{own} is behind NAT, and the server sees another address; give vantage_address"
        return own, text
    return own, ""
