# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which stream the server believes a playback path belongs to.

It compares a token's ``streamId`` with an id it guesses from the file's name. Names of some streams
are guessed wrong, and then a perfect token is refused.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

_QUALITY = r"(?:[0-9]+p|[0-9]+kbps|[0-9]+p[0-9]+kbps)"
_DATED = re.compile(r".*-20[0-9]{2}[0-9]*-+[0-9]{2}.*")
_RATED = re.compile(r".*_[0-9]+p+[0-9]+kbps+.*")
_NUMBERED = re.compile(r".*_[0-9]+.*")
_DATE_SIZE = len("yyyy-MM-dd_HH-mm-ss.SSS")


def _cut(text, start, end):
    """A part of a text, ``None`` where Java would throw."""
    return text[start:end] if 0 <= start <= end <= len(text) else None


def stream_of(path: str) -> str | None:
    """The stream id that the server reads from a path, for playlists, DASH and recordings.

    :arg path: the path of the URL, such as ``/LiveApp/streams/stream1.m3u8``.
    :returns: the id, or ``None`` where the server gives up or fails.
    """
    if "streams" in path:
        parts = path.rstrip("/").split("streams")
        path = parts[1] if len(parts) > 1 else ""
        if path.startswith("/drm/"):
            return _cut(path[5:], 0, path[5:].find("/"))
    first, last = path.find("/") + 1, path.rfind("/")
    if "m4s" in path or "mpd" in path:
        return path if last == 0 else _cut(path, first, last)
    if "chunked" in path:
        path = path.split("chunked")[1]
        return _cut(path, path.find("/") + 1, path.rfind("/"))
    start = last + 1
    if "_adaptive.m3u8" in path:
        return _cut(path, start, path.rfind("_adaptive.m3u8"))
    before, mark, after = path.rpartition("__")
    if mark and "/" in before:
        return before[before.rfind("/") + 1 :] + ("_" if "kbps" in after else "")
    if re.fullmatch(rf".*_{_QUALITY}.m3u8", path):
        return _cut(path, start, path.rfind("_"))
    if ".m3u8" in path:
        return _cut(path, start, path.rfind(".m3u8"))
    return _recording(path, start)


def _recording(path, start):
    mark = path.rfind("_")
    if _DATED.fullmatch(path):
        if not _RATED.fullmatch(path):
            return _cut(path, start, mark - (_DATE_SIZE - 12))
        name = _cut(path, start - 1, mark)
        return name and _cut(name, 1, name.rfind(".") - (_DATE_SIZE - 3))
    if _RATED.fullmatch(path):
        name = _cut(path, start, mark)
        if name and _RATED.fullmatch(name):
            name = "/" + name
            return _cut(name, 1, name.rfind("_"))
        return name
    end = path.rfind(".mp4")
    end = path.rfind(".webm") if end == -1 else end
    if end == -1:
        return None
    return _cut(path, start, mark if _NUMBERED.fullmatch(path) else end)


def mismatches(app: str, stream: str, file: str = "") -> dict[str, str | None]:
    """Where a token for a stream would be refused for the name's sake.

    :kwarg file: the file of a recording; else that of the stream itself.
    :returns: a dictionary of the string's name (``hls``, ``hls_adaptive``, ``dash``, ``vod``) and
        the id that the server reads instead.
    """
    base = f"/{app}/streams"
    paths = {
        "hls": f"{base}/{stream}.m3u8",
        "hls_adaptive": f"{base}/{stream}_adaptive.m3u8",
        "dash": f"{base}/{stream}/{stream}.mpd",
        "vod": f"{base}/{file or stream + '.mp4'}",
    }
    return {name: read for name, path in paths.items() if (read := stream_of(path)) != stream}
