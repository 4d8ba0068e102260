# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How players and encoders reach a server: its host, its ports, and whether there is TLS.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults

_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")


class UrlError(Faults):
    """The strings cannot be made."""


@dataclass(frozen=True)
class Endpoint:
    """How players and encoders reach a server.

    host: a name or an address, IPv6 with or without brackets. tls: whether HTTP is served with
    TLS. rtmps: whether there is an RTMPS port.
    """

    host: str
    tls: bool = True
    http_port: int = 5080
    https_port: int = 5443
    rtmp_port: int = 1935
    rtmps: bool = False
    rtmps_port: int = 8443
    srt_port: int = 4200

    @classmethod
    def of(cls, values: Mapping) -> Endpoint:
        """An endpoint from an operator's dictionary.

        :raises UrlError: with every fault.
        """
        known = {field.name: str(field.type) for field in fields(cls)}
        faults = [
            f"endpoint.{key}: is not known; known are {', '.join(known)}"
            for key in values
            if key not in known
        ]
        made: dict[str, Any] = {}
        for key, value in values.items():
            if value is None or key not in known:
                continue
            try:
                made[key] = _READERS[known[key]](value)
            except ValueError as error:
                faults.append(f"endpoint.{key}: {value!r} {error}")
        if not made.get("host") and not any("endpoint.host" in fault for fault in faults):
            faults.append("endpoint.host: is needed to make URLs")
        if faults:
            raise UrlError(faults)
        return cls(**made)

    @property
    def authority(self) -> str:
        """The host as a URL wants it."""
        return f"[{self.host}]" if ":" in self.host else self.host

    def url(self, scheme: str, port: int, standard: int | None) -> str:
        return f"{scheme}://{self.authority}" + ("" if port == standard else f":{port}")

    @property
    def http(self) -> str:
        if self.tls:
            return self.url("https", self.https_port, 443)
        return self.url("http", self.http_port, 80)

    @property
    def websocket(self) -> str:
        if self.tls:
            return self.url("wss", self.https_port, 443)
        return self.url("ws", self.http_port, 80)


def _read_host(value):
    text = str(value).strip()
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    if ":" in bare or "/" in bare or not _HOST_NAME.fullmatch(bare):
        raise ValueError("is neither a host name nor an address, without scheme, port and path")
    return bare


def _read_port(value):
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]+", str(value).strip()):
        raise ValueError("is not a port")
    port = int(value)
    if not 0 < port < 65536:
        raise ValueError("is not a port from 1 to 65535")
    return port


def _read_bool(value):
    text = str(value).strip().lower()
    if text in ("true", "yes", "on", "1"):
        return True
    if text in ("false", "no", "off", "0"):
        return False
    raise ValueError("is neither true nor false")


_READERS = {"str": _read_host, "int": _read_port, "bool": _read_bool}
