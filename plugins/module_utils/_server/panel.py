# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The web panel of a server without an admin: whoever comes first becomes the admin.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
from typing import Any, Iterable, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    management as _management,
    ready as _ready,
)

LIST = "server.allowed_dashboard_CIDR"
# The server makes it at its first start, and has no account before.
ACCOUNTS = "server.db"


def open_to_all(value: str) -> bool:
    """Whether a list lets in everybody, of one family at least."""
    return any(network.prefixlen == 0 for network in _cidr.networks_of(value))


def narrowed(
    policy: Mapping[str, Any],
    installation: _installation.Installation,
    connected_from: Iterable[str] = (),
) -> str | None:
    """Who may open the panel until somebody is admin: this host and the operator.

    :arg policy: the module's options.
    :kwarg connected_from: addresses the operator's connection came from, as texts.
    :returns: the value of the list; None where the policy says who may, where it brings an admin,
        or where the panel is not open to everybody.
    :raises CidrError: when the operator's addresses are no list.
    """
    if policy.get("dashboard_cidrs") is not None or (policy.get("secrets") or {}).get("admin"):
        return None
    if not open_to_all(installation.effective("", LIST) or ""):
        return None
    addresses = [ipaddress.ip_address(text) for text in connected_from]
    value = _cidr.compile_cidrs(
        [
            policy.get("operator_cidrs") or [],
            [str(getattr(address, "ipv4_mapped", None) or address) for address in addresses],
        ],
        widest=policy.get("widest_prefix"),
        deny_all=True,
        keep_loopback=True,
    )
    return None if open_to_all(value) else value


def unclaimed(
    installation: _installation.Installation, process: _process.Process | None, seconds: float
) -> bool:
    """Whether nobody is the first admin yet, as far as can be told.

    :arg seconds: how long to wait for a server that somebody else has just started.
    """
    if not process:
        accounts = os.path.join(installation.home, ACCOUNTS)
        return not installation.clustered and not _installation.is_there(accounts)
    management = _management.Management(installation)
    with contextlib.suppress(_ready.NotReady):
        _ready.wait_settled(installation, process, management, seconds)
    return bool(management.unclaimed())
