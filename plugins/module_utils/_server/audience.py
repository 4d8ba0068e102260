# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whom a restart would cut off: live publishers and viewers of each application.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
)

PAGE = 50
MOST_PAGES = 40
# For all pages of an application; one that needs longer does not say.
MOST_SECONDS = 60.0
_VIEWERS = ("hlsViewerCount", "dashViewerCount", "webRTCViewerCount", "rtmpViewerCount")


@dataclass(frozen=True)
class Audience:
    """Live streams of an application by id, each with its number of viewers.

    ``known`` is false when the application did not say; then nobody can tell who is on air.
    """

    app: str
    streams: dict
    known: bool = True

    @property
    def viewers(self):
        """Viewers of all streams; -1, the server's word for unknown, does not count."""
        return sum(self.streams.values())

    def shown(self):
        """As a result shows it."""
        return {
            "app": self.app,
            "publishers": len(self.streams),
            "viewers": self.viewers,
            "streams": sorted(self.streams)[:20],
            "known": self.known,
        }


def count(installation):
    """Ask every application who is on air.

    :arg installation: the installation as the running server read it.
    :returns: the :class:`Audience` of each application that has one or did not say.
    """
    found = (_count_app(installation, app) for app in installation.apps)
    return [audience for audience in found if audience.streams or not audience.known]


def _count_app(installation, app):
    streams = {}
    deadline = time.monotonic() + MOST_SECONDS
    for page in range(MOST_PAGES):
        path = f"rest/v2/broadcasts/list/{page * PAGE}/{PAGE}"
        content = _app.ask(installation, app, path=path).json()
        late = time.monotonic() > deadline
        if late or not isinstance(content, list):
            return Audience(app, streams, known=False)
        for stream in content[:PAGE]:
            if not isinstance(stream, dict):
                return Audience(app, streams, known=False)
            if stream.get("status") == "broadcasting":
                name = _json.words(stream.get("streamId"))
                streams[name] = sum(_number(stream.get(name)) for name in _VIEWERS)
        if len(content) < PAGE:
            break
    return Audience(app, streams)


def _number(value):
    """How many, 0 where that is unknown."""
    return max(value, 0) if isinstance(value, int) else 0


def total(audiences):
    """How many are on air, in words."""
    silent = [audience.app for audience in audiences if not audience.known]
    return "{}, {}{}".format(
        _counted(sum(len(audience.streams) for audience in audiences), "publisher"),
        _counted(sum(audience.viewers for audience in audiences), "viewer"),
        ", and whoever was on {}, which did not say".format(", ".join(silent)) if silent else "",
    )


def _counted(number, what):
    return f"{number} {what}{'' if number == 1 else 's'}"


def sentence(audiences):
    """Who is on air, in words."""
    parts = []
    for audience in audiences:
        if not audience.known:
            parts.append(f"{audience.app}: cannot tell, its REST API does not answer")
            continue
        parts.append(
            "{}: {} ({}), {}".format(
                audience.app,
                _counted(len(audience.streams), "publisher"),
                ", ".join(sorted(audience.streams)[:5]),
                _counted(audience.viewers, "viewer"),
            )
        )
    return "; ".join(parts)
