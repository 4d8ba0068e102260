# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a policy asks for, in settings of the server.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)


@dataclass(frozen=True)
class Hook:
    """What is known of a hook: a stream that it lets in, one that it does not, and the seconds in
    which it has to answer. An empty name is that of a stream nobody has."""

    known: str = ""
    unknown: str = ""
    timeout: float = 5.0


@dataclass(frozen=True)
class Gate:
    """The gate that stands in front of a server.

    ports: what it listens on, by protocol; those of TLS only where it has a certificate.
    server_ports: what the server listens on behind it. certificate, key: paths of PEM files on the
    host, empty for no TLS. hsts: seconds for which browsers are to insist on TLS, 0 for none.
    overlap: seconds for which a secret stays good beside its successor. viewers: how many addresses
    may play with one token at a time, 0 for any number. proxies: whose word is taken for where a
    request comes from, as addresses and blocks joined by commas.
    """

    ports: Mapping[str, int]
    server_ports: Mapping[str, int]
    certificate: str = ""
    key: str = ""
    hsts: int = 0
    overlap: int = 0
    viewers: int = 0
    proxies: str = ""


@dataclass
class Wanted:
    """The settings a policy asks for, by canonical name, as texts; the rest is absent."""

    server: dict[str, str] = field(default_factory=dict, repr=False)
    apps: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    warnings: list[str] = field(default_factory=list)
    # An expression for the proxies to believe; None leaves them alone.
    proxies: str | None = None
    # Doors that something else than the server closes.
    closed: frozenset[str] = frozenset()
    # The hooks that decide who publishes, by application.
    hooks: dict[str, Hook] = field(default_factory=dict)
    # The gate that is to be there; None, and whether it is to go, where there is to be none.
    gate: Gate | None = None
    gate_goes: bool = False

    @property
    def names_anything(self) -> bool:
        """Whether the policy asks for anything beside secrets, which alone ask for nothing."""
        parts = [(_catalogue.SERVER, self.server)]
        parts += [(_catalogue.APP, part) for part in self.apps.values()]
        return self.proxies is not None or any(
            not _catalogue.by_name(kind, name).secret for kind, part in parts for name in part
        )

    def of(self, app: str) -> dict[str, str]:
        """The settings of an application, or of the server for an empty name."""
        return self.apps[app] if app else self.server
