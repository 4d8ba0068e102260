# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One call of the module ``settings``, from its options to its result.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._apply import (
    run as _run,
    wanted as _wanted,
    way as _way,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import (
    ApplyError,
    Busy,
    Refused,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.result import Result
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    guard as _guard,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    held as _held,
    of as _gate,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    cutover as _cutover,
    installation as _installation,
    lock as _lock,
    observation as _observation,
    service as _service,
    unproved as _unproved,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted
from ansible_collections.streamward.antmedia.plugins.module_utils._server import panel as _panel

# Somebody else has exchanged what was read before, or takes it away meanwhile.
MEANWHILE = (OSError, _installation.InstallationError)
CALLED_OFF = "the cutover was called off; nothing was changed"


def carry_out(options: Mapping[str, Any], check: bool = False) -> Result:
    """Bring a host to the policy that a call's options say.

    :arg options: of the module ``settings``.
    :kwarg check: whether to predict only.
    :raises Refused: when the policy cannot be carried out on this host.
    :raises Locked: when another run goes on for too long.
    """
    # A process that a cutover is left to keeps the lock until it has ended too.
    lock = _lock.hold(options["home"], options["ready_timeout"])
    with contextlib.nullcontext() if check else lock:
        return _carry_out(options, check)


def _carry_out(options, check):
    home = options["home"]
    try:
        installation = _installation.observe(home)
    except _installation.InstallationError as error:
        raise Refused("the installation cannot be read", error.faults) from error
    service = _service.Service(home, options["service_manager"], options["service_commands"])
    try:
        held = _held.look()
    except OSError as error:
        raise Refused("the host cannot be read", [f"gate: {error}"]) from error
    wanted, window = _wanted.compile_options(options, installation, service, held)
    plan = _plan.make_plan(installation, wanted)
    try:
        boot_guard = _guard.Guard(home, options["boot_guard"])
        gate = _gate.gate(wanted, installation, held)
    except (_guard.GuardError, _gate.GateError) as error:
        raise Refused("the host cannot be read", [str(error)]) from error
    result = _found(installation, wanted, plan, boot_guard, gate)
    try:
        run = _run.begin(
            installation,
            plan,
            service,
            mode=options["apply"],
            live_streams=options["live_streams"],
            announce=options["announce"] and options["live_streams"] == "drain",
            window=window,
            ready_timeout=options["ready_timeout"],
            admin=(options["secrets"] or {}).get("admin"),
            gate=gate,
        )
    except ApplyError as error:
        result.fail(error)
        return result
    except MEANWHILE as error:
        result.fail(ApplyError(f"{error}; nothing was changed"))
        return result
    call = Call(run, boot_guard, wanted, result, options["mark_unproved"])
    return call.carry_out(check, options["cutover_at"], options["live_streams"] == "drain")


def _found(installation, wanted, plan, boot_guard, gate):
    """What there is to tell before anything is asked of the server."""
    return Result(
        installation=_observation.summary(installation),
        changes=[
            *(change.shown() for change in plan.changes),
            *boot_guard.changes(),
            *gate.changes(),
        ],
        fingerprints=_observation.fingerprints(installation),
        boot_guard={"installed": boot_guard.installed, "closed": boot_guard.closed},
        warnings=list(wanted.warnings),
        unproved=_unproved.marked(installation.home),
    )


class Call:
    """A call whose run is chosen.

    :arg boot_guard: what it does to the boot guard.
    :arg wanted: what the run is to reach.
    :arg result: what is told of it.
    :kwarg mark: whether to mark the host as not proved.
    """

    def __init__(
        self,
        run: _run.Run,
        boot_guard: _guard.Guard,
        wanted: Wanted,
        result: Result,
        mark: bool = False,
    ) -> None:
        self.run = run
        self.boot_guard = boot_guard
        self.wanted = wanted
        self.result = result
        self.mark = mark

    def carry_out(self, check: bool, cutover_at: float | None, drains: bool) -> Result:
        """Do what there is to do, or begin it; tells how that went.

        :arg check: whether to predict only.
        :arg cutover_at: the instant to wait for, in Unix seconds; None for now.
        :arg drains: whether a restart may wait until nobody is on air.
        """
        try:
            self._begin(check, cutover_at)
        except (ApplyError, Busy, _guard.GuardError, _gate.GateError) as error:
            if isinstance(error, Busy) and drains:
                self.result.tell(self.run.done)
                self.result.wait(error, predicted=self.result.changed and check)
            else:
                self.result.fail(error, self.run.done)
        except MEANWHILE as error:
            self.result.fail(meanwhile(error), self.run.done)
        return self.result

    def _begin(self, check, cutover_at):
        """Do it, predict it, or leave it to a process that waits for its instant."""
        self.result.changed = self.run.changed or self.boot_guard.changed or self.run.gate.changed
        self.result.way = self.run.way.name
        self.result.reasons = list(self.run.way.reasons)
        self.result.restart_required = self.run.restart_required
        self.result.drift = self.run.seen.drift
        self.run.refuse_restart()
        if check or not self.result.changed:
            if not check:
                self.run.note_running()
            self._tell(predicted=True)
            return
        self._prepare()
        if cutover_at is None:
            self._put_in_force()
            self._tell()
            return
        self.result.cutover_pid = _cutover.start(
            self.run.home,
            cutover_at,
            lambda: self.finish().as_dict(),
            lambda: self.give_up(ApplyError(CALLED_OFF)).as_dict(),
        )

    def finish(self) -> Result:
        """The rest of a call whose instant has come."""
        try:
            self.run.refuse_restart()  # somebody may have come on air meanwhile
        except (ApplyError, Busy) as error:
            return self.give_up(error)
        try:
            self._put_in_force()
            self._tell()
        except (ApplyError, _guard.GuardError, _gate.GateError) as error:
            self.result.fail(error, self.run.done)
        except MEANWHILE as error:
            self.result.fail(meanwhile(error), self.run.done)
        return self.result

    def give_up(self, error: Exception) -> Result:
        """The end of a call that does not come to its instant, and why."""
        self.run.give_up()
        self.result.fail(undo(self.boot_guard, error), self.run.done)
        return self.result

    def _prepare(self):
        """Find most of what can go wrong, and have the boot guard and the mark in their places."""
        self.boot_guard.put()
        try:
            self.run.prepare()
            self._prepare_gate()
            if self.mark and (self.run.changed or self.run.gate.changed):
                self.run.mark_unproved()
        except ApplyError as error:
            raise undo(self.boot_guard, error) from error.__cause__

    def _prepare_gate(self):
        try:
            self.run.gate.prepare()
        except _gate.GateError as error:
            self.run.give_up()
            raise ApplyError(f"gate: {error}; nothing was changed") from error

    def _put_in_force(self):
        """Do what was prepared; the boot guard watches the run's own start too."""
        gate = self.run.gate
        try:
            self._commit_gate()
            if self.run.changed:
                self.run.put_in_force()
        except ApplyError as error:
            gate.take_back()
            raise undo(self.boot_guard, error) from error.__cause__
        if not self.run.restart_required:  # till then the server has the ports
            gate.finish()
        self.boot_guard.reopen(self.run.service, self.run.ready_timeout)

    def _commit_gate(self):
        try:
            self.run.gate.commit()
        except _gate.GateError as error:
            self.run.give_up()
            raise ApplyError(f"gate: {error}; it was put back as it was") from error

    def _tell(self, predicted=False):
        """Tell what the run did, or would do."""
        run, result = self.run, self.result
        if not predicted:
            if run.way.name in (_way.LIVE, _way.RESTART):
                result.switched_at = run.done.switched_at
            result.fingerprints = _observation.fingerprints(_installation.observe(run.home))
            result.unproved = _unproved.marked(run.home)
        result.ready_seconds = run.done.ready_seconds
        result.tell(run.done, predicted, run.claims)
        if run.restart_required:
            result.warn_of_restart(predicted)
        if not run.seen.process and run.service.managed and run.way.name != _way.RESTART:
            result.warnings.append("the server does not run, and nothing here needs it to")
        if result.unclaimed:
            allowed = self.wanted.server.get(_panel.LIST)
            held = run.seen.installation.effective("", _panel.LIST)
            result.warn_of_panel(allowed or held or "")


def meanwhile(error: Exception) -> ApplyError:
    """The error to tell when files of the server turn out to be others than they were."""
    text = getattr(error, "strerror", None) or error
    return ApplyError(f"somebody changes files of the server while a run works on them ({text})")


def undo(boot_guard: _guard.Guard, error: Exception) -> Exception:
    """Have the boot guard as it was; the error to tell, which is what led here above all."""
    try:
        boot_guard.take_back()
    except _guard.GuardError as more:
        return ApplyError(f"{error}; {more}", getattr(error, "lines", ()))
    return error
