# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``publish-hook``: a stream is published only if the hook lets it in.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Hook
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

NAME = "publish-hook"
PROVES = (_words.HOOK,)
WHAT = "RTMP, which calls the hook"
WITH = "a stream that the hook lets in, and one that it does not (`publish_hook`)"
KNOWN, UNKNOWN = "a stream that the hook knows", "a stream that the hook does not know"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this, or no hook may be called."""
    hook = asked.wanted.hooks.get(app) or (Hook() if options.hooks else None)
    if not hook or not asked.names(app, _words.HOOK) or not asked.hook(app):
        return None
    control = Control(NAME, app, "whom the hook lets in")
    found = _publisher.candidate(asked, options, control)
    source = _publisher.inside(asked, options, control)
    streams = [(KNOWN, LET_IN, found.stream)] if not found.doubt else []
    if found.doubt:
        control.only_refusals(found.doubt)
    for case, expected, stream in (*streams, (UNKNOWN, REFUSED, hook.unknown or fresh())):
        token = _publisher.token(asked, options, control, stream)
        if control.silent:
            return control
        place = _surfaces.RTMP_KNOWN.at(app, stream)
        control.probes.append(Probe(case, expected, _surfaces.RTMP_KNOWN, source, token, **place))
    return control
