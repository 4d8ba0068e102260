# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Waiting for a server to be ready: a running process, an open port and a 403 prove nothing.

From 2.15.0 on an application that gets a request while it loads can come up with every setting at
its default, its security off. So no request goes to an application before the server says that it
has started.

PRIVATE to the collection.
"""

from __future__ import annotations

import socket
import time
from typing import Callable, Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils import _wait
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    log as _log,
    process as _process,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    http as _http,
    management as _management,
    unseen as _unseen,
)

POLL_SECONDS = 0.25
# A start on a busy machine pauses; one that has said nothing for so long is stuck.
SILENCE_SECONDS = 60
# A process that is to be there after a start may need a moment to show.
FORK_SECONDS = 5
# RTMP opens before the last application has started; a little later at most.
RTMP_SECONDS = 15
# A server that has run for so long is past its start, whatever its log says.
START_SECONDS = 300


class NotReady(RuntimeError):
    """The server is not ready; the text says what is missing."""


def wait_started(
    installation: Installation,
    service: _service.Service,
    log: _log.Log,
    management: _management.Management,
    deadline: float,
    started: Callable[[str], object] | None = None,
) -> None:
    """Wait until the server and all its applications have started, without asking an application.

    :arg log: made before the start.
    :arg deadline: a time of ``time.monotonic()``.
    :kwarg started: called once with the name of each application that has started, as soon as the
        management API answers too.
    :raises NotReady: when the process ends, says nothing more, or the deadline passes.
    """
    start = _Start(installation, service, log, management, started)
    if not _wait.until(start.done, deadline, POLL_SECONDS):
        raise start.not_ready()


class _Start:
    """A start that is waited for, and what was seen of it so far."""

    def __init__(
        self,
        installation: Installation,
        service: _service.Service,
        log: _log.Log,
        management: _management.Management,
        started: Callable[[str], object] | None,
    ) -> None:
        self.installation = installation
        self.apps = set(installation.apps)
        self.service = service
        self.log = log
        self.management = management
        self.started = started
        self.begin = self.heard = time.monotonic()
        self.state: object = None
        self.alive = False
        self.missing = self.apps
        self.told: set[str] = set()

    def done(self) -> bool:
        """Whether everything has started.

        :raises NotReady: when it never will.
        """
        now = time.monotonic()
        if not self.service.process() and now - self.begin > FORK_SECONDS:
            raise NotReady(_unseen.gone(self.installation, self.log.heard()))
        self.alive = self.alive or self.management.alive()
        self.missing = self.apps - self.log.started()
        if self.alive:
            self._tell()
            if not self.missing or _listed(self.management, self.apps):
                return True
        before, self.state = self.state, self.log.state()
        if self.state != before:
            self.heard = now
        if now - self.heard > SILENCE_SECONDS:
            raise self.not_ready()
        return False

    def _tell(self) -> None:
        if self.started:
            for app in sorted(self.apps - self.missing - self.told):
                self.told.add(app)
                self.started(app)

    def not_ready(self) -> NotReady:
        """What is missing, as an error."""
        dead = self.management.foreign or "the management API does not answer"
        what = [] if self.alive else [dead]
        what += [f"application {app} has not started" for app in sorted(self.missing)]
        return NotReady(f"{'; '.join(what)} after {time.monotonic() - self.begin:.0f} s")


def wait_settled(
    installation: Installation,
    process: _process.Process,
    management: _management.Management,
    seconds: float,
) -> None:
    """Wait until a server that somebody else started is past its start.

    :arg seconds: how long at most.
    :raises NotReady: when it still starts then.
    """
    apps = set(installation.apps)
    log = _log.Tail(*_log.log_path(installation.home), whole=True)

    def settled() -> bool:
        return (
            time.time() - process.started >= START_SECONDS
            or apps <= log.started_since(process.started)
            or _listed(management, apps)
        )

    if not _wait.until(settled, time.monotonic() + seconds, POLL_SECONDS):
        raise NotReady(management.foreign or "the server is starting and does not get ready")


def _listed(management: _management.Management, apps: Iterable[str]) -> bool:
    """Whether the server lists every application; for servers that log warnings only."""
    if not management.accessible:
        return False
    try:
        return set(apps) <= set(management.applications())
    except _management.RestError:
        return False


def wait_answering(installation: Installation, deadline: float) -> None:
    """Wait until every application answers its REST API as its file says.

    :raises NotReady: when one does not, or answers without the token its file asks for.
    """
    closed = _app.shut(installation)
    for app in installation.apps:
        if app in closed or _app.signed_elsewhere(installation, app):
            continue  # there is nobody to ask as, or nothing to ask with

        def ask(app: str = app) -> _http.Answer:
            return _app.ask(installation, app)

        answer = _wait.until(ask, deadline, POLL_SECONDS, _answers)
        if not _answers(answer):
            raise NotReady(
                f"application {app} answers {answer.error or f'HTTP {answer.status}'} to a request"
                " that its settings let in"
            )


def _answers(answer: _http.Answer) -> bool:
    return answer.status == 200 and isinstance(answer.json(), dict)


def takes_rtmp(installation: Installation) -> bool:
    """Whether something listens where an installation's file says that RTMP publishers come in."""
    address = installation.host("rtmp.host"), installation.number("rtmp.port", 1935)
    try:
        socket.create_connection(address, 5.0).close()
    except (OSError, OverflowError):
        return False
    return True


def wait_rtmp(installation: Installation, deadline: float) -> None:
    """Wait until RTMP publishers can come in; the server runs on without, and says so in its log.

    :raises NotReady: when the port does not open.
    """
    grace = min(deadline, time.monotonic() + RTMP_SECONDS)
    if not _wait.until(lambda: takes_rtmp(installation), grace, POLL_SECONDS):
        port = installation.server.document.get("rtmp.port")
        raise NotReady(f"nothing listens for RTMP publishers on port {port}")
