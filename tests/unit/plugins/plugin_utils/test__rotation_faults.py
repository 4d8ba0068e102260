"""Whole rotations in a world that fails anywhere: hosts, the controller, or both.

The store's documents, the plans and the verdicts are the real ones; hosts answer as the modules do.
"""

from __future__ import annotations

import contextlib
import json
from unittest import mock

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    conclusion as _conclusion,
    evidence as _evidence,
    exchange as _exchange,
    passes as _passes,
    proofs as _proofs,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import (
    Options,
    Selection,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.preflight import (
    RotationRefused,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    owner as _owner,
    store as _store,
)
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.kit.kept import present

DAY = 86400.0
# One application has a secret of its own, two share the default one.
SCOPES = {
    "LiveApp": "fleet/LiveApp/stream",
    "events": "fleet/_default/stream",
    "shop": "fleet/_default/stream",
}
NAMES = tuple(dict.fromkeys(SCOPES.values()))


class Crash(Exception):
    """The controller is gone."""


class Host:
    """What a server has on its disk and in its memory, by application."""

    def __init__(self, secrets):
        self.disk, self.memory, self.up = dict(secrets), dict(secrets), True
        self.waiting = {}  # what a process on the host puts in force at the instant

    def fire(self, half=False):
        self.disk.update(self.waiting)
        if not half:
            self.memory.update(self.waiting)
            self.waiting = {}

    def marks(self):
        return {app: {"stream": fingerprint(secret)} for app, secret in self.disk.items()}

    def look(self):
        """What the module facts reports."""
        if not self.up:
            return {"unreachable": True}
        late = [app for app in SCOPES if self.disk[app] != self.memory[app]]
        facts = {
            "edition": "enterprise",
            "process": {"pid": 1},
            "server": {"settings": {}},
            "apps": {
                app: {"file": app, "settings": {"playJwtControlEnabled": "true"}} for app in SCOPES
            },
            "fingerprints": {"management": "", "apps": self.marks()},
            "memory": {"known": True, "differs": {app: ["jwtStreamSecretKey"] for app in late}},
        }
        return {"ansible_facts": {"antmedia": facts}}


class Kept(_store.Store):
    """A store whose writes happen as a whole or not at all, and can be the last of a run."""

    def __init__(self, world):
        super().__init__({}, _store.Context())
        self.world, self.kept = world, {}

    def where(self):
        return "memory"

    def load(self, scope):
        return self.kept.get(scope, {}), None

    def save(self, scope, document, token):
        self.world.point()
        self.world.check(scope, self.kept.get(scope, {}), document)
        self.kept[scope] = document
        self.world.point()

    def scopes(self, fleet=None):
        return sorted(self.kept)


class World:
    """A store, hosts, and a controller that may die at any ``point``.

    It takes the steps in the order the role does.
    """

    def __init__(self, count):
        self.now = 1_000_000.0
        self.kill_at, self.run, self.alive = None, "first", {"first"}
        self.options, self.hosts, self.written_off = Options(), {}, set()
        self.store = Kept(self)
        with self.at_work():
            for scope in NAMES:
                present(self.store, scope)
        first = {app: self.secret(scope, "current") for app, scope in SCOPES.items()}
        self.hosts = {f"h{number}": Host(first) for number in range(count)}

    def secret(self, scope, version):
        return self.store.kept[scope].get(version, {}).get("secret")

    @contextlib.contextmanager
    def at_work(self):
        """The run that is at work, and its clock."""
        who = {"run": self.run, "who": self.run}
        clock = mock.Mock(time=lambda: self.now)
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch.object(_store, "time", clock))
            stack.enter_context(mock.patch.object(_owner, "identity", lambda: who))
            stack.enter_context(mock.patch.object(_owner, "alive", self.is_alive))
            yield

    def is_alive(self, lock):
        return lock["run"] in self.alive

    def point(self):
        if self.kill_at is not None:
            self.kill_at -= 1
            if self.kill_at < 0:
                raise Crash

    # What must never happen

    def check(self, scope, before, after):
        """A promotion is proved, and only hosts that the quorum excuses have what is destroyed.

        Hosts have what they wait for too: it takes effect whatever the store has by then.
        """
        was, new = before.get("current", {}).get("secret"), after["current"]["secret"]
        kept = {entry["secret"] for entry in _document.versions(after).values()}
        gone = {entry["secret"] for entry in _document.versions(before).values()} - kept
        apps = [app for app in SCOPES if SCOPES[app] == scope]
        for name, host in self.hosts.items():
            held = {text for app in apps for text in (host.disk[app], host.memory[app])}
            waits = {host.waiting[app] for app in apps if app in host.waiting}
            excused = not host.up and self.options.quorum not in ("all", "100%")
            if was != new:
                assert held | waits == {new} or excused, "promoted unproved"
                if waits - {new}:  # nobody can see it, also once the host is back
                    self.written_off.add(name)
            if held & gone:
                assert excused, f"{name} would be robbed"
                self.written_off.add(name)
            if waits & gone:
                assert excused or name in self.written_off, f"{name} is about to be robbed"
                self.written_off.add(name)

    def recoverable(self):
        """Whether every secret on a host is in the store, but for hosts that were written off."""
        kept = {
            entry["secret"]
            for document in self.store.kept.values()
            for entry in _document.versions(document).values()
        }
        return all(
            name in self.written_off or {*host.disk.values(), *host.memory.values()} <= kept
            for name, host in self.hosts.items()
        )

    # A run

    def rotate(self, options, run, kill_at=None, going=(), failing=(), fires=False, slow=False):
        """One run; says how it ended.

        :kwarg going: hosts that go away when they are told to prepare.
        :kwarg failing: hosts that cannot prepare.
        :kwarg fires: whether what an earlier run left on hosts comes to its instant meanwhile.
        :kwarg slow: whether it is too late to call a cutover off.
        """
        self.kill_at, self.run, self.options = kill_at, run, options
        self.alive = self.alive | {run}
        try:
            with self.at_work():
                return self._rotate(going, failing, fires, slow)
        except Crash:
            return "killed"
        finally:
            self.alive = self.alive - {run}
            self.kill_at = None

    def survey(self, looks, scopes):
        return {name: _evidence.survey(look, "fleet", scopes) for name, look in looks.items()}

    def _rotate(self, going, failing, fires, slow):
        looks = {name: host.look() for name, host in self.hosts.items()}
        hosts = self.survey(looks, self.store.kept)
        passes, refusals = _passes.make_passes(
            self.store.kept, hosts, self.options, Selection(("stream",)), self.now
        )
        self.point()
        for host in self.hosts.values() if fires else ():
            host.fire()
        if refusals:
            return "refused"
        for work in passes:
            done = self._pass(json.loads(json.dumps(work)), looks, going, failing, slow)
            if done["unfinished"]:
                return "not finished"
        return "done" if passes else "idle"

    def _pass(self, work, looks, going, failing, slow):
        quorum = self.options.quorum
        preflight = {name: {"way": "live"} if self.hosts[name].up else {"unreachable": True}
                     for name in work["hosts"]}  # fmt: skip
        try:
            begun = _exchange.begin(
                self.store,
                work,
                self.survey(looks, self.store.kept),
                preflight,
                quorum,
                _exchange.Timing(None, 10.0, lambda: self.now),
                [1],
                False,
            )
        except RotationRefused:
            return {"unfinished": True}
        begun = json.loads(json.dumps(begun))
        prepared = {}
        for name in begun["live"]:
            self.point()
            prepared[name] = self._prepare(name, begun["hosts"][name]["give"], going, failing)
        took = 9.5 if slow else 1.0
        decided = _exchange.decide(begun, prepared, quorum, begun["told_at"] + took)
        changes = dict(prepared)
        self.point()
        for name in decided["call_off"]:
            self.hosts[name].waiting = {}
            changes[name] = {"failed": True, "msg": "was called off"}
        for name in begun["live"]:
            host = self.hosts[name]
            if host.waiting:
                host.fire(half=True)
                self.point()
                host.fire()
                changes[name] = {"fingerprints": {"management": "", "apps": host.marks()}}
        self.point()
        proofs = {name: self._prove(name, orders) for name, orders in begun["hosts"].items()}
        return _conclusion.finish(
            self.store,
            begun,
            self.survey(looks, begun["scopes"]),
            changes,
            proofs,
            self.options,
            False,
            lambda: self.now,
        )

    def _prepare(self, name, give, going, failing):
        host = self.hosts[name]
        if name in going:
            host.up = False
        if not host.up:
            return {"unreachable": True}
        host.fire()  # a second change of a host waits for the first
        if name in failing:
            return {"failed": True, "msg": f"{name}: disk full"}
        host.waiting = {use["app"]: self.secret(use["scope"], use["version"]) for use in give}
        return {"cutover_pid": 1}

    def _prove(self, name, orders):
        """What the module probe reports of the tokens it tried."""
        host, found = self.hosts[name], {"controls": [], "probes": []}
        if not host.up:
            return {"unreachable": True}
        old = {use["app"]: self.secret(use["scope"], use["version"]) for use in orders["old"]}
        for use in orders["new"]:
            app, held = use["app"], host.memory[use["app"]]
            good = held == self.secret(use["scope"], use["version"])
            about = {"app": app, "control": "play"}
            outcome = "enforced" if good else "not enforced"
            found["controls"].append({**about, "outcome": outcome, "reason": "why"})
            if old.get(app):
                came = "let in" if held == old[app] else "refused"
                case = _proofs.PREVIOUS_CASE
                found["probes"].append({**about, "case": case, "came": came})
        return found

    def settled(self):
        """Whether nothing is pending and every host has what the store has."""
        for app, scope in SCOPES.items():
            assert not self.secret(scope, "pending")
            for host in self.hosts.values():
                assert host.disk[app] == host.memory[app] == self.secret(scope, "current")


def test_a_rotation_of_one_scope_leaves_the_others_alone():
    """Applications without a secret of their own must not take another's for theirs."""
    world = World(2)
    for scope in NAMES:
        before = {name: world.secret(name, "current") for name in NAMES}
        document = world.store.kept[scope]
        old = {**document["current"], "created": _document.stamp(world.now - 99 * DAY)}
        world.store.kept[scope] = {**document, "current": old}
        assert world.rotate(Options(max_age=90 * DAY, grace=DAY), "run") == "done"
        changed = {name for name in NAMES if world.secret(name, "current") != before[name]}
        assert changed == {scope}
        world.settled()


@pytest.mark.parametrize("mode", ["auto", "now", "abort"])
@pytest.mark.parametrize("fires", ["before", "during", "after"])
@pytest.mark.parametrize("kill_at", range(30))
def test_killed_at_every_point_and_whatever_it_left_on_hosts(kill_at, fires, mode):
    """A process left on a host may come to its instant before, during or after the next run."""
    world = World(3)
    first = {scope: world.secret(scope, "current") for scope in NAMES}
    killed = world.rotate(Options("now", grace=DAY), "a", kill_at) == "killed"
    assert killed or kill_at >= 24
    if fires == "before":
        for host in world.hosts.values():
            host.fire()
    left = [host for host in world.hosts.values() if host.waiting]
    world.rotate(Options(mode, grace=DAY), "b", fires=fires == "during")
    for host in left:
        host.fire()
        assert world.recoverable()
    world.rotate(Options("auto", grace=DAY), "c")
    world.settled()
    if mode == "abort" and killed:
        for scope in NAMES:
            assert "previous" in world.store.kept[scope] or (
                world.secret(scope, "current") == first[scope]
            )


def interrupted(count, switched):
    """A world where some hosts have the pending secrets, and no run goes on."""
    world = World(count)
    assert world.rotate(Options("now"), "a", failing=set(world.hosts)) == "not finished"
    for name in switched:
        host = world.hosts[name]
        host.waiting = {app: world.secret(scope, "pending") for app, scope in SCOPES.items()}
        host.fire()
    return world


@pytest.mark.parametrize("kill_at", range(30))
@pytest.mark.parametrize("switched", [["h2"], ["h0", "h1", "h2"]])
def test_what_a_killed_abort_left_on_hosts_does_not_undo_a_promotion(switched, kill_at):
    """A host that has the pending secret already may be about to go back to the one before."""
    world = interrupted(3, switched)
    world.rotate(Options("abort"), "b", kill_at)
    left = [host for host in world.hosts.values() if host.waiting]
    assert left or not 6 <= kill_at <= 11
    world.rotate(Options("auto"), "c")
    for host in left:
        host.fire()
        assert world.recoverable()
    world.settled()


@pytest.mark.parametrize("kill_at", range(30))
def test_an_excused_host_that_goes_back_once_it_is_there_again_is_brought_up(kill_at):
    world = interrupted(2, ["h0", "h1"])
    world.rotate(Options("abort"), "b", kill_at)
    away = [host for host in world.hosts.values() if host.waiting]
    for host in away:
        host.up = False
    world.rotate(Options("auto", quorum=1), "c")
    for host in away:
        host.up = True
    world.rotate(Options("auto"), "d")
    for host in away:
        host.fire()
        assert world.recoverable()
    world.rotate(Options("auto"), "e")
    world.settled()


QUORUMS = st.sampled_from(["all", "all", "100%", "60%", 1])
MODES = st.sampled_from(["auto", "auto", "now", "abort"])
GRACES = st.sampled_from([0.0, 2 * DAY])


class Rotations(RuleBasedStateMachine):
    """Runs of every kind, killed anywhere, with hosts that come and go."""

    @initialize(count=st.integers(1, 4))
    def begin(self, count):
        self.world = World(count)
        self.runs = 0

    def name(self):
        self.runs += 1
        return f"run{self.runs}"

    def host(self, data):
        return self.world.hosts[data.draw(st.sampled_from(sorted(self.world.hosts)))]

    @rule(
        mode=MODES,
        quorum=QUORUMS,
        grace=GRACES,
        kill_at=st.none() | st.integers(0, 35),
        slow=st.booleans(),
        data=st.data(),
    )
    def run(self, mode, quorum, grace, kill_at, slow, data):
        names = st.sets(st.sampled_from(sorted(self.world.hosts)), max_size=2)
        self.world.rotate(
            Options(mode, max_age=30 * DAY, grace=grace, quorum=quorum),
            self.name(),
            kill_at,
            data.draw(st.just(set()) | names),
            data.draw(st.just(set()) | names),
            slow=slow,
        )

    @rule(days=st.sampled_from([0.01, 1, 3, 31]))
    def time_goes_by(self, days):
        self.world.now += days * DAY

    @rule(data=st.data())
    def a_host_goes_or_comes(self, data):
        host = self.host(data)
        host.up = not host.up

    @rule(data=st.data())
    def a_host_restarts(self, data):
        host = self.host(data)
        host.waiting, host.memory = {}, dict(host.disk)

    @precondition(lambda self: any(host.waiting for host in self.world.hosts.values()))
    @rule(data=st.data())
    def what_a_killed_run_left_on_a_host_comes_to_its_instant(self, data):
        self.host(data).fire()

    @precondition(lambda self: not any("lock" in d for d in self.world.store.kept.values()))
    @rule(scope=st.sampled_from(NAMES))
    def another_run_holds_the_lock(self, scope):
        world = self.world
        world.run, world.alive = "other", world.alive | {"other"}
        with world.at_work():
            world.store.lock([scope])
        before = repr(world.store.kept), repr([vars(host) for host in world.hosts.values()])
        assert world.rotate(Options("now", grace=DAY), "me") == "refused"
        assert before == (
            repr(world.store.kept),
            repr([vars(host) for host in world.hosts.values()]),
        )
        world.alive = world.alive - {"other"}

    @rule()
    def the_dust_settles(self):
        """With every host back, one undisturbed run leaves what an undisturbed rotation leaves."""
        world = self.world
        for host in world.hosts.values():
            host.fire()
            host.up = True
        world.rotate(Options(max_age=30 * DAY, grace=2 * DAY), self.name())
        world.settled()
        world.written_off = set()

    @invariant()
    def every_secret_on_a_host_is_in_the_store(self):
        assert not hasattr(self, "world") or self.world.recoverable()

    @invariant()
    def there_is_always_a_current_secret(self):
        for scope in NAMES if hasattr(self, "world") else ():
            assert self.world.secret(scope, "current")


TestRotations = Rotations.TestCase
TestRotations.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
