# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which stream a request for media is for: by names that can be read in one way only.

The server reads the stream from a path as it was sent, and finds the file by what is left when the
path has been made plain. So nothing passes that would have to be made plain, and each file has to
bear a name that this version of the server gives to files of streams.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import token as _token

STREAMS = "streams"
LONGEST = 1000
_PLAIN = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*){3,}", re.ASCII)

# The first versions that number segments with nine digits; that serve files in sub-folders, and
# qualities named by less than both numbers; that make segments of fragmented MP4; and that serve
# LL-HLS and DRM.
_NINE, _FOLDERS, _FRAGMENTS, _LOW_LATENCY, _DRM = (
    *((2, 4, 4), (2, 5, 0), (2, 10, 0)),
    *((2, 11, 0), (2, 16, 0)),
)


class NotMedia(ValueError):
    """A request that is for no media; the message says why in a few words of a fixed set."""


@dataclass(frozen=True)
class Media:
    """What a request is for, and the token that it shows."""

    app: str
    stream: str
    token: str | None = field(repr=False)


@dataclass(frozen=True)
class _Row:
    """A kind of file. In its pattern {s} is the stream, {q} what a quality is called by the server,
    {any_q} by one or another, {n} a segment's number, {f} any name, and {d} folders, where the
    version serves files in them.
    """

    endings: str
    pattern: str
    since: tuple[int, ...] = ()


# The first row that a name fits says the stream. A stream whose name ends as that of a quality or
# of a second recording does is taken for another one here, as it is by the server.
_ROWS = (
    _Row("mpd m4s m4a m4v mp4 m3u8 ts", "drm/{s}/{d}{f}", _DRM),
    _Row("m3u8 m4s mp4 ts fmp4", "ll-hls/{s}/(?P=stream)__(?!.*__){f}", _LOW_LATENCY),
    _Row("mpd", "{s}/(?P=stream)"),
    _Row("m4s", "{s}/{f}"),
    _Row("m3u8", "{d}{s}_adaptive"),
    _Row("m3u8", "{d}{s}_{q}"),
    _Row("m3u8", "{d}{s}"),
    _Row("ts", "{d}{s}_{q}{n}"),
    _Row("ts", "{d}{s}{n}"),
    _Row("fmp4", "{d}{s}_{q}{n}", _FRAGMENTS),
    _Row("fmp4", "{d}{s}{n}", _FRAGMENTS),
    _Row("mp4", "{d}{s}_{q}_[0-9]{{13}}_init", _FRAGMENTS),
    _Row("mp4", "{d}{s}_[0-9]{{13}}_init", _FRAGMENTS),
    _Row("mp4 webm", "{d}{s}-{date}(?:_{any_q})?(?:_[0-9]+)?"),
    _Row("mp4 webm", "{d}{s}_{any_q}(?:_[0-9]+)?"),
    _Row("mp4 webm", "{d}{s}_[0-9]+"),
    _Row("mp4 webm", "{d}{s}"),
)
_NAME = "[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_DATE = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}_[0-9]{2}-[0-9]{2}-[0-9]{2}\.[0-9]{3}"


def read(target: str, version: tuple[int, ...]) -> Media:
    """What a request is for.

    :arg target: as it was sent, without any change: a path, and perhaps a query.
    :arg version: numbers of the server's version.
    :raises NotMedia: when it is for no media.
    """
    path, _mark, query = target.partition("?")
    if len(path) > LONGEST or not _PLAIN.fullmatch(path):
        raise NotMedia("no plain path")
    _empty, app, folder, file = path.split("/", 3)
    if folder != STREAMS:
        raise NotMedia("no media")
    bare, _dot, ending = file.rpartition(".")
    for pattern in _patterns(version).get(ending, ()):
        found = pattern.fullmatch(bare)
        if found:
            return Media(app, found.group("stream"), _token.shown(query))
    raise NotMedia("no media")


@functools.lru_cache(maxsize=4)
def _patterns(version: tuple[int, ...]) -> dict[str, list[re.Pattern[str]]]:
    """The patterns of a version by the ending of a file."""
    both = "[0-9]+p[0-9]+kbps"
    any_quality = f"(?:{both}|[0-9]+p|[0-9]+kbps)"
    parts = {
        "s": f"(?P<stream>{_NAME})",
        "f": _NAME,
        "d": f"(?!drm/|ll-hls/)(?:{_NAME}/)*" if version >= _FOLDERS else "",
        "q": any_quality if version >= _FOLDERS else both,
        "any_q": any_quality,
        "n": "[0-9]{9}" if version >= _NINE else "[0-9]{4}",
        "date": _DATE,
    }
    found: dict[str, list[re.Pattern[str]]] = {}
    for ending, row in _rows(version):
        found.setdefault(ending, []).append(re.compile(row.pattern.format(**parts), re.ASCII))
    return found


def _rows(version: tuple[int, ...]) -> Iterator[tuple[str, _Row]]:
    for row in _ROWS:
        if row.since <= version:
            for ending in row.endings.split():
                yield ending, row
