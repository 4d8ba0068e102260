# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Read something once per run, not once per host, without a clear copy of it on any disk.

PRIVATE to the collection.

A worker lives for one task of one host, so it can keep nothing for the next. It leaves the value in
the folder Ansible makes and removes for each run, sealed (AES-256-GCM) with a key that exists only
in the memory of the run's processes: once they are gone nobody can open it, whatever is left.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import (
    files as _files,
    lock as _lock,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import owner as _owner

FAILURE_LASTS = 10.0
# Without a mark nothing tells that the source has changed, such as by the lock of a rotation.
UNMARKED_LASTS = 60.0
MOST = 64 * _files.MIB


class RunCache:
    """Values by name, shared by all processes of one run.

    :arg folder: a folder of this run; an empty text for no sharing.
    """

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(folder, "streamward") if folder else ""

    def get(self, name: str, mark: str, make: Callable[[], Any]) -> Any:
        """The value of a name, made by the first process that asks.

        :arg name: what it is, for instance the store's configuration.
        :arg mark: changes when the source has; a value made under another mark is made again. If
            it is empty, a value lasts for a minute.
        :arg make: function without arguments; its value must be representable as JSON. Its
            ``ValueError`` is raised for the other processes too, for 10 seconds, so that a fleet
            does not wait for the same dead store host after host.
        """
        path = self._path(name)
        if not path:
            return make()
        found = self._open(path, name, mark)
        if found is None:
            with contextlib.ExitStack() as stack:
                try:
                    stack.enter_context(_locked(path))
                except OSError:  # not shared, then
                    return make()
                found = self._open(path, name, mark)
                if found is None:
                    found = self._make(make, 0 if mark else time.time() + UNMARKED_LASTS)
                    with contextlib.suppress(OSError):
                        self._seal(path, name, {**found, "mark": mark})
                    if found.get("raised"):
                        raise found.pop("raised")
        if "failed" in found:
            raise ValueError(found["failed"])
        return found["value"]

    def forget(self, name: str) -> None:
        """Make the next :meth:`get` of a name read the source again."""
        path = self._path(name)
        if path:
            with contextlib.suppress(OSError), _locked(path):
                os.unlink(path)

    @staticmethod
    def _make(make: Callable[[], Any], until: float) -> dict:
        try:
            return {"value": make(), "until": until}
        except ValueError as error:
            return {"failed": str(error), "until": time.time() + FAILURE_LASTS, "raised": error}

    def _path(self, name: str) -> str:
        if not self._folder:
            return ""
        try:
            folder = _files.folder(self._folder, 0o700)
        except OSError:
            return ""
        return os.path.join(folder, hashlib.sha256(name.encode()).hexdigest()[:32])

    @staticmethod
    def _open(path: str, name: str, mark: str) -> dict | None:
        from cryptography.exceptions import InvalidTag

        try:
            sealed = _files.read(path, MOST)
            text = _cipher().decrypt(sealed[:12], sealed[12:], name.encode())
            found = json.loads(text)
        except (OSError, InvalidTag, ValueError):
            return None
        if found["mark"] != mark or 0 < found["until"] < time.time():
            return None
        return found

    @staticmethod
    def _seal(path: str, name: str, found: dict) -> None:
        found = {key: value for key, value in found.items() if key != "raised"}
        nonce = os.urandom(12)
        sealed = _cipher().encrypt(nonce, json.dumps(found).encode(), name.encode())
        with _files.replaced(path, 0o600) as file:
            file.write(nonce + sealed)


def _locked(path):
    return _lock.locked(path + ".lock")


def _cipher():
    # Ansible needs this library for its vault. Imported here, since not every reader gets so far.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_owner.key("cache"))
