# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whom a restart would cut off: live publishers and viewers of each application.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Iterable, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
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
    streams: dict[str, int]
    known: bool = True

    @property
    def viewers(self) -> int:
        """Viewers of all streams; -1, the server's word for unknown, does not count."""
        return sum(self.streams.values())

    def shown(self) -> dict[str, Any]:
        """As a result shows it."""
        return {
            "app": self.app,
            "publishers": len(self.streams),
            "viewers": self.viewers,
            "streams": sorted(self.streams)[:20],
            "known": self.known,
        }


def count(installation: Installation) -> list[Audience]:
    """Ask every application who is on air; only those count that have an audience, or did not say.

    :arg installation: as the running server read it.
    """
    found = (_count_app(installation, app) for app in installation.apps)
    return [audience for audience in found if audience.streams or not audience.known]


def _count_app(installation: Installation, app: str) -> Audience:
    streams: dict[str, int] = {}
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


def _number(value: object) -> int:
    """How many, 0 where that is unknown."""
    return max(value, 0) if isinstance(value, int) else 0


def total(audiences: Sequence[Audience]) -> str:
    """How many are on air, in words."""
    silent = [audience.app for audience in audiences if not audience.known]
    publishers = _counted(sum(len(audience.streams) for audience in audiences), "publisher")
    viewers = _counted(sum(audience.viewers for audience in audiences), "viewer")
    unknown = f", and whoever was on {', '.join(silent)}, which did not say" if silent else ""
    return f"{publishers}, {viewers}{unknown}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def sentence(audiences: Iterable[Audience]) -> str:
    """Who is on air, in words."""
    return "; ".join(map(_clause, audiences))


def _clause(audience: Audience) -> str:
    if not audience.known:
        return f"{audience.app}: cannot tell, its REST API does not answer"
    publishers = _counted(len(audience.streams), "publisher")
    names = ", ".join(sorted(audience.streams)[:5])
    return f"{audience.app}: {publishers} ({names}), {_counted(audience.viewers, 'viewer')}"
