# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A restart: stop, start, wait, heal what came up open, and roll back when it does not come up.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.done import Done
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import ApplyError
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.seen import Seen
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    guard as _guard,
    prove as _prove,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    leftovers as _leftovers,
    log as _log,
    service as _service,
    transaction as _transaction,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    heal as _heal,
    management as _management,
    ready as _ready,
)

# What a shipped file has where a secret belongs; blanking it out would spoil every log line.
NO_SECRETS = ("", "password")

FAILED = (
    _ready.NotReady,
    _service.ServiceError,
    _management.RestError,
    OSError,
    ValueError,
)


def secrets_of(
    installation: _installation.Installation, plan: _plan.Plan, admin: Mapping[str, str] | None
) -> set[str]:
    """Every secret that the server may speak of."""
    texts = {(admin or {}).get("password")}
    for change in plan.changes:
        if change.secret:
            texts |= {change.new, change.old}
    for app, file in installation.files():
        kind = _catalogue.APP if app else _catalogue.SERVER
        for key, text in file.document.as_dict().items():
            if _catalogue.is_secret(kind, key) and text not in NO_SECRETS:
                texts.add(text)
    return {text for text in texts if text}


class Restart:
    """The restart of one run, whose new files are in place.

    :arg admin: an admin account for the management API, or None.
    :arg seconds: how long a start may take until everything answers.
    :arg make_way: what to do before the server is started with its previous files.
    """

    def __init__(
        self,
        seen: Seen,
        plan: _plan.Plan,
        service: _service.Service,
        done: Done,
        admin: Mapping[str, str] | None,
        seconds: float,
        make_way: Callable[[], object],
    ) -> None:
        self.seen = seen
        self.plan = plan
        self.service = service
        self.done = done
        self.admin = admin
        self.seconds = seconds
        self.make_way = make_way
        self.home = seen.installation.home
        # As the server that was started last has to be asked.
        self.management = seen.management

    def carry_out(self) -> None:
        """Have the server run with its files as they are, and hold what they say.

        :raises ApplyError: the previous files are in place again, or the text says what is.
        """
        begin = time.monotonic()
        log = _log.Log(self.home)
        try:
            now = self._start(log)
            self._close_open_start(now)
        except FAILED as error:
            lines = log.trouble(secrets_of(self.seen.installation, self.plan, self.admin))
            raise ApplyError(f"{error}; {self._roll_back()}", lines) from error
        try:
            self._end_boot_guard(now)
        except _guard.GuardError as error:
            raise ApplyError(f"the server runs, but {error}") from error
        for app in _app.shut(now):
            name = f"application {app}" if app else "the web panel"
            self.done.warnings.append(
                f"{name} lets nobody in, so nobody asked it whether it works; the log says that it"
                " has started"
            )
        self.done.switched_at = time.time()
        self.done.ready_seconds = round(time.monotonic() - begin, 1)

    def _end_boot_guard(self, now):
        """What a boot guard would check, and closes the ports for, has been checked here.

        :raises GuardError: when the ports stay closed.
        """
        why = _prove.untold(now, self.management)
        if not why:
            _guard.release(self.home)
        elif _guard.closed(self.home):
            raise _guard.GuardError(f"the boot guard keeps it closed: {why}")

    def _start(self, log):
        """Stop, start, and wait until every application answers."""
        now = _installation.observe(self.home)
        took_rtmp = _ready.takes_rtmp(self.seen.installation)
        self.done.altered = True
        if self.seen.process:  # who has stopped it before may want it stopped
            _leftovers.stopping(self.seen.paths)
        if self.service.process():
            self.service.stop()
        self.done.starts += 1
        self.service.start()
        deadline = time.monotonic() + self.seconds
        refused = self.management.refused
        self.management = _management.Management(now, self.admin, greet=self._greet)
        self.management.refused = refused

        def heal(app):
            self._heal_early(now, app)

        _ready.wait_started(now, self.service, log, self.management, deadline, heal)
        _ready.wait_answering(now, deadline)
        if took_rtmp:
            _ready.wait_rtmp(now, deadline)
        _leftovers.started(self.seen.paths)
        return now

    def _greet(self):
        """What is due as soon as a server that was started is alive."""
        self.done.unclaimed = bool(self.management.unclaimed())
        self.done.claim(self.management, self.admin)

    def _heal_early(self, now, app):
        """An application that came up open is open until it is healed: wait for no other."""
        if self.management.accessible:
            # What fails here comes again at the end.
            with contextlib.suppress(_management.RestError, _ready.NotReady):
                self._heal(now, app)

    def _heal(self, now, app):
        if _heal.heal(now, self.management, app, self.plan.names.get(app, ())):
            self.done.healed.append(app)

    def _close_open_start(self, now):
        """Compare what the server holds with its files, and heal what differs."""
        self._greet()  # if it did not say yet whether somebody is admin
        for _again in range(_prove.MORE_STARTS):
            if self.management.accessible:
                for app in now.apps:
                    self._heal(now, app)
                return
            opened = _app.open_apps(now)
            if not opened:
                return
            self.done.healed.extend(opened)
            self._start(_log.Log(self.home))
        opened = _app.open_apps(now)
        if opened:
            times = _prove.MORE_STARTS + 1
            raise _ready.NotReady(
                f"application {opened[0]} came up with its security off {times} times in a row"
            )

    def _roll_back(self):
        """Put the files back and start once more; says how that went."""
        if not _leftovers.left_behind(self.seen.paths):
            return "no file was changed, so there is nothing to put back"
        if self.service.manager == "command" and not self.service.process():
            # It may run all the same, where it is not seen, and has to read the files once more.
            with contextlib.suppress(_service.ServiceError):
                self.service.stop()
        try:
            _transaction.put_back(self.seen.paths)
        except _transaction.TransactionError as error:
            return str(error)
        self.make_way()
        try:
            now = self._start(_log.Log(self.home))
            self._close_open_start(now)
        except FAILED as error:
            return (
                "the previous files were put back, but the server does not come up with them"
                f" either: {error}"
            )
        self.done.altered = False
        state = "the previous files were put back and the server runs with them"
        try:
            self._end_boot_guard(now)
        except _guard.GuardError as error:
            state += f", but {error}"
        return state
