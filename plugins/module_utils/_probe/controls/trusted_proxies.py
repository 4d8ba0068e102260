# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``trusted-proxies``: nobody whom the policy does not trust can pose as another.

127.0.0.1 is always trusted. As shipped, so are the rest of the loopback and every other private
address; they are the peers that must no longer be believed.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    sources as _sources,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    DIRECT,
    FORWARDED,
    Source,
)

NAME = "trusted-proxies"
PROVES = ()
WHAT = "the web panel"
WITH = "X-Forwarded-For of peers that `antmedia_trusted_proxies` does not name"

MOST_PEERS = 4


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    if asked.wanted.proxies is None:
        return None
    control = Control(NAME, app, "X-Forwarded-For of the proxies of the list only")
    text = asked.text(app, "server.allowed_dashboard_CIDR")
    inside, outside = _sources.samples(text, options.own)
    peers = [
        source.address
        for source in outside
        if source.way == DIRECT and not re.fullmatch(asked.wanted.proxies, source.address)
    ]
    if not inside or not peers:
        control.silent = (
            "the panel lets in every address of this host anyway, or none at all; ask from a"
            " vantage"
        )
        return control
    path = _asked.panel_path(asked.installation.version)
    for expected, peer in [(LET_IN, ""), *((REFUSED, peer) for peer in peers[:MOST_PEERS])]:
        source = Source(inside[0].address, FORWARDED, peer)
        control.probes.append(Probe(f"from {source}", expected, _surfaces.PANEL, source, path=path))
    return control
