# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The boot guard of a host: installed, removed, its check ended and its ports opened.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from typing import Any, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    files as _files,
    program as _program,
    prove as _prove,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard.files import (
    GuardError,
    GuardFile,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    own as _own,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan

GUARD = "guard"  # why these files change, beside the reasons of _plan


def _systemctl(*arguments: str) -> str:
    try:
        return _service.run(["systemctl", *arguments])
    except _service.ServiceError as error:
        raise GuardError(f"boot guard: {error}") from error


def _ours(home: str) -> bool:
    """Whether rules that are there are for a home's server: for no other's, at least."""
    return _files.watched() in (None, os.path.realpath(home))


def closed(home: str) -> bool:
    """Whether the ports of a home's server are closed, even by a guard that is there no more.

    :raises GuardError: when nftables does not tell.
    """
    try:
        return _ours(home) and _firewall.closed()
    except _firewall.FirewallError as error:
        raise GuardError(f"boot guard: {error}") from error


def release(home: str) -> None:
    """End the guard's check and open the ports: somebody else has proved the server.

    :raises GuardError: when the ports cannot be opened.
    """
    there = os.path.exists(_files.UNIT)
    if not _ours(home) or not (there or closed(home)):
        return
    try:
        _systemctl("stop", _program.UNIT)
    except GuardError:
        if there:  # else it may have ended, and systemd has forgotten it
            raise
    try:
        _firewall.open_again()
    except _firewall.FirewallError as error:
        raise GuardError(f"the boot guard's rules cannot be taken away: {error}") from error


class Guard:
    """The guard as it is on a host, and as it is to be.

    closed: whether the ports are closed, as a check that failed leaves them.

    :arg home: folder of the installation.
    :arg wanted: whether it is to be there; None leaves it alone.
    :raises GuardError: when systemd or nftables does not say what it knows.
    """

    def __init__(self, home: str, wanted: bool | None) -> None:
        self.home = home
        self.wanted = wanted
        self.files = list(self._plan())
        self.unread = bool(wanted) and not self.files and not self._read_by_systemd()
        self.closed = closed(home)

    def _plan(self) -> Iterator[GuardFile]:
        if self.wanted is None:
            return
        wanted = _files.contents(self.home) if self.wanted else {}
        for path in (_files.PROGRAM, _files.UNIT, _files.DROP_IN):
            old, new = _own.read(path), wanted.get(path)
            if old != new or (new is not None and not _own.safe(path)):
                yield GuardFile(path, old, new)

    @staticmethod
    def _read_by_systemd() -> bool:
        paths = _systemctl("show", _service.UNIT, "--property=DropInPaths")
        return _files.DROP_IN in paths.partition("=")[2].split()

    @property
    def changed(self) -> bool:
        """Whether there is something to do."""
        return bool(self.files) or self.unread or self.closed

    @property
    def installed(self) -> bool:
        """Whether it is, or will have been, on the host."""
        return os.path.exists(_files.DROP_IN) if self.wanted is None else self.wanted

    def changes(self) -> list[dict[str, Any]]:
        """The changes as a result shows them."""
        found = [
            _plan.Change("", f.path, "content", _digest(f.old), _digest(f.new), GUARD, _plan.NONE)
            for f in self.files
        ]
        return [change.shown() for change in found]

    def put(self) -> None:
        """Install or remove what the files say.

        :raises GuardError: when that fails; what was there before is there again.
        """
        if self.wanted is False and self.files:
            release(self.home)
        # What is referred to comes before what refers to it, and goes after it.
        for file in self.files if self.wanted else reversed(self.files):
            try:
                _own.write(file.path, file.new, file.mode)
            except OSError as error:
                self.take_back()
                text = f"boot guard: {file.path}: {error.strerror}"
                raise GuardError(text) from error
        if self.files or self.unread:
            _systemctl("daemon-reload")
        if self.wanted is False:
            for folder in (os.path.dirname(_files.PROGRAM), os.path.dirname(_files.DROP_IN)):
                with contextlib.suppress(OSError):  # not empty: somebody else's, too
                    os.rmdir(folder)
            shutil.rmtree(_program.STATE, ignore_errors=True)
        if not self.installed:  # rules that nobody would ever take away, of a start meanwhile, too
            release(self.home)

    def reopen(self, service: _service.Service, seconds: float) -> None:
        """Check a server that a failed check has left closed once more, and open its ports.

        :raises GuardError: when they stay closed.
        """
        process = service.process()
        if not self.closed or not process or not _firewall.closed():
            return
        try:
            _prove.prove(self.home, service, process, time.monotonic() + seconds)
        except (*_prove.ERRORS, _prove.Open, _prove.Gone) as error:
            raise GuardError(f"the boot guard keeps the server closed: {error}") from error
        release(self.home)

    def take_back(self) -> None:
        """Put back what was there before; where that was no guard, nothing stays closed."""
        with contextlib.suppress(OSError, GuardError):
            for file in reversed(self.files):
                _own.write(file.path, file.old, file.mode)
            _systemctl("daemon-reload")
        if not _files.installed():
            with contextlib.suppress(GuardError):
                release(self.home)


def _digest(data: bytes | None) -> str | None:
    return None if data is None else "sha256:" + hashlib.sha256(data).hexdigest()[:12]
