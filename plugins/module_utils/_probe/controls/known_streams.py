# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``known-streams``: only registered streams are published.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    publisher as _publisher,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import fresh

NAME = "known-streams"
PROVES = ("acceptOnlyStreamsInDataStore",)
WHAT = "RTMP"
WITH = "a registered stream that is off air, and an unknown one (`acceptOnlyStreamsInDataStore`)"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    name = "acceptOnlyStreamsInDataStore"
    if not asked.names(app, name) or not asked.on(app, name):
        return None
    control = Control(NAME, app, "only registered streams")
    found = _publisher.candidate(asked, options, control)
    source = _publisher.inside(asked, options, control)
    if control.silent:
        return control
    streams = [("a registered stream", LET_IN, found.stream)] if not found.doubt else []
    if found.doubt:
        control.only_refusals(found.doubt)
    for case, expected, stream in (*streams, ("an unknown stream", REFUSED, fresh())):
        token = _publisher.token(asked, options, control, stream)
        if control.silent:
            return control
        place = _surfaces.RTMP_KNOWN.at(app, stream)
        control.probes.append(Probe(case, expected, _surfaces.RTMP_KNOWN, source, token, **place))
    return control
