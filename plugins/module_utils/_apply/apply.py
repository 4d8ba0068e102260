# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Carrying a plan out: files, the running server, and the proof that both agree.

Whatever fails, the host is left as it was before, or the error says what is where.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    files as _files,
    program as _program,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _host_files,
    installation as _installation,
    log as _log,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.service import ServiceError
from ansible_collections.streamward.antmedia.plugins.module_utils._host.transaction import (
    Transaction,
    TransactionError,
    clean,
    forget_old,
    left_behind,
    left_over,
    put_back,
    read_old,
    started,
    stopped_here,
    stopping,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    audience as _audience,
    heal as _heal,
    management as _management,
    ready as _ready,
)

# Ways to bring changes into force.
LIVE = "live"
RESTART = "restart"
DEFER = "defer"
NONE = "none"

# What a shipped file has where a secret belongs; blanking it out would spoil every log line.
NO_SECRETS = ("", "password")

# By how many seconds a process may seem to be older than it is: /proc counts from a whole second.
CLOCK_SECONDS = 2

UNFINISHED = "an earlier run was not finished"


class ApplyError(RuntimeError):
    """The plan was not carried out.

    The text says what the state of the host is; ``lines`` are the server's own last error lines.
    """

    def __init__(self, text, lines=()):
        super().__init__(text)
        self.lines = list(lines)


class Busy(RuntimeError):
    """A restart would throw somebody off air."""

    def __init__(self, audiences):
        super().__init__(_audience.sentence(audiences))
        self.audiences = audiences


class Apply:
    """One run on one host.

    :arg installation: the :class:`_installation.Installation` as observed.
    :arg plan: the :class:`_plan.Plan` for it.
    :arg service: a :class:`_service.Service`.
    :kwarg mode: ``auto``, ``live``, ``restart`` or ``defer``.
    :kwarg live_streams: ``refuse`` or ``drop``: what a restart may do to people on air.
    :kwarg announce: refuse to restart even when nobody is on air.
    :kwarg window: a :class:`_window.Window` in which restarts are allowed; None for always.
    :kwarg ready_timeout: seconds a start may take until everything answers.
    :kwarg admin: an admin account for the management API, or None.
    """

    def __init__(
        self,
        installation,
        plan,
        service,
        mode="auto",
        live_streams="refuse",
        announce=False,
        window=None,
        ready_timeout=180.0,
        admin=None,
    ):
        self.installation = installation
        self.plan = plan
        self.service = service
        self.mode = mode
        self.live_streams = live_streams
        self.announce = announce
        self.window = window
        self.ready_timeout = ready_timeout
        self.admin = admin
        self.home = installation.home
        self.paths = [file.path for _app, file in installation.files()]
        self.paths += [installation.container.path] if installation.container else []
        self.warnings = []
        self.healed = []
        self.audience = []
        self.starts = 0
        self.ready_seconds = None
        self.switched_at = None
        # Whether the host is other than it was, and whether its first admin account was made.
        self.altered = self.claimed = False
        self.claim_fault = None
        self._compare()
        self.stale += self._not_read()
        self.way, self.why = self._choose()
        self.transaction = Transaction([*plan.files, *self._rewritten()])
        if self.unknown and not self.restarts:
            self.warnings.append(
                "what the running server holds was not compared with its files: " + self.unknown
            )

    # -- what has to be done ------------------------------------------------------------------

    def _compare(self):
        """Look at the running server: what of the files on disk has it not taken?"""
        self.process = self.service.process()
        self.management = _management.Management(self.installation, self.admin)
        self.stale = []
        self.held = {}
        self.drift = {}
        self.unclaimed = False
        # Why what the server holds could not be compared with its files; None if it was.
        self.unknown = None
        if not self.process:
            stranger = self.management.peer.stranger(self.management.port)
            self.warnings += [stranger] if stranger else []
            # Stopped by somebody, or by a run that was killed before it could start it again.
            if left_behind(self.paths) or stopped_here(self.paths):
                self.stale = [UNFINISHED]
            return
        self._no_overrides()
        try:
            _ready.wait_settled(
                self.installation, self.process, self.management, self.ready_timeout
            )
        except _ready.NotReady as error:
            raise ApplyError("{0}; nothing was changed".format(error)) from error
        self.unclaimed = bool(self.management.unclaimed())
        if self.management.foreign:
            raise ApplyError("{0}; nothing was changed".format(self.management.foreign))
        if self.management.accessible and self._compare_memory():
            return
        self.unknown = self._no_access()
        opened = _ready.open_apps(self.installation)
        self.drift = {app: ["jwtControlEnabled"] for app in opened}
        if self._unproved():
            self.stale = [UNFINISHED]

    def _unproved(self):
        """Paths of files that were changed after the running server had read them."""
        return [path for path, when in left_behind(self.paths) if when > self.process.started]

    def _not_read(self):
        """What the running server cannot be asked for and has not read since it was changed."""
        container = self.installation.container
        if not self.plan.proxies or not self.process or not container:
            return []
        late = container.changed > self.process.started + CLOCK_SECONDS
        return ["conf/jee-container.xml is newer than the running server"] if late else []

    def _no_overrides(self):
        """The server's environment must not overrule what the plan sets."""
        names = {change.name for change in self.plan.changes if change.app}
        found = _process.overrides(self.process, names)
        if found:
            raise ApplyError(
                "the server's environment has {0}, which overrules the files of all applications;"
                " take it out of the unit and its drop-ins; nothing was changed".format(
                    ", ".join(found)
                )
            )

    def _compare_memory(self):
        """Compare what the running server holds with the files; whether that could be done."""
        try:
            held = {app: self.management.settings(app) for app in self.installation.apps}
            held_by_server = self.management.server_settings()
        except _management.RestError as error:
            if error.status == 403:
                self.stale = ["the running server does not take this host's management secret"]
            return error.status == 403
        self.held = held
        different = {
            app: _ready.differences(self.installation, app, content, self.plan.names[app])
            for app, content in [("", held_by_server), *held.items()]
        }
        unproved = self._unproved()
        for app, file in self.installation.files():
            if file.path in unproved:
                before = Document.parse(read_old(file.path))
                content = held.get(app, held_by_server)
                found = _ready.missed(self.installation, app, before, content)
                different[app] += [setting for setting in found if setting not in different[app]]
        self.stale = [setting.name for setting in different.pop("")]
        self.drift = {
            app: [setting.name for setting in found] for app, found in different.items() if found
        }
        return True

    def _choose(self):
        """The way to bring everything into force, and the reasons for a restart."""
        reasons = sorted({change.key for change in self.plan.changes if change.apply == RESTART})
        reasons += [reason for reason in self.stale if reason not in reasons]
        live = self.drift or any(change.apply == LIVE for change in self.plan.changes)
        if not reasons and not live:
            return NONE, []
        if self.installation.clustered and live and (reasons or not self.held):
            raise ApplyError(
                "this server is a node of a cluster, whose database overrules the applications'"
                " files at every start: their settings have to be posted to the running server,"
                " {0}; nothing was changed".format(
                    "in a run of their own, without a change that needs a restart"
                    if self.held
                    else "but " + self._no_access()
                )
            )
        pending = ["what the running server holds differs"] if self.drift else []
        pending += sorted({c.key for c in self.plan.changes if c.apply == LIVE})
        if self.mode == DEFER:
            return DEFER, reasons + pending
        if self.mode == LIVE and reasons:
            raise ApplyError(
                "antmedia_apply: live: a restart would be needed for {0}; nothing was"
                " changed".format(", ".join(reasons))
            )
        if not reasons and self.mode in ("auto", LIVE):
            if self.process and self.held:
                return LIVE, []
            if self.mode == LIVE:
                raise ApplyError(
                    "antmedia_apply: live: the running server cannot be asked: {0}; nothing was"
                    " changed".format(self._no_access())
                )
        return RESTART, reasons or pending

    def _no_access(self):
        if not self.process:
            return "it does not run"
        if self.management.shut:
            return "its panel lets nobody in"
        if self.management.refused:
            return self.management.refused
        if self.unclaimed and not self.management.secret:
            return "nobody is the first admin of this server yet"
        if not self.management.accessible:
            return "there is neither a management JWT nor antmedia_secrets.admin"
        return "its management API does not answer"

    def _rewritten(self):
        """Copies in place of files that are healed only: the server rewrites them at every post.

        So each has its old file beside it before the first.
        """
        planned = {file.app for file in self.plan.files}
        return [
            _host_files.NewFile(app, file, file.data, file.mode, file.uid, file.gid)
            for app, file in self.installation.apps.items()
            if self.way == LIVE and app in self.drift and app not in planned
        ]

    @property
    def changed(self):
        """Whether this run has something to do on the host."""
        if self.plan.files or self.claims:
            return True
        if left_over(self.paths, old=self.way == NONE):
            return True  # a killed run's files, which may hold secrets, are to go
        return self.way == LIVE or self.restarts

    def leave(self):
        """Leave the host as it is: a server that runs has come back, whoever started it."""
        if self.process:
            started(self.paths)

    @property
    def restarts(self):
        """Whether this run restarts the server."""
        return self.way == RESTART and self.service.managed

    @property
    def claims(self):
        """Whether this run makes the first admin account."""
        return self.unclaimed and bool(self.admin)

    @property
    def restart_required(self):
        """Whether a restart is due that this run does not do."""
        return self.way in (DEFER, RESTART) and not self.restarts

    def guard(self):
        """Refuse to restart at the wrong time, or to throw anybody off air.

        :raises ApplyError: outside the maintenance window.
        :raises Busy: when somebody is on air, and that is not to be; of nobody when it is only
            to be announced.
        """
        if not self.restarts or not self.process:
            return
        now = time.localtime()
        if self.window and not self.window.holds(now):
            raise ApplyError(
                "a restart is needed for {0}, and {1} is outside the maintenance window {2};"
                " nothing was changed".format(
                    ", ".join(self.why), time.strftime("%a %H:%M %Z", now), self.window.text
                )
            )
        self.audience = _audience.count(self.installation)
        if self.announce or (self.audience and self.live_streams != "drop"):
            raise Busy(self.audience)

    # -- doing it -----------------------------------------------------------------------------

    def prepare(self):
        """Write every new content beside its file, which finds most of what can go wrong.

        :raises ApplyError: nothing was changed.
        """
        try:
            self.transaction.prepare()
        except TransactionError as error:
            raise ApplyError("{0}; nothing was changed".format(error)) from error

    def give_up(self):
        """Leave nothing of what was prepared."""
        self.transaction.forget()

    def run(self):
        """Put in force what was prepared.

        :raises ApplyError: the host is as before, or the text says how it is.
        """
        try:
            if self.process:
                unproved = self._unproved()
                forget_old(path for path in self.paths if path not in unproved)
            self.transaction.commit()
        except OSError as error:
            self.give_up()
            self.altered = not getattr(error, "restored", True)
            state = "other files were changed" if self.altered else "nothing was changed"
            raise ApplyError("{0}; {1}".format(error, state)) from error
        self.altered = bool(self.transaction.files)
        self._claim()
        if self.way == LIVE:
            self._live()
        elif self.restarts:
            self._restart()
        if self.switched_at is None:
            self.switched_at = time.time()
        try:
            if self.restart_required:
                self.transaction.seclude()
            clean(self.paths, old=not self.restart_required)
        except OSError as error:
            raise ApplyError(
                "all is as it should be, but for what was left beside the files: {0}".format(error)
            ) from error
        if self.claim_fault:
            raise ApplyError(
                "{0}; everything else is in force, and as long as nobody is the first admin,"
                " whoever reaches the panel first becomes it".format(self.claim_fault)
            )

    def _claim(self):
        """Make the first admin account before somebody else does, if there is one to make."""
        if not self.claims:
            return
        try:
            self.management.claim()
            self.claimed, self.claim_fault = True, None
        except _management.RestError as error:
            self.claim_fault = str(error)
        self.unclaimed = bool(self.management.unclaimed())

    def _greet(self):
        """What is due as soon as a server that was started is alive."""
        self.unclaimed = bool(self.management.unclaimed())
        self._claim()

    def _now(self):
        return _installation.observe(self.home)

    def _secrets(self):
        """Every secret that the server may speak of."""
        texts = {(self.admin or {}).get("password")}
        for change in self.plan.changes:
            if change.secret:
                texts |= {change.new, change.old}
        for app, file in self.installation.files():
            kind = _catalogue.APP if app else _catalogue.SERVER
            for key, text in file.document.as_dict().items():
                if _catalogue.is_secret(kind, key) and text not in NO_SECRETS:
                    texts.add(text)
        return {text for text in texts if text}

    def _live(self):
        """Post what differs, then put the file back as planned: the server rewrites it whole."""
        posted = []
        try:
            now = self._now()
            for app, held in self.held.items():
                names = {c.name for c in self.plan.changes if c.app == app and c.apply == LIVE}
                if names or app in self.drift:
                    posted.append(app)
                    self._post(now, app, held, names)
        except (_management.RestError, OSError, ValueError) as error:
            raise ApplyError("{0}; {1}".format(error, self._take_back(posted))) from error

    def _post(self, now, app, held, names):
        if app in self.drift:
            content = _ready.healed(now, app, held)
        else:
            content = _ready.merged(now, app, held, names)
        self.management.post_settings(app, content)
        self.switched_at = time.time()
        _heal.rewrite(now.apps[app])
        held = self.management.settings(app)
        different = _ready.differences(now, app, held, self.plan.names[app])
        if different:
            raise _management.RestError(
                "application {0} does not hold {1} after it was posted".format(
                    app, ", ".join(setting.name for setting in different)
                )
            )
        if app in self.drift:
            self.healed.append(app)

    def _take_back(self, apps):
        """Give the files their old content, and the server what it held, or should have held."""
        unknown = []
        for app in apps:
            try:
                self.management.post_settings(app, self._held_before(app))
            except (_management.RestError, OSError, ValueError):
                unknown.append(app)
        try:
            put_back(self.paths)
        except TransactionError as error:
            return str(error)
        if unknown:
            return "the files are as before, but what {0} holds in memory is not known".format(
                ", ".join(unknown)
            )
        text = "the files and what the server holds are as before"
        self.healed = [app for app in apps if app in self.drift]
        self.altered = bool(self.healed)
        if self.healed:
            text += ", but that {0} holds again what its file says".format(", ".join(self.healed))
        return text

    def _held_before(self, app):
        """What an application held; of one that differed from its file, what the file says."""
        if app not in self.drift:
            return self.held[app]
        file = self.installation.apps[app]
        file = dataclasses.replace(file, document=Document.parse(read_old(file.path)))
        before = dataclasses.replace(self.installation, apps={app: file})
        return _ready.healed(before, app, self.held[app])

    def _restart(self):
        begin = time.monotonic()
        log = _log.Log(self.home)
        try:
            now = self._start(log)
            self._close_open_start(now)
        except (_ready.NotReady, ServiceError, _management.RestError, OSError, ValueError) as error:
            lines = log.trouble(self._secrets())
            raise ApplyError("{0}; {1}".format(error, self._roll_back()), lines) from error
        try:
            self._end_guard(now)
        except _files.GuardError as error:
            raise ApplyError("the server runs, but {0}".format(error)) from error
        self.warnings += [
            "{0} lets nobody in, so nobody asked it whether it works; the log says that it has"
            " started".format("application " + app if app else "the web panel")
            for app in _ready.shut(now)
        ]
        self.switched_at = time.time()
        self.ready_seconds = round(time.monotonic() - begin, 1)

    def _end_guard(self, now):
        """What a boot guard would check, and closes the ports for, has been checked here.

        :raises GuardError: when the ports stay closed.
        """
        unknown = _program.unknown(now, self.management)
        if not unknown:
            _files.release(self.home)
        elif _files.closed(self.home):
            raise _files.GuardError(
                "the boot guard keeps it closed: " + _program.UNKNOWN.format(unknown[0])
            )

    def _start(self, log):
        """Stop, start, and wait until every application answers."""
        now = self._now()
        took_rtmp = _ready.takes_rtmp(self.installation)
        self.altered = True
        if self.process:  # who has stopped it before may want it stopped
            stopping(self.paths)
        if self.service.process():
            self.service.stop()
        self.starts += 1
        self.service.start()
        deadline = time.monotonic() + self.ready_timeout
        refused = self.management.refused
        self.management = _management.Management(now, self.admin, greet=self._greet)
        self.management.refused = refused

        def heal(app):
            self._heal_early(now, app)

        _ready.wait_started(now, self.service, log, self.management, deadline, heal)
        _ready.wait_answering(now, deadline)
        if took_rtmp:
            _ready.wait_rtmp(now, deadline)
        started(self.paths)
        return now

    def _heal_early(self, now, app):
        """An application that came up open is open until it is healed: wait for no other."""
        if self.management.accessible:
            with contextlib.suppress(
                _management.RestError, _ready.NotReady
            ):  # comes again at the end
                self._heal(now, app)

    def _heal(self, now, app):
        if _heal.heal(now, self.management, app, self.plan.names.get(app, ())):
            self.healed.append(app)

    def _close_open_start(self, now):
        """Compare what the server holds with its files, and heal what differs."""
        self._greet()  # if it did not say yet whether somebody is admin
        for _again in range(_program.MORE_STARTS):
            if self.management.accessible:
                for app in now.apps:
                    self._heal(now, app)
                return
            opened = _ready.open_apps(now)
            if not opened:
                return
            self.healed.extend(opened)
            self._start(_log.Log(self.home))
        opened = _ready.open_apps(now)
        if opened:
            raise _ready.NotReady(
                "application {0} came up with its security off {1} times running".format(
                    opened[0], _program.MORE_STARTS + 1
                )
            )

    def _roll_back(self):
        """Put the files back and start once more; says how that went."""
        if not left_behind(self.paths):
            return "no file was changed, so there is nothing to put back"
        try:
            put_back(self.paths)
        except TransactionError as error:
            return str(error)
        try:
            now = self._start(_log.Log(self.home))
            self._close_open_start(now)
        except (_ready.NotReady, ServiceError, _management.RestError, OSError, ValueError) as error:
            return (
                "the previous files were put back, but the server does not come up with them"
                " either: {0}".format(error)
            )
        self.altered = False
        state = "the previous files were put back and the server runs with them"
        try:
            self._end_guard(now)
        except _files.GuardError as error:
            state += ", but {0}".format(error)
        return state
