# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``webrtc-publish``: named, but not asked, since asking would start a stream.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    direction as _direction,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Control

NAME = "webrtc-publish"
PROVES = _direction.proves("publish")
WHAT = "the same"
WITH = "nothing, since asking would start a stream"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    control = _direction.webrtc(asked, app, NAME, "publish")
    if control and not control.silent:
        control.silent = "asking would start a stream"
    return control
