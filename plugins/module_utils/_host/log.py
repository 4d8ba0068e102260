# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server's own log: what it wrote since a given moment.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from typing import Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place
from ansible_collections.streamward.antmedia.plugins.module_utils._host.rights import Rights

SERVER_LOG = "/var/log/antmedia/ant-media-server.log"
ERROR_LOG = os.path.join("log", "antmedia-error.log")

# Enough for one start with debugging on; a longer text is cut at its beginning.
MOST = 8 * 1024 * 1024
# What a server may have said by the time somebody starts to listen.
BACK = 1024 * 1024

_FILE = re.compile(r"<[Ff]ile>([^<]*)</[Ff]ile>")
_NAME = "ant-media-server.log"
_NO_FILE: tuple[int | None, int] = (None, 0)
_STARTED = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\S* .* - (\S+) started\s*$", re.MULTILINE)
# The first thing that it says of itself, whatever its version.
_FIRST_WORD = b".Launcher - Ant Media Server "
# What may stand before it in its line.
LONGEST_HEAD = 200
_LINE = re.compile(rb"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.MULTILINE)
_MOMENT = re.compile(r"^\S+ \S+ \[[^]]*\]")
_OWN_NOISE = re.compile(
    r"TokenExpiredException|SignatureVerificationException|Network is unreachable"
)
_TROUBLE = re.compile(r"\b(ERROR|FATAL|Exception|Caused by|Bootstrap exit)\b")


def log_path(home: str) -> tuple[str, Rights | None]:
    """Where the server logs to, by its own configuration; relative paths are below the home.

    :returns: a pair of the path and of the rights of whoever named it, see :func:`_place.find`.
    """
    with contextlib.suppress(OSError, UnicodeDecodeError):
        with _place.find(os.path.join(home, "conf", "logback.xml")) as at:
            content = at.read()
            author = _place.author(at, content)
        for path in map(str.strip, _FILE.findall(content.data.decode("utf-8"))):
            if path.endswith(_NAME):
                return os.path.join(home, path), author
    return SERVER_LOG, None


class Tail:
    """What is appended to a file from now on, across a rotation.

    :kwarg named_by: the rights of whoever named the file.
    :kwarg whole: read what is already there too.
    :kwarg back: so many bytes of it.
    """

    def __init__(
        self, path: str, named_by: Rights | None = None, whole: bool = False, back: int = 0
    ) -> None:
        self.path = path
        self.named_by = named_by
        self.inode, size = _NO_FILE if whole else self.state()
        self.position = max(0, size - back)

    def state(self) -> tuple[int | None, int]:
        """Which file it is and its size: another one as soon as something is written."""
        status = None
        with contextlib.suppress(OSError), _place.find(self.path, self.named_by) as at:
            status = at.status()
        return (status.st_ino, status.st_size) if status else _NO_FILE

    def read(self) -> str:
        """The text appended since this object was made; empty when the file cannot be read."""
        try:
            with _place.find(self.path, self.named_by) as at, os.fdopen(at.open(), "rb") as stream:
                status = os.fstat(stream.fileno())
                inode, size = status.st_ino, status.st_size
                begin = self.position if inode == self.inode and size >= self.position else 0
                stream.seek(max(begin, size - MOST))
                return stream.read(MOST).decode("utf-8", "replace")
        except OSError:
            return ""

    def started(self) -> set[str]:
        """Names of what the server reported as started."""
        return {name for _when, name in _STARTED.findall(self.read())}

    def started_since(self, moment: float) -> set[str]:
        """The same, reported since a moment in Unix seconds."""
        return {name for when, name in _STARTED.findall(self.read()) if _time(when) >= int(moment)}


def _time(text: str) -> float:
    """The Unix time of a line; 0 of what is no time, as anybody may write into a log."""
    with contextlib.suppress(ValueError, OverflowError):
        return time.mktime(time.strptime(text, "%Y-%m-%d %H:%M:%S"))
    return 0.0


class Log:
    """Both logs of a server, from now on.

    :arg home: folder of the installation.
    :kwarg since: for a server that was started already, when, in Unix seconds.
    """

    def __init__(self, home: str, since: float | None = None) -> None:
        self.since = since
        self.server = Tail(*log_path(home), back=0 if since is None else BACK)
        self.error = Tail(os.path.join(home, ERROR_LOG))
        self._started: set[str] = set()

    def started(self) -> set[str]:
        """Names of what the server reported as started, seen once and for all."""
        server, since = self.server, self.since
        self._started |= server.started() if since is None else server.started_since(since)
        return self._started

    def heard(self) -> bool:
        """Whether the server has said anything."""
        return bool(self.server.read() or self.error.read())

    def state(self) -> object:
        """Another one as long as the server has something to say."""
        return self.server.state(), self.error.state()

    def trouble(self, secrets: Iterable[str], most: int = 12) -> list[str]:
        """The last lines that speak of an error, without the values of secrets.

        :arg secrets: texts to blank out.
        """
        text = self.server.read() + self.error.read()
        # One of each kind: what differs only in its time says nothing new.
        kinds = {
            _MOMENT.sub("", line): line.strip()
            for line in text.splitlines()
            if _TROUBLE.search(line) and not _OWN_NOISE.search(line)
        }
        lines = list(kinds.values())[-most:]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            lines = [line.replace(secret, "(secret)") for line in lines]
        return [line[:400] for line in lines]


def starts(home: str, since: float) -> tuple[list[float], bool]:
    """When the server has started since a moment, by its own log, in Unix seconds.

    :returns: a pair of the moments, oldest first, and whether the log reaches back that far.
    """
    path, named_by = log_path(home)
    try:
        with _place.find(path, named_by) as at, os.fdopen(at.open(), "rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            begin = stream.seek(max(0, size - MOST))
            text = stream.read(MOST)
            older = _rotated(at.name)
            whole = not begin and not (older and at.status(older))
    except OSError:
        return [], False
    first = _LINE.search(text)
    reaches = whole or bool(first and _time(first.group().decode("ascii")) <= since)
    return sorted(moment for moment in _first_words(text) if moment >= since), reaches


def _first_words(text):
    """The moments of the lines with which starts begin."""
    at = text.find(_FIRST_WORD)
    while at >= 0:
        begin = text.rfind(b"\n", max(0, at - LONGEST_HEAD), at) + 1
        line = _LINE.match(text, begin) if begin or at <= LONGEST_HEAD else None
        if line:
            yield _time(line.group().decode("ascii"))
        at = text.find(_FIRST_WORD, at + 1)


def _rotated(name):
    """What the log is called when it has become too large."""
    stem, dot, end = name.rpartition(".")
    return f"{stem}.1{dot}{end}.gz" if stem else ""
