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
POLL_SECONDS = 0.1


def _path(home):
    return os.path.join(home, "conf", RESULT)


def _forget(home):
    for suffix in ("", "-new"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_path(home) + suffix)


def start(home, moment, work):
    """Do some work at a moment, in a process that outlives this one.

    :arg home: folder of the installation.
    :arg moment: Unix time in seconds.
    :arg work: a function that returns a result to keep, which must hold no secret.
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
        time.sleep(max(0.0, moment - time.time()))
        _keep(home, work())
    except BaseException as error:  # nobody is left to raise it to
        _keep(home, {"failed": True, "msg": type(error).__name__, "warnings": []})
    finally:
        os._exit(0)


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
