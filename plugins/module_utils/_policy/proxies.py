# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The proxies whose word the server is to take for where a request came from.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    cidr as _cidr,
    pattern as _pattern,
    valve as _valve,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft

# This host stays trusted: a proxy on it would make all its clients 127.0.0.1, whom every REST API
# lets in, and the collection asks a panel whose list has no loopback address through it.
LOOPBACK = ("127.0.0.1", "::1")


def compile_proxies(entries: Any, widest: Mapping[str, int] | None = None) -> str:
    """The value of a list of proxies: canonical, with the addresses of this host.

    :arg entries: as for :func:`_cidr.compile_cidrs`; an empty list trusts this host alone.
    :arg widest: as there.
    :returns: addresses and blocks, joined by commas.
    :raises CidrError: has every fault of the list.
    """
    own = _cidr.compile_cidrs(list(LOOPBACK))
    given = _cidr.compile_cidrs(entries, deny_all=True, widest=widest)
    faults = [
        f"'{network}' would let every client name any address: name the proxies"
        for network in _cidr.networks_of(given)
        if not network.prefixlen
    ]
    if faults:
        raise _cidr.CidrError(faults)
    return _cidr.compile_cidrs([given, own] if given else own)


def trust(draft: Draft) -> None:
    """Compile what a policy says of proxies."""
    variable, entries = "antmedia_trusted_proxies", draft.policy.get("trusted_proxies")
    if entries is None:
        return
    file = draft.installation.container
    if file is None:
        draft.fault(variable, "this host has no conf/jee-container.xml; leave the variable out")
        return
    try:
        expression = _pattern.of(compile_proxies(entries, draft.widest))
        _valve.edit(file.data, expression)
        draft.wanted.proxies = expression
    except _cidr.CidrError as error:
        for why in error.faults:
            draft.fault(variable, why)
    except _valve.ValveError as error:
        draft.fault(variable, f"{file.path} {error}")
