# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The proof of one host: what to ask, asking it, and what came of it.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from typing import Any, Collection, Iterable, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils import _json, _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secrets as _secrets,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import held as _held
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    network as _network,
    observation as _observation,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.wiring import Wired
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import look as _look
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    filters as _filters,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    ask as _ask,
    asked as _asked,
    controls as _controls,
    direction as _direction,
    entrance as _entrance,
    hook as _hook,
    lying as _lying,
    start as _start,
    surfaces as _surfaces,
    verdict as _verdict,
    ways as _ways,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    publish_hook as _publish_hook,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    HERE,
    LET_IN,
    PUBLISHES,
    RUNS,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import fresh
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import (
    CANNOT_TELL,
    ENFORCED,
    NOT_ENFORCED,
    Result,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    management as _management,
    unseen as _unseen,
)

PAST_THE_LIST = (
    "the server lets a spelling of /chunked past its list of addresses, so whoever reaches its HTTP"
    " port can put and delete files of streams; no setting closes that: do not pass /chunked at the"
    " front, and keep the port to the front and to encoders"
)
# Notes of values that are none; the facts have them all.
MOST_REMARKS = 20
PAST_THE_TOKEN = (
    "the server takes the stream from the path as it is written, so whoever has a token to play one"
    " stream can play the files of every other of the application; no setting closes that: have a"
    " front that refuses .. in paths"
)


def shown(control: Control, results: list[Result], outcome: str, reason: str) -> dict[str, Any]:
    """A control as a result shows it."""
    return {
        "app": control.app,
        "control": control.name,
        "wants": control.wants,
        "outcome": outcome,
        "reason": reason,
        "note": control.note,
        "excused": bool(control.excuse and outcome == _verdict.CANNOT_TELL),
        "probes": len(results),
        "right": sum(result.right for result in results),
        "milliseconds": round(sum(result.milliseconds for result in results), 1),
    }


def shown_probes(control: Control, results: list[Result]) -> list[dict[str, Any]]:
    """The probes of a control as a result shows them."""
    return [
        {
            "app": control.app,
            "control": control.name,
            "case": result.probe.case,
            "asked": _ask.asked(result.probe),
            "expected": result.probe.expected,
            "came": result.came,
            "answer": result.answer,
            "milliseconds": result.milliseconds,
        }
        for result in results
    ]


def previous_secrets(
    given: Mapping[str, Any] | None, apps: Iterable[str]
) -> dict[tuple[str, str], str]:
    """Secrets that must no longer be accepted, by (app, setting).

    :arg given: as the module's option has them.
    :arg apps: names of the applications.
    """
    found = {
        (app, about.setting): _secrets.secret_of(given or {}, app, word)
        for word, about in _words.SECRETS.items()
        for app in ([""] if about.kept == _words.SERVER else apps)
    }
    return {place: secret for place, secret in found.items() if secret}


def faults_of_previous(given: Mapping[str, Any] | None) -> list[str]:
    """What is wrong with secrets that must no longer be accepted; never shows one."""
    variable = "antmedia_previous_secrets"
    found = [f"{name}: {_options.IS_NULL}" for name in _options.nulls(given or {}, variable)]
    parts: list[tuple[str, Any, Collection[str]]] = [(variable, given or {}, _words.TOP_WORDS)]
    for word in ("apps", "app_defaults"):
        part = (given or {}).get(word)
        if part is not None and not isinstance(part, dict):
            found.append(f"{variable}.{word}: is not a mapping")
        elif part:
            named = part.items() if word == "apps" else [("", part)]
            for app, secrets in named:
                place = ".".join(filter(None, (variable, word, app)))
                parts.append((place, secrets, [*_words.APP_SECRETS, "settings"]))
    for place, secrets, known in parts:
        if secrets is None:
            continue
        if not isinstance(secrets, dict):
            found.append(f"{place}: is not a mapping")
            continue
        found.extend(
            f"{place}.{word}: is not known; known are {', '.join(sorted(known))}"
            for word in secrets
            if word not in known
        )
    return found


def _place(app):
    """How a note about an application begins."""
    return f"app {app}: " if app else ""


def _utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _off_air(stream):
    """The id of a registered stream that is off air, None of anything else."""
    if not isinstance(stream, dict) or stream.get("status") not in ("created", "finished"):
        return None
    name = stream.get("streamId")
    return name if isinstance(name, str) and name == _json.words(name) else None


class Run:
    """The proof of the server on this host.

    :arg params: the module's options.
    :kwarg wired: the server's filters in its files, as :func:`_wiring.look` has it; None where
        nothing is known of them.
    :kwarg gate: the gate on this host; None where there is none.
    :raises _policy.PolicyError: when the policy cannot be carried out on this host.
    """

    def __init__(
        self,
        params: Mapping[str, Any],
        installation: Installation,
        wired: Mapping[str, Wired] | None = None,
        gate: _held.Held | None = None,
    ) -> None:
        # What the edition does not enforce is what a proof has to show, and nobody is locked out.
        policy = dict(params, unenforceable="warn", allow_lockout=True)
        wrong = faults_of_previous(params.get("previous_secrets"))
        try:
            before = gate.before if gate else None
            self.wanted = _compile.compile_policy(policy, installation, before_gate=before)
        except _compile.PolicyError as error:
            wrong = [*error.faults, *wrong]
        if wrong:
            raise _compile.PolicyError(wrong)
        self.installation = installation
        self.params = params
        self.alive: dict[str, bool] = {}
        self.publishing: set[str] = set()
        self.entrance = _entrance.of(installation, gate)
        self.http, self.rtmp = self.entrance.http, self.entrance.rtmp
        self.asker = _ask.Asker(
            self.http, self.rtmp, peer=self.entrance.peer, rtmps=self.entrance.rtmps
        )
        self.asked = _asked.Asked(self.wanted, installation)
        self.overruled: list[str] = []
        self.missing = list(_filters.missing(self.wanted, wired or {}))

    def run(self) -> dict[str, Any]:
        """Ask everything; returns the module's result."""
        process = _process.find(self.installation.home)
        _network.follow(process)
        unseen = "" if process else _unseen.signs(self.installation)
        self.overruled = self._overruled(process)
        starting = set(self.installation.apps)
        if process:
            starting = self._starting(process)
        options = _asked.Options(
            own=() if self.entrance.tls else _ask.own_addresses(),
            previous=self._previous(),
            known=self._known_streams(set(self.installation.apps) - starting),
            hooks=self.params.get("call_hooks", False),
            lying=_lying.look(self.installation),
        )
        controls = _controls.compile_probes(self.wanted, self.installation, options)
        for control in controls:
            if not process:
                control.silent = unseen or f"no server runs from {self.installation.home}; start it"
            elif control.app in starting:
                control.silent = "the application has not started: look into the server's log"
            if control.silent:
                control.probes = []
        return self._result(controls, self._ask(controls))

    def _of_gate(self):
        """Notes about the gate that is there, or should be."""
        if self.wanted.gate and not self.entrance.gate:
            return ["there is no gate on this host: run secure"]
        return [
            f"app {app}: tokens of a previous secret are good until {_utc(until)}, as"
            " antmedia_gate_overlap says"
            for app, _secret, until in self.entrance.overlap
        ]

    def _previous(self):
        """Secrets that must no longer be accepted; a gate accepts some for a while yet."""
        given = previous_secrets(self.params.get("previous_secrets"), self.installation.apps)
        good = {(app, secret) for app, secret, _until in self.entrance.overlap}
        return {place: secret for place, secret in given.items() if (place[0], secret) not in good}

    def _overruled(self, process):
        """What is taken before the files' values for settings that the policy names."""
        names = {app: self.wanted.of(app) for app, _file in self.installation.files()}
        return _look.look(self.installation, process).concerning(names, written=False)

    def _starting(self, process):
        admin = (self.params["secrets"] or {}).get("admin")
        management = _management.Management(self.installation, admin)
        return _start.wait(self.installation, process, management, self.params["ready_timeout"])

    def _known_streams(self, apps):
        """A registered stream that is off air, of each application that lets in no others."""
        found = {}
        for app in apps:
            if not self.asked.on(app, "acceptOnlyStreamsInDataStore"):
                continue
            source, token = _asked.rest_way(self.asked, app)
            if source is None:
                continue
            path = f"/{app}/rest/v2/broadcasts/list/0/50"
            probe = Probe("", "", _surfaces.REST_TOKEN, source, token, path)
            content = _ways.get(self.asker, probe).json()
            for stream in content if isinstance(content, list) else ():
                name = _off_air(stream)
                if name:
                    found[app] = name
                    break
        return found

    def _ask(self, controls):
        """Ask all controls at once; returns the results of each, in order."""
        apps = sorted({control.app for control in controls if control.app and control.probes})
        surface = _surfaces.ENTER
        enter = [Probe("enters over RTMP", LET_IN, surface, **surface.at(app)) for app in apps]
        probes = enter + [probe for control in controls for probe in control.probes]
        results = iter(self.asker.ask_all(probes))
        for app in apps:
            self.alive[app] = next(results).came == LET_IN
        grouped = [[next(results) for _probe_ in control.probes] for control in controls]
        for control, group in zip(controls, grouped):
            seen = {word for r in group if r.came == LET_IN for word in r.probe.surface.shows}
            if RUNS in seen:
                self.alive[control.app] = self.alive[""] = True
            if PUBLISHES in seen:
                self.publishing.add(control.app)
        return grouped

    def _result(self, controls, grouped):
        by_address = [group for control, group in zip(controls, grouped) if control.by_address]
        believed = _verdict.forwarded_for(by_address)
        found, probes = [], []
        for control, results in zip(controls, grouped):
            alive = self.alive.get(control.app, False)
            outcome, reason = _verdict.judge(control, results, alive, believed)
            outcome, reason = self._by_files(control, outcome, reason)
            found.append(
                shown(control, results, outcome, self._explained(control, results, outcome, reason))
            )
            probes.extend(shown_probes(control, results))
        return {
            "outcome": _verdict.worst(control["outcome"] for control in found),
            "controls": found,
            "probes": probes,
            "installation": _observation.summary(self.installation),
            "forwarded_for": believed,
            "notes": self._notes(believed, found),
            "plan": self._plan(),
        }

    def _by_files(self, control, outcome, reason):
        """The verdict, where files say that other addresses than those asked for are open."""
        found = [
            each.why
            for each in self.missing
            if each.app == control.app and control.name in each.filter.controls
        ]
        if outcome == ENFORCED and found:
            return CANNOT_TELL, f"what was asked is enforced, but {found[0]}"
        return outcome, reason

    def _explained(self, control, results, outcome, reason):
        community = self.installation.edition != "enterprise" and control.enterprise
        everybody = all(r.came == LET_IN for r in results if not r.probe.surface.door)
        if outcome == NOT_ENFORCED and everybody and community:
            return reason + "; the Community edition does not check it"
        hook = self.wanted.hooks.get(control.app)
        if hook and outcome == NOT_ENFORCED and control.name == _publish_hook.NAME:
            trouble = _hook.trouble(self.asked.hook(control.app), hook.timeout)
            if trouble:
                return f"{reason}; the hook cannot be reached from this host: {trouble}"
            return f"{reason}; the hook can be reached: look into its own log"
        return reason

    def _notes(self, believed, found):
        notes = [
            f"{_place(app)}{name}: no probe asks about it"
            for app, name in _controls.unprobed(self.wanted)
        ]
        asked = {control["app"] for control in found if control["control"] == _publish_hook.NAME}
        notes += [
            f"app {app}: {_words.HOOK}: not asked, since asking would call the hook: say publish:"
            " hook, or set antmedia_verify_call_hooks: true"
            for app in self.wanted.apps
            if app not in asked and _words.HOOK in self.wanted.of(app) and self.asked.hook(app)
        ]
        notes += [f"{direction}: not asked: {why}" for direction, why in self._unasked()]
        notes += [
            f"{name}: not asked: something else closes it, as antmedia_closed_doors says"
            for name in sorted(self.wanted.closed)
        ]
        if self._past_the_list():
            notes.append(PAST_THE_LIST)
        if self._past_the_token():
            notes.append(PAST_THE_TOKEN)
        notes += self._of_gate()
        notes += self.overruled
        notes += [f"{_place(each.app)}{each.why}" for each in self.missing]
        if not found:
            notes.append("the policy names nothing that could be proved")
        untold = self.wanted.proxies is None and not self.entrance.gate
        if believed == _verdict.BELIEVED and untold:
            notes.append(
                "the server believes X-Forwarded-For of its own host and, as shipped, of every"
                " private address: whoever can connect from one can pose as any address; set"
                " antmedia_trusted_proxies to those it may believe"
            )
        if believed == _verdict.IGNORED:
            notes.append(
                "the server does not believe X-Forwarded-For of its own host, so addresses"
                " elsewhere were not tried; name vantages"
            )
        return notes + self._no_values()

    def _no_values(self):
        """Notes of what is no value in the files, and the policy does not name."""
        found = [
            f"{_place(app)}{remark.key or remark.name}: {remark.what}"
            for app in ("", *self.installation.apps)
            for remark in _observation.remarks(self.installation, app)
            if not self.asked.names(app, remark.name)
        ]
        more = len(found) - MOST_REMARKS
        return found[:MOST_REMARKS] + ([f"{more} more values that are none"] if more > 0 else [])

    def _unasked(self):
        """Doors of a guarded direction that nothing can be asked of, each with the reason."""
        guarded = {
            direction
            for app in self.wanted.apps
            for direction in _words.DIRECTIONS
            if all(self.asked.kinds(app, direction))
        }
        about = self.installation
        return [
            (door.direction, door.why)
            for door in _surfaces.UNASKED
            if door.direction in guarded
            and about.version >= door.since
            and about.edition == "enterprise"
        ]

    def _past_the_list(self):
        """Whether a stranger may put files, whatever the lists of addresses say."""
        for app in self.wanted.apps:
            away = _asked.stranger(self.asked, app, _asked.Options())
            if away != HERE and self.alive.get(app) and self.asked.names(app, "remoteAllowedCIDR"):
                surface = _surfaces.PAST_THE_LIST
                probe = Probe("", "", surface, away, **surface.at(app, fresh()))
                return self.asker.ask(probe).came == LET_IN
        return False

    def _past_the_token(self):
        """Whether a token of one stream lets in to the files of others."""
        for app in self.wanted.apps:
            kinds, named = self.asked.kinds(app, "play")
            if not named or not self.alive.get(app) or kinds not in (["jwt"], ["hash"]):
                continue
            stream, surface = fresh(), _surfaces.PAST_THE_TOKEN
            cases = _direction.cases(self.asked, app, _asked.Options(), "play", stream)
            token = next(shown for _case, expected, shown, _extra in cases if expected == LET_IN)
            probe = Probe("", "", surface, token=token, **surface.at(app, stream))
            return self.asker.ask(probe).came == LET_IN
        return False

    def _plan(self):
        """What another machine needs to know to ask; holds no secret."""
        asked, apps = self.asked, {}
        for app in self.installation.apps:
            named = asked.names(app, "remoteAllowedCIDR") or asked.names(app, "ipFilterEnabled")
            kinds = asked.kinds(app, "publish")[0]
            publisher = asked.names(app, "allowedPublisherCIDR") and not (
                asked.hook(app) or asked.on(app, "acceptOnlyStreamsInDataStore")
            )
            apps[app] = {
                "rest": asked.text(app, "remoteAllowedCIDR")
                if named and asked.on(app, "ipFilterEnabled")
                else None,
                "rest_token": asked.on(app, "jwtControlEnabled"),
                "publisher": asked.text(app, "allowedPublisherCIDR") if publisher else None,
                "publish_token": kinds,
                "alive": self.alive.get(app, False),
                "publishes": app in self.publishing,
            }
        panel = "server.allowed_dashboard_CIDR"
        return {
            "version": self.installation.version_text,
            "http_port": self.http[1],
            "rtmp_port": self.rtmp[1],
            "ports": {port.key: port.number for port in _unseen.ports(self.installation)},
            "behind": list(self.entrance.behind),
            "panel": asked.text("", panel) if asked.names("", panel) else None,
            "panel_path": _asked.panel_path(self.installation.version),
            "proxies": self.wanted.proxies,
            "alive": self.alive.get("", False),
            "apps": apps,
            "asked_at": int(time.time()),
        }
