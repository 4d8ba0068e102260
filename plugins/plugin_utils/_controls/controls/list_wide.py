# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `list-wide`: a list has blocks that nobody owns as a whole.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    lists as _lists,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)

WIDEST = {4: 16, 6: 32}
# Networks that are nobody's in particular; how wide they are says little.
INSIDE = tuple(
    map(
        ipaddress.ip_network,
        (
            *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.168.0.0/16", "fc00::/7", "fe80::/10"),
        ),
    )
)
STEP = "Name the blocks that are yours; antmedia_widest_prefix has secure refuse wide ones."


def judge(evidence: Evidence) -> Finding:
    """Whether a list has public blocks wider than any of one owner."""
    return _control.in_files(
        evidence,
        _faults,
        says="no list has a very wide block of public addresses",
    )


def _faults(place: Place) -> list[Fault]:
    return [
        Fault(f"{place.title}: {setting} has {network}", place.name, step=STEP)
        for setting in _remedy.LISTS
        if place.has(setting)
        for network in _lists.networks(place.text(setting))
        if _wide(network)
    ]


def _wide(network):
    # Everybody is for other controls.
    return 0 < network.prefixlen < WIDEST[network.version] and not any(
        network.version == inside.version and network.subnet_of(inside) for inside in INSIDE
    )


CONTROL = Control(
    id="list-wide",
    title="A list of addresses has a very wide block",
    severity="medium",
    topic="access",
    judge=judge,
    page=Page(
        what=(
            "Blocks of public addresses in the lists of the panel, of REST APIs and of publishers"
            " that are wider than /16 (IPv4) or /32 (IPv6). Private networks do not count."
        ),
        why=(
            "Such a block has tens of thousands of customers of a provider. Mostly it comes of a"
            " slip: the vendor's own example `87.22.34.66/8` lets in sixteen million addresses."
        ),
        attack=(
            "Anybody who rents a machine of the same provider, or has a line of it, is inside."
        ),
        remedy="Find out which addresses really ask, in the access log, and name those.",
        references=("docs/values.md",),
    ),
)
