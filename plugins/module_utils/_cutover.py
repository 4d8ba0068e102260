# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Leaving work to a process of its own that waits for an agreed instant.

Ansible's own background jobs would put the module, with the secrets in it, into a file. A child of
the module has them in its memory, and leaves a result without any.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import json
import os
import time

RESULT = ".streamward-cutover"
# Beside the result: whoever makes it before the instant calls the work off.
OFF = "-off"
POLL_SECONDS = 0.1


def _path(home):
    return os.path.join(home, "conf", RESULT)


def _forget(home):
    for suffix in ("", "-new", OFF):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_path(home) + suffix)


def start(home, moment, work, give_up=dict):
    """Do some work at a moment, in a process that outlives this one.

    :arg home: folder of the installation.
    :arg moment: Unix time in seconds.
    :arg work: a function that returns a result to keep, which must hold no secret.
    :kwarg give_up: the same, for when the work is called off before its moment.
    :returns: the id of the process.
    """
    _forget(home)
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        _keep(home, work() if _wait(home, moment) else give_up())
    except BaseException as error:  # nobody is left to raise it to
        _keep(home, {"failed": True, "msg": type(error).__name__, "warnings": []})
    finally:
        os._exit(0)


def _wait(home, moment):
    """Wait for a moment; whether it came, rather than that the work was called off."""
    while time.time() < moment:
        if os.path.lexists(_path(home) + OFF):
            return False
        time.sleep(max(0.0, min(POLL_SECONDS, moment - time.time())))
    return True


def call_off(home):
    """Ask a process that still waits to give up; one whose moment has come goes on."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC  # the folder is the server's own
    with contextlib.suppress(FileExistsError):
        os.close(os.open(_path(home) + OFF, flags, 0o600))


def _keep(home, result):
    temporary = _path(home) + "-new"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        json.dump(result, stream)
        stream.flush()
        os.fsync(handle)
    os.rename(temporary, _path(home))


def collect(home, seconds):
    """The result of the work, once it is done; it is kept until the next start.

    :arg seconds: how long to wait.
    :returns: the result, None when there is none by then.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            with open(_path(home), encoding="utf-8") as stream:
                return json.load(stream)
        except FileNotFoundError:
            if time.monotonic() > deadline:
                return None
        time.sleep(POLL_SECONDS)
