# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``webrtc-publish``: nobody without the right token publishes by a WebSocket.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    direction as _direction,
    publisher as _publisher,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Control

NAME = "webrtc-publish"
PROVES = _direction.proves("publish")
WHAT = "the same"
WITH = "bad tokens as for `publish`, since a good one would start a stream"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    control = _direction.webrtc(asked, app, NAME, "publish")
    if not control or control.silent:
        return control
    stream = _publisher.candidate(asked, options, control).stream
    control.note = "only refusals were asked for: a good token would start a stream"
    if not control.silent:
        _direction.fill(control, asked, options, "publish", stream)
    return control
