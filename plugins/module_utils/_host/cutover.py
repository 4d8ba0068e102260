# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Leaving work to a process of its own that waits for an agreed instant.

Ansible's own background jobs would put the module, with the secrets in it, into a file. A child of
the module has them in its memory, and leaves a result without any.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from typing import Any, Callable, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils import _wait
from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place

RESULT = ".streamward-cutover"
# Beside the result: whoever makes it before the instant calls the work off.
OFF = "-off"
NEW = "-new"
# Where root leaves results: in the server's own folder, its account could forge one, and what is
# in a result becomes what Ansible knows of the host.
RUN = "/run/streamward"
MOST_BYTES = 64 << 20
POLL_SECONDS = 0.1


def _desk(home: str) -> tuple[str, str]:
    """The folder for results, and the name in it of that of a home."""
    if os.geteuid():
        return os.path.join(home, "conf"), RESULT
    mark = hashlib.sha256(os.path.realpath(home).encode("utf-8", "surrogateescape"))
    return RUN, "cutover-" + mark.hexdigest()[:16]


def _forget(home: str) -> None:
    folder, name = _desk(home)
    with _place.folder(folder) as at:
        for suffix in ("", NEW, OFF):
            at.drop(name + suffix)


def start(
    home: str,
    moment: float,
    work: Callable[[], Mapping[str, Any]],
    give_up: Callable[[], Mapping[str, Any]] = dict,
) -> int:
    """Do some work at a moment, in a process that outlives this one.

    :arg home: folder of the installation.
    :arg moment: Unix time in seconds.
    :arg work: a function that returns a result to keep, which must hold no secret.
    :kwarg give_up: the same, for when the work is called off before its moment.
    :returns: the id of the process.
    """
    if not os.geteuid():
        _place.make_folder(RUN)
    _forget(home)
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        _keep(home, work() if _comes(home, moment) else give_up())
    except BaseException as error:  # nobody is left to raise it to
        _keep(home, {"failed": True, "msg": type(error).__name__, "warnings": []})
    finally:
        os._exit(0)


def _comes(home: str, moment: float) -> bool:
    """Wait for a moment; whether it came, rather than that the work was called off."""
    folder, name = _desk(home)
    while time.time() < moment:
        with _place.folder(folder) as at:
            if at.status(name + OFF) is not None:
                return False
        time.sleep(max(0.0, min(POLL_SECONDS, moment - time.time())))
    return True


def call_off(home: str) -> None:
    """Ask a process that still waits to give up; one whose moment has come goes on."""
    folder, name = _desk(home)
    # Where there is no folder, nothing waits.
    with contextlib.suppress(FileNotFoundError), _place.folder(folder) as at:
        at.mark(name + OFF)


def _keep(home: str, result: Mapping[str, Any]) -> None:
    folder, name = _desk(home)
    data = json.dumps(result).encode("utf-8")
    with _place.folder(folder) as at:
        content = _place.Content(data, 0o600, os.geteuid(), os.getegid())
        at.replace(name, content, by=name + NEW)


def collect(home: str, seconds: float) -> dict[str, Any] | None:
    """The result of the work, once it is done; it is kept until the next start.

    :arg seconds: how long to wait.
    :returns: the result, None when there is none by then.
    :raises OSError, ValueError: when there is something else in its place.
    """
    folder, name = _desk(home)

    def kept():
        with contextlib.suppress(FileNotFoundError), _place.folder(folder) as at:
            return json.loads(at.read(name, MOST_BYTES).data.decode("utf-8"))
        return None

    deadline = time.monotonic() + seconds
    return _wait.until(kept, deadline, POLL_SECONDS, lambda result: result is not None)
