# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The proof of a start: it holds what its files say, or is brought back to them.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from typing import Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    lock as _lock,
    log as _log,
    process as _process,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    heal as _heal,
    management as _management,
    ready as _ready,
)

ANSWER_SECONDS = 60
# Where nobody can heal a server live, it is started again, at most this many times.
MORE_STARTS = 2

ERRORS = (
    _ready.NotReady,
    _management.RestError,
    _lock.Locked,
    _installation.InstallationError,
    OSError,
    ValueError,
)


class Open(RuntimeError):
    """Applications are open, and nobody can heal them while the server runs."""

    def __init__(self, apps: Iterable[str]) -> None:
        super().__init__(f"application {', '.join(apps)} came up with its security off")


class Gone(RuntimeError):
    """The server that was looked at runs no more."""


def untold(installation: _installation.Installation, management: _management.Management) -> str:
    """Why nobody can say whether an application came up open; empty where somebody can."""
    if not management.accessible and installation.version >= _versions.OPEN_STARTS:
        for app in installation.apps:
            if not _app.asks_for_token(installation, app):
                return (
                    f"nobody can ask what application {app} holds: the server takes no management"
                    " token"
                )
    return ""


def prove(
    home: str, service: _service.Service, process: _process.Process, deadline: float
) -> dict[str, list[str]]:
    """Wait until a server has started, and see to it that it holds what its files say.

    :arg process: the one that was started.
    :arg deadline: a time of ``time.monotonic()``.
    :returns: the names of the settings that had to be brought back, by application.
    :raises Open: when that cannot be done.
    :raises Gone: when the process is no more.
    :raises NotReady, RestError, OSError, ValueError: when something else is missing.
    """
    process = _still(service, process)
    installation = _installation.observe(home)
    management = _management.Management(installation)
    try:
        _started(installation, service, process, management, deadline)
        why = untold(installation, management)
        if why:
            raise _ready.NotReady(why)
        healed = _heal.heal_all(installation, management)
        _ready.wait_answering(installation, min(deadline, time.monotonic() + ANSWER_SECONDS))
        # Where the log did not tell, one may have loaded yet, and be open by that very request.
        healed.update(_heal.heal_all(installation, management))
        opened = _app.open_apps(installation)
    except ERRORS:
        _still(service, process)
        raise
    if opened and management.accessible:
        raise _ready.NotReady(
            f"application {opened[0]} answers without a token although it holds its settings"
        )
    if opened:
        raise Open(opened)
    _still(service, process)
    return healed


def _still(service: _service.Service, process: _process.Process) -> _process.Process:
    """The process as the clock has it now, which may have been set meanwhile."""
    now = service.process()
    if not now or not process.same(now):
        raise Gone("the server that was checked has ended")
    return now


def _started(
    installation: _installation.Installation,
    service: _service.Service,
    process: _process.Process,
    management: _management.Management,
    deadline: float,
) -> None:
    if time.time() - process.started > _ready.START_SECONDS:
        return
    log = _log.Log(installation.home, since=process.started)
    _ready.wait_started(installation, service, log, management, deadline)
