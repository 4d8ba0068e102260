# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``publish``: a stream is published with the right token only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    direction as _direction,
    publisher as _publisher,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Control

NAME = "publish"
PROVES = _direction.proves("publish")
WHAT = "RTMP, without publishing, and [every other door](doors.md)"
WITH = "the same"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    kinds, named = asked.kinds(app, "publish")
    if not named:
        return None
    if not kinds and asked.hook(app):
        return None  # the hook decides, and is another control
    control = Control(NAME, app, " and ".join(kinds) or "open", enterprise=True)
    found = _publisher.candidate(asked, options, control)
    source = _publisher.inside(asked, options, control)
    if not control.silent:
        _direction.fill(control, asked, options, "publish", found.stream, source=source)
    if found.doubt:
        control.only_refusals(found.doubt)
    return control
