"""Every step of the module, with hosts that do what they are told and a store in memory."""

from __future__ import annotations

import json
import types

import pytest
from ansible_collections.streamward.antmedia.plugins.action import rotation as action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    inputs as _inputs,
    steps as _steps,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
)

from tests.kit.rotating import MANAGEMENT, STREAM, Fleet, look

OPTIONS = action.argument_spec()
STORE = {"antmedia_secret_store": {"kind": "memory"}}


class Reader:
    """Reads from the fleet's store, and notes what becomes of it."""

    def __init__(self, fleet):
        self.store, self.forgotten = fleet.store, []
        fleet.store.close = lambda: self.forgotten.append("closed")

    def documents(self, fleet):
        return {scope: d for scope, d in self.store.kept.items() if scope.startswith(fleet + "/")}

    def forget(self, fleet):
        self.forgotten.append(fleet)


class World:
    """A fleet, and what its hosts have registered."""

    def __init__(self, monkeypatch):
        self.fleet = Fleet("h1", "h2")
        self.variables = {host: dict(STORE) for host in self.fleet.held}
        self.reader = Reader(self.fleet)
        self.warned = []
        monkeypatch.setattr(_inputs._context, "Reader", lambda *_given: self.reader)
        for host in self.variables:
            self.variables[host]["looked"] = self.look(host)

    def look(self, host):
        marks = self.fleet.held[host]
        found = look()
        facts = found["ansible_facts"]["antmedia"]
        del facts["apps"]["other"]
        facts["fingerprints"]["management"] = marks[MANAGEMENT]
        facts["fingerprints"]["apps"]["LiveApp"]["stream"] = marks[STREAM]
        return found

    def register(self, name, results):
        for host, result in results.items():
            self.variables[host][name] = result

    def take(self, step, check=False, **options):
        given = {name: about.get("default") for name, about in OPTIONS.items()}
        given.update(step=step, hosts=sorted(self.variables), looks_from="looked")
        args = {**given, **options}
        done = _steps.take(args, self.variables, Context(), check, self.warned.append)
        return json.loads(json.dumps(done))


@pytest.fixture
def world(monkeypatch):
    return World(monkeypatch)


def test_the_steps_are_those_of_the_documentation():
    assert list(_steps.STEPS) == OPTIONS["step"]["choices"]


def test_a_rotation_step_by_step(world, tmp_path):
    planned = world.take("plan", mode="now", grace="1h")
    assert [work["name"] for work in planned["passes"]] == ["applications", "management"]
    assert world.reader.forgotten == ["closed"]  # nothing was written
    world.register("tried", {"h1": {"way": "live"}, "h2": {"way": "live"}})
    assert world.take("check", plan=planned, preflight_from="tried") == {
        "changed": False,
        "lines": [],
    }
    work = planned["passes"][0]
    begun = world.take("begin", plan=work, preflight_from="tried", lead=0.0)
    assert begun["changed"] and begun["live"] == ["h1", "h2"]
    assert world.reader.forgotten[-2:] == ["fleet", "closed"]
    assert world.take("decide", plan=begun, changes_from=["tried"])["call_off"] == []
    changes, proofs = world.fleet.exchange(begun)
    world.register("changed", changes)
    world.register("proved", proofs)
    renewed = world.take("renew", plan=begun, changes_from=["changed"])
    assert renewed == {"changed": False, "stopped_by": [], "lines": []}
    log = tmp_path / "log"
    done = world.take(
        "finish",
        plan=begun,
        changes_from=["tried", "changed"],
        proofs_from="proved",
        grace="1h",
        record=str(log),
    )
    assert done["lines"] == [done["summary"]] and "promoted " + STREAM in done["summary"]
    assert json.loads(log.read_text()) == done["records"][0]
    assert world.take("release", plan=begun) == {"changed": False, "lines": []}


def test_nothing_to_do_is_said_and_so_is_who_is_missing(world):
    assert world.take("plan")["lines"] == ["rotation: nothing to do"]
    world.variables["h2"]["looked"] = {"unreachable": True}
    planned = world.take("plan")
    assert planned["lines"] == ["rotation: nothing to do, without h2 cannot be reached"]
    assert planned["absent"] == {"h2": "cannot be reached"}


@pytest.mark.parametrize("step", ["decide", "renew", "finish", "release"])
def test_what_check_mode_has_nothing_to_tell_of_asks_nobody(world, step):
    assert world.take(step, check=True) == {"changed": False, "skipped": True, "lines": []}
    assert world.reader.forgotten == []


def test_a_store_without_a_secret_is_told(world):
    world.fleet.store.kept = {}
    with pytest.raises(ValueError, match=r"^memory holds no secret of fleet: make them"):
        world.take("plan")


def test_a_variable_that_wins_over_the_store_is_in_the_way(world):
    world.variables["h1"]["antmedia_secrets"] = {"management": "x" * 40}
    with pytest.raises(ValueError, match=r"antmedia_secrets of h1 \(1 hosts\) has another secret"):
        world.take("plan", mode="now")


def test_whatever_comes_of_a_step_the_store_is_closed_and_heard(world):
    world.fleet.store.notes.append("a hard link")
    world.fleet.store.unlock = types.MethodType(lambda *_args: 1 / 0, world.fleet.store)
    with pytest.raises(ZeroDivisionError):
        world.take("release", plan={"plans": {}})
    assert world.reader.forgotten == ["fleet", "closed"]
    assert world.warned == ["a hard link"]
