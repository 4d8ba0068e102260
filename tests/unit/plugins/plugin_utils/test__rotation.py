from __future__ import annotations

import itertools

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils import _rotation as r
from ansible_collections.streamward.antmedia.plugins.plugin_utils import _secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    Options,
    Secret,
    Seen,
)
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

NOW = 1_000_000.0
DAY = 86400.0
C, P, V = "fp:current", "fp:pending", "fp:previous"


def plan(secret, seen, mode="auto", now=NOW, **options):
    return r.make_plan(Secret("f/a/stream", **secret), seen, Options(mode, **options), now)


def hosts(*marks, **more):
    return {f"h{number}": Seen((mark,), **more) for number, mark in enumerate(marks, 1)}


IDLE = {"current": C, "created": NOW - 10 * DAY}
PENDING = {**IDLE, "pending": P}
DONE = {**IDLE, "previous": V, "superseded": NOW - 100}


@pytest.mark.parametrize(
    "secret, marks, options, state, steps, target, move",
    [
        ({}, [""], {}, "absent", [], "current", []),
        (IDLE, [C, C], {}, "idle", [], "current", []),
        (IDLE, [C, C], {"max_age": 11 * DAY}, "idle", [], "current", []),
        (IDLE, [C, C], {"max_age": 10 * DAY}, "idle", ["stage", "cutover", "prove", "promote"],
         "pending", ["h1", "h2"]),
        (IDLE, [C], {"mode": "now"}, "idle", ["stage", "cutover", "prove", "promote"], "pending",
         ["h1"]),
        (IDLE, [C, ""], {}, "behind", ["cutover", "prove"], "current", ["h2"]),
        (DONE, [C, V], {"grace": 500}, "behind", ["cutover", "prove"], "current", ["h2"]),
        (DONE, [C, V], {}, "behind", ["cutover", "prove", "retire"], "current", ["h2"]),
        (DONE, [C, C], {"grace": 101}, "idle", [], "current", []),
        (DONE, [C, C], {"grace": 100}, "idle", ["retire"], "current", []),
        (PENDING, [C, C], {}, "staged", ["cutover", "prove", "promote"], "pending", ["h1", "h2"]),
        (PENDING, [C, P], {}, "cutover", ["cutover", "prove", "promote"], "pending", ["h1"]),
        (PENDING, [P, P], {}, "switched", ["prove", "promote"], "pending", []),
        (PENDING, [P, P], {"mode": "now"}, "switched", ["prove", "promote"], "pending", []),
        (PENDING, [C, C], {"mode": "abort"}, "staged", ["cutover", "prove", "discard"], "current",
         ["h1", "h2"]),
        (PENDING, [C, P], {"mode": "abort"}, "cutover", ["cutover", "prove", "discard"], "current",
         ["h1", "h2"]),
        (PENDING, [P, P], {"mode": "abort"}, "switched", ["cutover", "prove", "discard"],
         "current", ["h1", "h2"]),
        (IDLE, [C, C], {"mode": "abort", "max_age": DAY}, "idle", [], "current", []),
        ({"pending": P}, ["", P], {}, "cutover", ["cutover", "prove", "promote"], "pending",
         ["h1"]),
    ],
)  # fmt: skip
def test_the_way_from_every_state(secret, marks, options, state, steps, target, move):
    found = plan(secret, hosts(*marks), **options)
    assert (found.state, list(found.steps), found.target, list(found.move)) == (
        state, steps, target, move,
    )  # fmt: skip
    assert found.refusal == ()


def test_a_server_that_runs_on_something_else_than_its_disk_is_behind():
    assert plan(IDLE, hosts(C, running=False)).move == ("h1",)
    assert plan(IDLE, hosts(C, running=None)).move == ()


def test_one_application_behind_is_a_host_behind():
    assert plan(IDLE, {"h1": Seen((C, C, V)), "h2": Seen((C, C))} | {}, now=NOW).refusal
    known = {**IDLE, "previous": V, "superseded": NOW}
    assert plan(known, {"h1": Seen((C, C, V)), "h2": Seen((C, C))}, grace=9).move == ("h1",)


def test_unknown_secrets_stop_everything_and_are_named():
    for mode in ("auto", "now", "abort"):
        found = plan(PENDING, hosts(C, "fp:x", "fp:x", "fp:y"), mode)
        assert found.steps == () and len(found.refusal) == 2
        assert "h2, h3 have fp:x" in found.refusal[0] and "h4 has fp:y" in found.refusal[1]
        assert "adopt" in found.refusal[0]
    assert plan({}, hosts("fp:x")).refusal


def test_a_host_with_a_secret_retired_long_ago_is_brought_up():
    found = plan({**IDLE, "retired": ("fp:old",)}, hosts(C, "fp:old"))
    assert found.refusal == () and found.move == ("h2",)


def test_a_locked_scope_is_refused():
    assert plan({**IDLE, "locked": "root@c works on it"}, hosts(C)).refusal == (
        "f/a/stream: root@c works on it",
    )


DOWN = Seen(trouble="is unreachable")


def test_nothing_is_staged_or_touched_without_the_quorum():
    for secret, mode in ((IDLE, "now"), (PENDING, "auto")):
        found = plan(secret, {**hosts(C, C), "h3": DOWN}, mode)
        assert found.steps == ()
        assert "2 of 3 hosts can take part, 3 are needed" in found.refusal[0]
        assert "h3: is unreachable" in found.refusal[0]
        found = plan(secret, {**hosts(C, C), "h3": DOWN}, mode, quorum=2)
        assert found.refusal == () and "promote" in found.steps


def test_a_fleet_that_disagrees_is_brought_together_even_without_the_quorum():
    found = plan(PENDING, {**hosts(C, P), "h3": DOWN})
    assert list(found.steps) == ["cutover", "prove"] and found.move == ("h1",)
    assert "cannot be promoted before enough hosts are back" in found.notes


def test_a_lost_host_keeps_what_it_may_hold():
    found = plan(DONE, {**hosts(C), "h2": DOWN})
    assert found.steps == () and "a host out of reach may have it" in found.notes[0]
    assert plan(DONE, {**hosts(C), "h2": DOWN}, quorum="50%").steps == ("retire",)
    found = plan(PENDING, {**hosts(C), "h2": DOWN}, "abort")
    assert found.steps == ("cutover", "prove") and "the pending secret is kept" in found.notes[1]
    assert "discard" in plan(PENDING, {**hosts(C), "h2": DOWN}, "abort", quorum=1).steps


def test_a_host_that_cannot_be_written_is_not_robbed_of_the_secret_it_holds():
    stuck = Seen((V,), trouble="its disk is read-only")
    assert plan(DONE, {**hosts(C), "h2": stuck}, quorum=1).steps == ()
    found = plan({**PENDING, "previous": V}, {**hosts(C), "h2": stuck}, quorum=1)
    assert "still holds the previous secret" in found.refusal[0]
    stuck = Seen((P,), trouble="its disk is read-only")
    assert "discard" not in plan(PENDING, {**hosts(C), "h2": stuck}, "abort", quorum=1).steps


def test_aborting_a_first_secret_is_refused():
    assert "no current secret to go back to" in plan({"pending": P}, hosts(P), "abort").refusal[0]


def test_what_will_be_destroyed_or_kept_is_said():
    assert V in plan({**DONE}, hosts(C), "now").notes[1]
    assert "kept for another 50 s" in plan(DONE, hosts(C), grace=150).notes[0]
    assert plan(IDLE, hosts(C), max_age=DAY).notes == ("is 10 days old",)


@pytest.mark.parametrize(
    "quorum, total, wanted",
    [("all", 7, 7), ("100%", 7, 7), ("90%", 10, 9), ("90%", 11, 10), ("1%", 5, 1), (3, 5, 3),
     ("3", 2, 2), ("33.3%", 3, 1), ("all", 0, 0)],
)  # fmt: skip
def test_quorums(quorum, total, wanted):
    assert r.need(quorum, total) == wanted


@pytest.mark.parametrize(
    "options, said",
    [
        ({"quorum": "most"}, "'most' is neither all, nor"),
        ({"quorum": "0%"}, "percentage such as"),
        ({"quorum": "101%"}, "percentage such as"),
        ({"quorum": 0}, "is neither"),
        ({"mode": "later"}, "antmedia_rotation: 'later' is none of auto, now, abort"),
        ({"max_age": 0}, "antmedia_secret_max_age"),
        ({"grace": -1}, "antmedia_previous_grace"),
    ],
)
def test_options_that_make_no_sense(options, said):
    with pytest.raises(r.RotationError, match=said):
        Options(**options)


def test_the_quorum_excuses_hosts_out_of_reach_and_no_others():
    found = plan(IDLE, hosts(C, C, C), "now")
    fine = {"h1": "", "h2": "", "h3": ""}
    assert r.judge(found, fine, {}, "all").complete
    verdict = r.judge(found, {**fine, "h3": "takes the old token"}, {}, 1)
    assert not verdict.complete and verdict.unproved == {"h3": "takes the old token"}
    verdict = r.judge(found, {"h1": "", "h2": ""}, {}, 1)
    assert not verdict.complete and verdict.unproved == {"h3": "was not asked"}
    verdict = r.judge(found, {"h1": "", "h2": ""}, {"h3": "went away", "x": "none of ours"}, "all")
    assert not verdict.complete and verdict.lost == {"h3": "went away"}
    assert r.judge(found, {"h1": "", "h2": ""}, {"h3": "went away"}, "60%").complete
    assert not r.judge(found, {}, {}, "all").complete


# The machine against a world that fails anywhere


class Crash(Exception):
    """The controller is gone."""


class Host:
    def __init__(self, secret):
        self.disk = self.memory = secret
        self.up = True


class World:
    """A store that keeps documents, hosts that keep secrets, and a controller that may die.

    It takes the steps of a plan in the order the role does. ``point`` is every place where the
    controller can be killed.
    """

    def __init__(self, count):
        self.names = itertools.count()
        self.now = NOW
        first = self.fresh()
        self.document = _secrets.present({}, self.now, lambda: first)
        self.hosts = {f"h{number}": Host(first) for number in range(count)}
        self.written_off = set()
        self.kill_at = None
        self.waiting = {}  # what a process of its own on a host will put in force at the instant

    def fresh(self):
        return f"secret-{next(self.names):04d}-abcdefghijklmnopqrstuvwxyz"

    def point(self):
        if self.kill_at is not None:
            self.kill_at -= 1
            if self.kill_at < 0:
                raise Crash

    def change(self, step, run, expect=None):
        """One write of the store: it happens as a whole or not at all."""
        self.point()
        _secrets.refuse_locked(self.document, run, self.now, lambda lock: lock["run"] in self.alive)
        _secrets.expecting(self.document, expect)
        self.document = step(self.document)
        self.point()

    alive: set = set()  # noqa: RUF012

    def secret(self, run):
        have = _secrets.fingerprints(self.document)
        held = _secrets.held(self.document, run, self.now, lambda lock: lock["run"] in self.alive)
        return Secret(
            "f/a/stream",
            have.get("pending", ""),
            have.get("current", ""),
            have.get("previous", ""),
            _secrets.unix(self.document.get("current", {}).get("created", "")),
            _secrets.unix(self.document.get("previous", {}).get("superseded", "")),
            tuple(_secrets.retired(self.document)),
            "is locked" if held else "",
        )

    def look(self):
        mark = _secrets.fingerprint
        return {
            name: Seen((mark(host.disk),), running=host.disk == host.memory)
            if host.up
            else Seen(trouble="is unreachable")
            for name, host in self.hosts.items()
        }

    def rotate(self, options, run, kill_at=None, going=(), failing=(), on_plan=False):
        """One run. ``going`` are hosts that go down when they are to be changed."""
        self.kill_at = kill_at
        self.on_plan = on_plan
        self.alive = self.alive | {run}
        try:
            return self._rotate(options, run, going, failing)
        except Crash:
            return "killed"
        finally:
            self.alive = self.alive - {run}
            self.kill_at = None

    def _rotate(self, options, run, going, failing):
        secret = self.secret(run)
        found = r.make_plan(secret, self.look(), options, self.now)
        self.point()
        for name in list(self.waiting) if self.on_plan else ():
            self.fire(name)
        if found.refusal or not found.steps:
            return "refused" if found.refusal else "idle"
        owner = {"run": run}
        self.change(
            lambda d: _secrets.lock(
                d, owner, self.now, 900, lambda lock: lock["run"] in self.alive
            ),
            run,
        )
        expect = {"current": secret.current, "pending": secret.pending}
        if r.STAGE in found.steps:
            fresh = self.fresh()
            self.change(lambda d: _secrets.stage(d, self.now, lambda: fresh), run, expect)
            expect["pending"] = _secrets.fingerprint(fresh)
        target = self.document[found.target]["secret"]
        lost, proofs = {}, {}
        if r.SWITCH in found.steps:
            for name in found.move:
                self.point()
                host = self.hosts[name]
                if name in going:
                    host.up = False
                if not host.up:
                    continue
                self.fire(name)  # a second change of a host waits for the first
                if name not in failing:
                    self.waiting[name] = target
            self.point()
            for name in list(self.waiting):
                if name in found.move and self.hosts[name].up:
                    self.fire(name, half=True)
                    self.point()
                    self.fire(name)
        self.point()
        for name in found.prove:
            host = self.hosts[name]
            if not host.up:
                lost[name] = "went away"
            else:
                proofs[name] = "" if host.disk == host.memory == target else "has another"
        verdict = r.judge(found, proofs, lost, options.quorum)
        done = "unproved"
        if verdict.complete:
            done = "done"
            if r.PROMOTE in found.steps:
                self.leave("previous", verdict, options)
                self.must_be_proved(target, verdict, options)
                self.change(lambda d: _secrets.promote(d, self.now), run, expect)
            if r.DISCARD in found.steps:
                self.leave("pending", verdict, options)
                self.change(lambda d: _secrets.retire(d, "pending"), run, expect)
            if r.RETIRE in found.steps:
                self.leave("previous", verdict, options)
                self.change(_secrets.retire, run, expect)
        self.change(lambda d: _secrets.unlock(d, run), run)
        return done

    def recoverable(self):
        """Whether every secret on a host is in the store, but for hosts that were written off."""
        kept = {entry["secret"] for entry in _secrets.versions(self.document).values()}
        return all(
            name in self.written_off or {host.disk, host.memory} <= kept
            for name, host in self.hosts.items()
        )

    def fire(self, name, half=False):
        host, target = self.hosts[name], self.waiting.get(name)
        if target is not None:
            host.disk = target
            if not half:
                host.memory = target
                del self.waiting[name]

    def leave(self, version, verdict, options):
        """A version is about to be destroyed: only hosts the quorum excuses may hold it."""
        gone = self.document.get(version, {}).get("secret")
        for name, host in self.hosts.items():
            if gone in (host.disk, host.memory):
                assert options.quorum != "all" and name in verdict.lost, f"{name} would be robbed"
                self.written_off.add(name)

    def must_be_proved(self, target, verdict, options):
        for name, host in self.hosts.items():
            if host.disk != target or host.memory != target:
                assert options.quorum != "all" and name in verdict.lost, "promoted unproved"


@pytest.mark.parametrize("mode", ["auto", "now", "abort"])
@pytest.mark.parametrize("fires", ["before", "during", "after"])
@pytest.mark.parametrize("kill_at", range(20))
def test_killed_at_every_point_and_whatever_it_left_on_hosts(kill_at, fires, mode):
    """A process left on a host may come to its instant before, during or after the next run."""
    world = World(3)
    first = world.document["current"]["secret"]
    killed = world.rotate(Options("now", grace=DAY), "a", kill_at) == "killed"
    assert killed or kill_at >= 16
    if fires == "before":
        for name in list(world.waiting):
            world.fire(name)
    left = list(world.waiting)
    world.rotate(Options(mode, grace=DAY), "b", on_plan=fires == "during")
    for name in left:
        world.fire(name)
        assert world.recoverable()
    world.rotate(Options("auto", grace=DAY), "c")
    held = {text for host in world.hosts.values() for text in (host.disk, host.memory)}
    assert held == {world.document["current"]["secret"]} and "pending" not in world.document
    if mode == "abort" and killed and "previous" not in world.document:
        assert held == {first}


QUORUMS = st.sampled_from(["all", "all", "60%", 1])
MODES = st.sampled_from(["auto", "auto", "now", "abort"])


class Rotations(RuleBasedStateMachine):
    """Runs of every kind, killed anywhere, with hosts that come and go."""

    @initialize(count=st.integers(1, 4))
    def begin(self, count):
        self.world = World(count)
        self.runs = itertools.count()

    def options(self, mode="auto", quorum="all"):
        return Options(mode, max_age=30 * DAY, grace=2 * DAY, quorum=quorum)

    @rule(mode=MODES, quorum=QUORUMS, kill_at=st.none() | st.integers(0, 25), data=st.data())
    def run(self, mode, quorum, kill_at, data):
        names = st.sets(st.sampled_from(sorted(self.world.hosts)), max_size=2)
        self.world.rotate(
            self.options(mode, quorum),
            f"run{next(self.runs)}",
            kill_at,
            data.draw(st.just(set()) | names),
            data.draw(st.just(set()) | names),
        )

    @rule(days=st.sampled_from([0.01, 1, 3, 31]))
    def time_goes_by(self, days):
        self.world.now += days * DAY

    @rule(data=st.data())
    def a_host_goes_or_comes(self, data):
        host = self.world.hosts[data.draw(st.sampled_from(sorted(self.world.hosts)))]
        host.up = not host.up

    @rule(data=st.data())
    def a_host_restarts(self, data):
        name = data.draw(st.sampled_from(sorted(self.world.hosts)))
        self.world.waiting.pop(name, None)
        self.world.hosts[name].memory = self.world.hosts[name].disk

    @precondition(lambda self: self.world.waiting)
    @rule(data=st.data())
    def what_a_killed_run_left_on_a_host_comes_to_its_instant(self, data):
        self.world.fire(data.draw(st.sampled_from(sorted(self.world.waiting))))

    @precondition(lambda self: "lock" not in self.world.document)
    @rule()
    def another_run_holds_the_lock(self):
        world = self.world
        world.alive = world.alive | {"other"}
        world.document = _secrets.lock(
            world.document, {"run": "other"}, world.now, 900, lambda _: True
        )
        before = repr(world.document), repr([vars(host) for host in world.hosts.values()])
        assert world.rotate(self.options("now"), "me") == "refused"
        assert before == (
            repr(world.document),
            repr([vars(host) for host in world.hosts.values()]),
        )
        world.alive = world.alive - {"other"}

    @rule()
    def the_dust_settles(self):
        """With every host back, one undisturbed run leaves what an undisturbed rotation leaves."""
        world = self.world
        for name in list(world.waiting):
            world.fire(name)
        for host in world.hosts.values():
            host.up = True
        world.rotate(self.options(), f"run{next(self.runs)}")
        secret = world.document["current"]["secret"]
        assert "pending" not in world.document
        assert {(host.disk, host.memory) for host in world.hosts.values()} == {(secret, secret)}
        world.written_off = set()

    @invariant()
    def every_secret_on_a_host_is_in_the_store(self):
        assert not hasattr(self, "world") or self.world.recoverable()

    @invariant()
    def there_is_always_a_current_secret(self):
        if hasattr(self, "world"):
            assert self.world.document["current"]["secret"]


TestRotations = Rotations.TestCase
TestRotations.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
