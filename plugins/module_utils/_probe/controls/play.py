# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``play``: players get a stream's files with the right token only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    direction as _direction,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    Control,
)

NAME = "play"
PROVES = _direction.proves("play")
WHAT = "HLS playlists of streams nobody has, and [every other door](doors.md)"
WITH = "tokens as above, and one of another stream, one of the other direction"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    kinds, named = asked.kinds(app, "play")
    if not named:
        return None
    control = Control(NAME, app, " and ".join(kinds) or "open", enterprise=True)
    _direction.fill(control, asked, options, "play")
    return control
