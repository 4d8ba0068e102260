# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The policy file on its host: read when it has changed, and only while nobody else can write it.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import stat
import time

LARGEST = 8 * 1024 * 1024
# What others may not do with it: they read it not at all, the gate's own group reads it only.
_TOO_MUCH = 0o037
# A file can be written twice while its system's clock ticks once.
_FRESH_SECONDS = 2


class Refused(Exception):
    """A file that is not read; the message says why."""


class Watch:
    """A file, and what it was like when it was last looked at."""

    def __init__(self, path: str, owner: int = 0) -> None:
        """:kwarg owner: the account that it has to belong to."""
        self.path, self._owner = path, owner
        self._seen: object = None
        self._fresh = True

    def look(self, again: bool = False) -> tuple[str | None, str] | None:
        """The text if the file may be another one now; or None in its place and why it has none.

        :kwarg again: read it whether it has changed or not.
        :returns: None while nothing has changed.
        """
        seen = self._signature()
        if seen == self._seen and not self._fresh and not again:
            return None
        self._seen = seen
        try:
            return self._text(), ""
        except Refused as fault:
            return None, str(fault)
        except OSError as error:
            return None, f"{self.path} cannot be read: {error.strerror}"
        except UnicodeDecodeError:
            return None, f"{self.path} is not text"

    def _signature(self):
        try:
            status = os.lstat(self.path)
        except OSError as error:
            self._fresh = False
            return error.errno
        changed = max(status.st_mtime, status.st_ctime)
        self._fresh = abs(time.time() - changed) < _FRESH_SECONDS
        return (
            *(status.st_dev, status.st_ino, status.st_mode, status.st_uid, status.st_size),
            *(status.st_mtime_ns, status.st_ctime_ns),
        )

    def _text(self):
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        file = os.open(self.path, flags)
        try:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise Refused(f"{self.path} is not a regular file")
            if status.st_uid != self._owner:
                raise Refused(f"{self.path} belongs to another account")
            if stat.S_IMODE(status.st_mode) & _TOO_MUCH:
                raise Refused(f"{self.path} can be read or written by others")
            with os.fdopen(file, "rb", closefd=False) as stream:
                data = stream.read(LARGEST + 1)
        finally:
            os.close(file)
        if len(data) > LARGEST:
            raise Refused(f"{self.path} is too large")
        return data.decode("utf-8")
