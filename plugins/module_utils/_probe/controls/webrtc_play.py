# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``webrtc-play``: a WebSocket lets a stream be played with the right token only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    direction as _direction,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Control

NAME = "webrtc-play"
PROVES = _direction.proves("play")
WHAT = "a WebSocket, on Enterprise"
WITH = "the same tokens as `play`"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    control = _direction.webrtc(asked, app, NAME, "play")
    if control and not control.silent:
        _direction.fill(control, asked, options, "play")
    return control
