# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which stream the server believes a playback path belongs to.

It compares a token's ``streamId`` with an id it guesses from the file's name. Names of some streams
are guessed wrong, and then a perfect token is refused.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

# The first versions that look for a stream below a folder and in names without a rate, in DASH, in
# parts of LL-HLS, in parts of a stream whose name ends with an underscore, and in DRM.
_FOLDERS, _DASH, _PARTS, _UNDERSCORE, _DRM = (
    *((2, 5, 0), (2, 6, 0), (2, 11, 0)),
    *((2, 14, 0), (2, 16, 0)),
)

_QUALITY = r"(?:[0-9]+p|[0-9]+kbps|[0-9]+p[0-9]+kbps)"
_OLD_QUALITY = r"[0-9]+p[0-9]+kbps"
_DATED = re.compile(r".*-20[0-9]{2}[0-9]*-+[0-9]{2}.*")
_RATED = re.compile(r".*_[0-9]+p+[0-9]+kbps+.*")
_NUMBERED = re.compile(r".*_[0-9]+.*")
_DATE_SIZE = len("yyyy-MM-dd_HH-mm-ss.SSS")


def _cut(text, start, end):
    """A part of a text, ``None`` where Java would throw."""
    return text[start:end] if 0 <= start <= end <= len(text) else None


def stream_of(path: str, version: tuple[int, ...] = ()) -> str | None:
    """The stream id that the server reads from a path, for playlists, DASH and recordings.

    :arg path: the path of the URL, such as ``/LiveApp/streams/stream1.m3u8``.
    :kwarg version: numbers of the server's version; the newest if it is unknown.
    :returns: the id, or ``None`` where the server gives up or fails.
    """
    since = version or _DRM
    chunked = since >= _DASH or "streams" not in path
    start = path.find("/") + 1
    if "streams" in path:
        _before, *parts = path.split("streams")
        # As Java splits, without empty texts at the end.
        if not any(parts):
            return None
        path = parts[0]
        if path.startswith("/drm/") and since >= _DRM:
            return _cut(path[5:], 0, path[5:].find("/"))
    first, last = path.find("/") + 1, path.rfind("/")
    if since >= _DASH and ("m4s" in path or "mpd" in path):
        return path if last == 0 else _cut(path, first, last)
    if chunked and "chunked" in path:
        path = path.split("chunked")[1]
        return _cut(path, path.find("/") + 1, path.rfind("/"))
    start = last + 1 if since >= _FOLDERS else start
    if "_adaptive.m3u8" in path:
        return _cut(path, start, path.rfind("_adaptive.m3u8"))
    before, mark, after = path.rpartition("__")
    if mark and "/" in before and since >= _PARTS:
        underscore = "kbps" in after and since >= _UNDERSCORE
        return before[before.rfind("/") + 1 :] + "_" * underscore
    quality = _QUALITY if since >= _FOLDERS else _OLD_QUALITY
    if re.fullmatch(rf".*_{quality}.m3u8", path):
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


def mismatches(
    app: str, stream: str, file: str = "", quality: str = "", version: tuple[int, ...] = ()
) -> dict[str, str | None]:
    """Where a token for a stream would be refused for the name's sake.

    :kwarg file: the file of a recording; else that of the stream itself.
    :kwarg quality: what the server adds to the names of one quality.
    :kwarg version: numbers of the server's version; the newest if it is unknown.
    :returns: a dictionary of the string's name (``hls``, ``dash``, ``vod``, ...) and the id that
        the server reads instead.
    """
    base = f"/{app}/streams"
    stem, _dot, ending = (file or f"{stream}.mp4").rpartition(".")
    paths = {
        "hls": f"{stream}.m3u8",
        "hls_adaptive": f"{stream}_adaptive.m3u8",
        "ll_hls": f"ll-hls/{stream}/{stream}__master.m3u8",
        "dash": f"{stream}/{stream}.mpd",
        "vod": f"{stem}.{ending}",
        "vod_webm": f"{stem}.webm",
    }
    if quality:
        paths["hls_quality"] = f"{stream}_{quality}.m3u8"
        paths["vod_quality"] = f"{stem}_{quality}.{ending}"
    read = {name: stream_of(f"{base}/{path}", version) for name, path in paths.items()}
    return {name: found for name, found in read.items() if found != stream}
