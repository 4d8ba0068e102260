# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``rtmp-play``: nobody plays over RTMP where the policy switches that off.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    direction as _direction,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import fresh

NAME = "rtmp-play"
PROVES = ("rtmpPlaybackEnabled",)
WHAT = "RTMP, of streams nobody has"
WITH = "a good token where players need one (`rtmpPlaybackEnabled`)"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    if not asked.names(app, "rtmpPlaybackEnabled"):
        return None
    wanted = asked.on(app, "rtmpPlaybackEnabled")
    control = Control(NAME, app, "played" if wanted else "not played", one_sided=not wanted)
    stream, token = fresh(), None
    if asked.kinds(app, "play")[0]:
        cases = _direction.cases(asked, app, options, "play", stream)
        good = [shown for _case, expected, shown, _extra in cases if expected == LET_IN]
        if not good:
            control.silent = (
                "playing needs a token of a kind that asking would use up; the doors of the"
                " control play are asked without one"
            )
            return control
        token = good[0]
    expected = LET_IN if wanted else REFUSED
    case = "a good token" if token else "no token"
    surface = _surfaces.RTMP_PLAY
    about = surface.at(app, stream)
    control.probes = [Probe(case, expected, surface, token=token, **about)]
    return control
