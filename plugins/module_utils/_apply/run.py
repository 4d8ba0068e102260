# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run on one host: refuse, prepare, commit, put in force, clean.

Whatever fails, the host is left as it was before, or the error says what is where.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._apply import (
    live as _live,
    restart as _restart,
    seen as _seen,
    way as _way,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.done import Done
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import (
    ApplyError,
    Busy,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import of as _gate
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    leftovers as _leftovers,
    service as _service,
    transaction as _transaction,
    unproved as _unproved,
    window as _window,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    audience as _audience,
    management as _management,
)


def begin(
    installation: _installation.Installation,
    plan: _plan.Plan,
    service: _service.Service,
    mode: str = _way.AUTO,
    admin: Mapping[str, str] | None = None,
    ready_timeout: float = 180.0,
    **how: Any,
) -> Run:
    """Look at a host, and choose the way to bring it to a plan.

    :arg installation: as observed.
    :kwarg mode: ``auto``, ``live``, ``restart`` or ``defer``.
    :kwarg how: what else :class:`Run` takes.
    :raises ApplyError: when there is no way; nothing was changed.
    """
    management = _management.Management(installation, admin)
    seen = _seen.look_settled(installation, plan, service.process(), management, ready_timeout)
    way = _way.choose(seen, plan, mode)
    return Run(seen, plan, service, way, admin=admin, ready_timeout=ready_timeout, **how)


class Run:
    """One run on one host, whose way is chosen.

    :kwarg live_streams: ``refuse`` or ``drop``: what a restart may do to people on air.
    :kwarg announce: refuse to restart even when nobody is on air.
    :kwarg window: in which restarts are allowed; None for always.
    :kwarg ready_timeout: seconds a start may take until everything answers.
    :kwarg admin: an admin account for the management API, or None.
    :kwarg gate: the gate in front of the server.
    """

    def __init__(
        self,
        seen: _seen.Seen,
        plan: _plan.Plan,
        service: _service.Service,
        way: _way.Way,
        live_streams: str = "refuse",
        announce: bool = False,
        window: _window.Window | None = None,
        ready_timeout: float = 180.0,
        admin: Mapping[str, str] | None = None,
        gate: _gate.AnyGate | None = None,
    ) -> None:
        self.gate = gate or _gate.NoGate()
        self.seen = seen
        self.plan = plan
        self.service = service
        self.way = way
        self.live_streams = live_streams
        self.announce = announce
        self.window = window
        self.ready_timeout = ready_timeout
        self.admin = admin
        self.done = Done(unclaimed=bool(seen.unclaimed), warnings=list(seen.warnings))
        if seen.unknown and not self.restarts:
            self.done.warnings.append(
                "what the running server holds was not compared with its files: " + seen.unknown
            )
        copies = _live.copies(seen, plan) if way.name == _way.LIVE else []
        self.transaction = _transaction.Transaction([*plan.files, *copies])

    @property
    def home(self) -> str:
        """Folder of the installation."""
        return self.seen.installation.home

    @property
    def changed(self) -> bool:
        """Whether this run has something to do on the host."""
        if self.plan.files or self.claims:
            return True
        if _leftovers.left_over(self.seen.paths, old=self.way.name == _way.NONE):
            return True  # a killed run's files, which may hold secrets, are to go
        return self.way.name == _way.LIVE or self.restarts

    @property
    def restarts(self) -> bool:
        """Whether this run restarts the server."""
        return self.way.name == _way.RESTART and self.service.managed

    @property
    def claims(self) -> bool:
        """Whether this run makes the first admin account."""
        return self.done.unclaimed and bool(self.admin)

    @property
    def restart_required(self) -> bool:
        """Whether a restart is due that this run does not do."""
        return self.way.name in (_way.DEFER, _way.RESTART) and not self.restarts

    def refuse_restart(self) -> None:
        """Refuse to restart at the wrong time, or to throw anybody off air.

        :raises ApplyError: outside the maintenance window.
        :raises Busy: when somebody is on air, and that is not to be; of nobody when it is only
            to be announced.
        """
        if not (self.restarts or self.gate.drops) or not self.seen.process:
            return
        now = time.localtime()
        if self.window and not self.window.holds(now):
            moment = time.strftime("%a %H:%M %Z", now)
            reasons = self.way.reasons if self.restarts else ("the gate's daemon",)
            raise ApplyError(
                f"a restart is needed for {', '.join(reasons)}, and {moment} is outside"
                f" the maintenance window {self.window.text}; nothing was changed"
            )
        self.done.audience = _audience.count(self.seen.installation)
        if self.announce or (self.done.audience and self.live_streams != "drop"):
            raise Busy(self.done.audience)

    def note_running(self) -> None:
        """A server that runs has come back, whoever started it: nobody has to start it again."""
        if self.seen.process:
            _leftovers.started(self.seen.paths)

    def prepare(self) -> None:
        """Write every new content beside its file, which finds most of what can go wrong.

        :raises ApplyError: nothing was changed.
        """
        try:
            self.transaction.prepare()
        except _transaction.TransactionError as error:
            raise ApplyError(f"{error}; nothing was changed") from error

    def mark_unproved(self) -> None:
        """Say on the host that what comes now is not proved.

        :raises ApplyError: nothing was changed, and nothing is prepared any more.
        """
        try:
            _unproved.mark(self.home)
        except OSError as error:
            self.give_up()
            text = f"conf/{_unproved.NAME}: {error.strerror}; nothing was changed"
            raise ApplyError(text) from error

    def give_up(self) -> None:
        """Leave nothing of what was prepared."""
        self.transaction.forget()

    def put_in_force(self) -> None:
        """Put in force what was prepared.

        :raises ApplyError: the host is as before, or the text says how it is.
        """
        self._commit()
        self.done.claim(self.seen.management, self.admin)
        if self.way.name == _way.LIVE:
            _live.Live(self.seen, self.plan, self.done).carry_out()
        elif self.restarts:
            _restart.Restart(
                self.seen,
                self.plan,
                self.service,
                self.done,
                self.admin,
                self.ready_timeout,
                self.gate.take_back,
            ).carry_out()
        if self.done.switched_at is None:
            self.done.switched_at = time.time()
        self._clean()
        if self.done.claim_fault:
            raise ApplyError(
                f"{self.done.claim_fault}; everything else is in force, and until there is an"
                " admin, whoever reaches the panel first becomes the admin"
            )

    def _commit(self):
        try:
            if self.seen.process:
                unproved = self.seen.unproved()
                paths = [path for path in self.seen.paths if path not in unproved]
                _leftovers.forget_old(paths)
            self.transaction.commit()
        except OSError as error:
            self.give_up()
            self.done.altered = not getattr(error, "restored", True)
            state = "other files were changed" if self.done.altered else "nothing was changed"
            raise ApplyError(f"{error}; {state}") from error
        self.done.altered = bool(self.transaction.files)

    def _clean(self):
        try:
            if self.restart_required:
                self.transaction.seclude()
            _leftovers.clean(self.seen.paths, old=not self.restart_required)
        except OSError as error:
            raise ApplyError(
                f"all is as it should be, except for what was left beside the files: {error}"
            ) from error
