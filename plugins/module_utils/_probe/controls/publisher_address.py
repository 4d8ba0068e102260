# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``publisher-address``: a stream is published from the addresses of a list only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    addresses as _addresses,
    asked as _asked,
    publisher as _publisher,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    Control,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import DIRECT

NAME = "publisher-address"
PROVES = ("allowedPublisherCIDR",)
WHAT = "RTMP"
WITH = "addresses inside and outside `publisher_cidrs`, with a good token"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    text = asked.text(app, "allowedPublisherCIDR")
    if not asked.names(app, "allowedPublisherCIDR") or not text:
        return None
    control = Control(NAME, app, _addresses.only(text), enterprise=True)
    found = _publisher.candidate(asked, options, control)
    stream = found.stream
    if found.doubt and not control.silent:
        control.silent = f"a refusal would not be for the address: {found.doubt}"
    token = _publisher.token(asked, options, control, stream)
    if control.silent:
        return control
    about = {"surface": _surfaces.RTMP, "token": token, **_surfaces.RTMP.at(app, stream)}
    control.probes = [
        probe
        for probe in _addresses.probes(text, options.own, **about)
        if probe.source.way == DIRECT
    ]
    if not any(probe.expected == LET_IN for probe in control.probes):
        control.excuse = "the list lets no address of this host publish; ask from a vantage"
    return control
