from __future__ import annotations

import json
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    evidence as evidence,
    passes as task,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.machine import Options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    owner as _owner,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import Conflict
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores import (
    Context,
    Store,
)

STREAM, MANAGEMENT = "fleet/LiveApp/stream", "fleet/management"
ALL = task.Selection(("stream", "rest", "management"))


class Memory(Store):
    def __init__(self):
        super().__init__({}, Context())
        self.kept, self.purged = {}, []

    def where(self):
        return "memory"

    def load(self, scope):
        return self.kept.get(scope, {}), None

    def save(self, scope, document, token):
        self.kept[scope] = document

    def scopes(self, fleet=None):
        return sorted(self.kept)

    def purge(self, scope):
        self.purged.append(scope)
        return True


class Fleet:
    """Hosts that do what they are told, as the modules would report it."""

    def __init__(self, *names, scopes=(STREAM, MANAGEMENT)):
        self.store = Memory()
        for scope in scopes:
            self.store.present(scope)
        self.held = {name: {s: self.mark(s, "current") for s in scopes} for name in names}
        self.troubles, self.ways, self.failing = {}, {}, {}

    def mark(self, scope, version):
        return self.store.kept[scope].get(version, {}).get("fingerprint", "")

    @property
    def hosts(self):
        return {
            name: evidence.Host(
                "fleet",
                self.troubles.get(name, ""),
                ()
                if self.troubles.get(name)
                else tuple(
                    evidence.Use(
                        scope,
                        "LiveApp" if scope == STREAM else "",
                        _document.Scope.parse(scope).realm,
                        mark,
                        True,
                        ("play",) if scope == STREAM else ("management_jwt",),
                    )
                    for scope, mark in marks.items()
                ),
                "enterprise",
            )
            for name, marks in self.held.items()
        }

    def plan(self, mode="auto", selection=ALL, **options):
        passes, refusals = task.make_passes(
            self.store.kept, self.hosts, Options(mode, **options), selection, time.time()
        )
        return json.loads(json.dumps(passes)), refusals  # as it comes back through Ansible

    def begin(self, work, quorum="all", lead=None, batches=(1,), check=False):
        preflight = {
            host: {"way": self.ways.get(host, "live"), **self.failing.get(host, {})}
            for host in work["hosts"]
        }
        return json.loads(
            json.dumps(
                task.begin(
                    self.store, work, self.hosts, preflight, quorum,
                    task.Timing(None, lead, time.time), list(batches), check,
                )
            )
        )  # fmt: skip

    def exchange(self, begun, skip=()):
        """Give every host its secrets; returns what settings and probe report."""
        before = self.hosts
        changes, proofs = {}, {}
        for host, orders in begun["hosts"].items():
            if host in skip:
                continue
            for use in orders["give"]:
                self.held[host][use["scope"]] = self.mark(use["scope"], use["version"])
            if orders["give"]:
                changes[host] = {
                    "fingerprints": {
                        "management": self.held[host].get(MANAGEMENT, ""),
                        "apps": {"LiveApp": {"stream": self.held[host].get(STREAM, "")}},
                    },
                    "switched_at": 1000.0 + 0.1 * len(changes),
                }
            proofs[host] = self.proof()
        self.before = before
        return changes, proofs

    @staticmethod
    def proof(outcome="enforced"):
        names = (("LiveApp", "play"), ("", "management-jwt"))
        return {
            "controls": [
                {"app": app, "control": control, "outcome": outcome, "reason": "why"}
                for app, control in names
            ],
            "probes": [
                {"app": app, "control": control, "case": evidence.PREVIOUS_CASE, "came": "refused"}
                for app, control in names
            ],
        }

    def finish(self, begun, changes, proofs, mode="auto", **options):
        return task.finish(
            self.store, begun, self.before, changes, proofs, Options(mode, **options), False,
            time.time,
        )  # fmt: skip


def test_nothing_to_do_is_nothing():
    assert Fleet("h1", "h2").plan() == ([], [])


def test_a_rotation_from_end_to_end():
    fleet = Fleet("h1", "h2")
    old = {scope: fleet.mark(scope, "current") for scope in (STREAM, MANAGEMENT)}
    passes, refusals = fleet.plan("now")
    assert refusals == [] and [work["name"] for work in passes] == ["applications", "management"]
    for work, scope in zip(passes, (STREAM, MANAGEMENT), strict=True):
        assert work["hosts"]["h1"]["try"][0]["version"] == "trial"
        assert old[scope] in work["lines"][1] and "refused by each host" in work["lines"][1]
        begun = fleet.begin(work)
        assert "lock" in fleet.store.kept[scope]
        assert begun["hosts"]["h1"]["give"][0]["version"] == "pending"
        assert begun["hosts"]["h1"]["old"][0]["version"] == "current"
        assert begun["live"] == ["h1", "h2"] and begun["batches"] == []
        done = fleet.finish(begun, *fleet.exchange(begun), grace=999)
        (record,) = done["records"]
        assert record["outcome"] == "promoted" and not done["unfinished"]
        assert record["from"] == old[scope] == fleet.mark(scope, "previous")
        assert record["to"] == fleet.mark(scope, "current")
        assert record["proved"] == ["h1", "h2"] and record["skew_seconds"] == 0.1
        assert "lock" not in fleet.store.kept[scope]
        assert "promoted " + scope in done["summary"] and "within 0.1 s" in done["summary"]
    assert fleet.plan(grace=999) == ([], [])
    secrets = [entry["secret"] for d in fleet.store.kept.values() for entry in
               _document.versions(d).values()]  # fmt: skip
    assert not any(secret in json.dumps([passes, begun, done]) for secret in secrets)


def test_without_grace_the_old_secret_goes_at_once():
    fleet = Fleet("h1", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=0)
    assert not fleet.mark(STREAM, "previous") and fleet.store.purged == [STREAM]


def test_retiring_needs_no_host():
    fleet = Fleet("h1", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=99)
    passes, _refusals = fleet.plan(grace=0)
    begun = fleet.begin(passes[0])
    assert passes[0]["hosts"] == {} and begun["hosts"] == {} and begun["lines"] == []
    fleet.exchange(begun)
    done = fleet.finish(begun, {}, {})
    assert done["records"][0]["outcome"] == "retired" and not fleet.mark(STREAM, "previous")


def test_the_selection():
    fleet = Fleet("h1")
    assert [w["name"] for w in fleet.plan("now", task.Selection(("stream",)))[0]] == [
        "applications"
    ]
    assert fleet.plan("now", task.Selection(("stream", "rest"), ("other",))) == ([], [])
    # Who names applications does not ask for new secrets, and restarts, of the whole fleet.
    passes, _refusals = fleet.plan("now", task.Selection(ALL.realms, ("LiveApp",)))
    assert [list(work["plans"]) for work in passes] == [[STREAM]]


def test_a_refusal_of_one_scope_is_told():
    fleet = Fleet("h1", "h2")
    fleet.troubles["h2"] = "cannot be reached"
    passes, refusals = fleet.plan("now")
    assert passes == [] and len(refusals) == 2 and "h2: cannot be reached" in refusals[0]


def test_a_preflight_that_fails_anywhere_stages_nothing():
    fleet = Fleet("h1", "h2", "h3")
    work = fleet.plan("now")[0][0]
    fleet.failing = {
        "h1": {"failed": True, "msg": "h1: the policy\ncannot"},
        "h2": {"restart_required": True, "reasons": ["jwtStreamSecretKey"]},
    }
    before = json.dumps(fleet.store.kept)
    with pytest.raises(task.RotationRefused) as told:
        fleet.begin(work)
    assert len(told.value.faults) == 2 and "h1: the policy cannot" in str(told.value)
    assert "h2: would need a restart for jwtStreamSecretKey" in str(told.value)
    assert json.dumps(fleet.store.kept) == before


def test_a_host_lost_after_the_plan():
    fleet = Fleet("h1", "h2")
    work = fleet.plan("now")[0][0]
    fleet.failing = {"h2": {"unreachable": True}}
    with pytest.raises(task.RotationRefused, match=r"not enough hosts .*h2: cannot be reached any"):
        fleet.begin(work)
    begun = fleet.begin(work, quorum=1)
    assert begun["live"] == ["h1"] and set(begun["hosts"]) == {"h1"}
    done = fleet.finish(begun, *fleet.exchange(begun), quorum=1)
    assert done["records"][0]["missing"] == {"h2": "cannot be reached any more"}
    assert done["records"][0]["outcome"] == "promoted"


def test_a_check_touches_nothing():
    fleet = Fleet("h1", scopes=[STREAM])
    before = json.dumps(fleet.store.kept)
    begun = fleet.begin(fleet.plan("now")[0][0], check=True)
    assert "1 host would switch at one instant, without" in begun["lines"][0]
    assert json.dumps(fleet.store.kept) == before


def test_a_store_that_changed_after_the_plan_stops_the_run_and_leaves_no_lock():
    fleet = Fleet("h1", scopes=[STREAM])
    work = fleet.plan("now")[0][0]
    fleet.store.stage(STREAM)
    with pytest.raises(Conflict, match="changed meanwhile"):
        fleet.begin(work)
    assert "lock" not in fleet.store.kept[STREAM]


def test_another_run_is_kept_out(monkeypatch):
    fleet = Fleet("h1", scopes=[STREAM])
    work = fleet.plan("now")[0][0]
    fleet.begin(work)
    mine = _owner.identity()
    monkeypatch.setattr(_owner, "identity", lambda: {**mine, "run": "another"})
    _passes, refusals = fleet.plan("now")
    assert "works on it since" in refusals[0]
    with pytest.raises(_document.Locked):
        fleet.begin(work)


def test_what_is_not_proved_is_not_promoted_and_the_next_run_goes_on():
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    changes, proofs = fleet.exchange(begun)
    proofs["h2"] = fleet.proof("not enforced")
    done = fleet.finish(begun, changes, proofs)
    assert done["unfinished"] and done["records"][0]["outcome"] == "not finished"
    assert done["records"][0]["unproved"] == {"h2": "LiveApp: play not enforced: why"}
    assert "1 host (h2): LiveApp: play not enforced" in done["lines"][0]
    assert "antmedia_rotation=abort" in done["summary"]
    assert fleet.mark(STREAM, "pending") and "lock" not in fleet.store.kept[STREAM]
    passes, _refusals = fleet.plan()
    assert passes[0]["plans"][STREAM]["steps"] == ["prove", "promote"]
    begun = fleet.begin(passes[0])
    assert begun["hosts"]["h1"]["give"] == [] and begun["hosts"]["h1"]["new"]
    done = fleet.finish(begun, *fleet.exchange(begun))
    assert done["records"][0]["outcome"] == "promoted"


def test_aborting():
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    changes, proofs = fleet.exchange(begun, skip=["h2"])
    proofs["h2"] = fleet.proof()
    assert fleet.finish(begun, changes, proofs)["records"][0]["missing"] == {"h2": "went away"}
    begun = fleet.begin(fleet.plan("abort")[0][0])
    assert begun["live"] == ["h1", "h2"]  # h2 too: it may be about to switch
    assert begun["hosts"]["h1"]["give"][0]["version"] == "current"
    assert begun["hosts"]["h1"]["old"][0]["version"] == "pending"
    done = fleet.finish(begun, *fleet.exchange(begun), mode="abort")
    assert done["records"][0]["outcome"] == "aborted" and not fleet.mark(STREAM, "pending")
    assert fleet.held["h1"] == fleet.held["h2"] == {STREAM: fleet.mark(STREAM, "current")}
    assert fleet.store.purged == [STREAM]


def test_a_host_that_missed_a_rotation_is_brought_up_while_another_is_still_away():
    fleet = Fleet("h1", "h2", "h3", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=999)
    fleet.held["h2"][STREAM] = fleet.mark(STREAM, "previous")
    fleet.troubles["h3"] = "cannot be reached"
    begun = fleet.begin(fleet.plan(grace=999)[0][0])
    assert begun["hosts"]["h2"]["old"][0]["version"] == "previous"
    done = fleet.finish(begun, *fleet.exchange(begun), grace=999)
    assert done["records"][0]["outcome"] == "brought up" and not done["unfinished"]
    assert fleet.held["h2"][STREAM] == fleet.mark(STREAM, "current")


def test_hosts_that_restart_come_in_batches_and_after_the_others():
    fleet = Fleet(*(f"h{number:02}" for number in range(12)), scopes=[STREAM])
    fleet.ways = {f"h{number:02}": "restart" for number in range(2, 12)}
    begun = fleet.begin(fleet.plan("now")[0][0], batches=[1, "30%", "100%"])
    assert begun["live"] == ["h00", "h01"]
    assert [len(batch) for batch in begun["batches"]] == [1, 3, 6]
    assert "will restart, one batch after the other" in begun["lines"][0]
    done = fleet.finish(begun, *fleet.exchange(begun))
    assert done["records"][0]["skew_seconds"] == 0.1  # of those that switch together


@pytest.mark.parametrize(
    "count, batches, sizes",
    [(5, [2], [2, 2, 1]), (5, ["50%"], [3, 2]), (0, [1], []), (3, [], [3]), (3, [9], [3]),
     (4, ["1%", 2], [1, 2, 1])],
)  # fmt: skip
def test_batches(count, batches, sizes):
    hosts = [f"h{number}" for number in range(count)]
    found = task.split(hosts, batches)
    assert [len(batch) for batch in found] == sizes and [
        h for batch in found for h in batch
    ] == hosts


def test_the_instant_follows_the_preflight_unless_the_operator_says():
    assert task.Timing(None, None, time.time).ahead(1000.0) == 5.0
    # To prepare takes as long again, and to call it off too.
    assert task.Timing(980.0, None, time.time).ahead(1000.0) == 52.0
    assert task.Timing(980.0, 3.5, time.time).ahead(1000.0) == 3.5
    # Locks hold while a batch drains, too.
    assert task.Timing(980.0, 3.5, time.time, 3600.0).hold(3.5) > 3600.0 + 3 * 3.5


def test_a_clock_that_is_off_stops_it():
    fleet = Fleet("h1", "h2", "h3", scopes=[STREAM])
    fleet.failing = {"h1": {"clock_ahead": -61.2}, "h2": {"clock_ahead": 4.0}}
    with pytest.raises(task.RotationRefused, match="h1: its clock is 61 s behind") as told:
        fleet.begin(fleet.plan("now")[0][0])
    assert len(told.value.faults) == 1
    fleet.failing = {"h3": {"clock_ahead": 11.0}}
    with pytest.raises(task.RotationRefused, match="h3: its clock is 11 s ahead of"):
        fleet.begin(fleet.plan("now")[0][0])


WAITS, FAILED, GONE = {"cutover_pid": 1}, {"failed": True}, {"unreachable": True}


@pytest.mark.parametrize(
    "prepared, quorum, took, call_off, said",
    [
        ([WAITS, WAITS, WAITS], "all", 20, [], ""),
        ([WAITS, FAILED, WAITS], "all", 20, ["h1", "h3"], "called off: h2 cannot"),
        ([WAITS, FAILED, WAITS], 1, 20, ["h1", "h3"], "called off: h2 cannot"),
        # As long as hosts need to prepare they need to be told the contrary.
        ([WAITS, FAILED, WAITS], "all", 26, [], "too late to call off"),
        ([WAITS, GONE, WAITS], "all", 20, ["h1", "h3"], "called off: h2 cannot"),
        ([WAITS, GONE, WAITS], "100%", 20, ["h1", "h3"], "called off: h2 cannot"),
        ([WAITS, GONE, WAITS], 2, 20, [], ""),
        ([WAITS, GONE, None], 2, 20, ["h1"], "called off: h2, h3 cannot"),
        ([{}, FAILED, {}], "all", 20, [], ""),
    ],
)
def test_a_cutover_is_called_off_on_all_or_on_none(prepared, quorum, took, call_off, said):
    fleet = Fleet("h1", "h2", "h3", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now", quorum=quorum)[0][0], quorum, lead=52.0)
    found = dict(zip(begun["live"], prepared, strict=True))
    done = task.decide(begun, found, quorum, begun["told_at"] + took)
    assert done["call_off"] == call_off and said in " ".join(done["lines"])
    assert bool(done["lines"]) == bool(said)


def test_a_host_that_is_missed_by_nobody_calls_nothing_off():
    """Bringing up a host after a rotation needs no other."""
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=999)
    fleet.held = {name: {STREAM: fleet.mark(STREAM, "previous")} for name in fleet.held}
    begun = fleet.begin(fleet.plan(grace=999)[0][0])
    assert task.decide(begun, {"h1": WAITS, "h2": GONE}, "all", 0.0)["call_off"] == []


def test_a_host_that_failed_stops_the_batches():
    assert task.stopped_by({"h1": {}, "h2": GONE, "h3": {"skipped": True}}) == []
    assert task.stopped_by({"h1": {}, "h2": FAILED}) == ["h2"]


def test_an_abort_that_cannot_end_is_no_success():
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    changes, proofs = fleet.exchange(begun, skip=["h2"])
    fleet.finish(begun, changes, proofs)
    fleet.troubles["h2"] = "cannot be reached"
    begun = fleet.begin(fleet.plan("abort")[0][0])
    done = fleet.finish(begun, *fleet.exchange(begun), mode="abort")
    assert done["records"][0]["outcome"] == "not finished" and done["unfinished"]
    assert fleet.mark(STREAM, "pending")


def test_an_abort_with_nothing_to_go_back_from_destroys_nothing():
    fleet = Fleet("h1", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now")[0][0])
    fleet.finish(begun, *fleet.exchange(begun), grace=999)
    assert fleet.plan("abort", grace=0) == ([], [])


def test_without_grace_a_host_that_is_excused_keeps_what_it_holds_in_the_store():
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    begun = fleet.begin(fleet.plan("now", quorum=1)[0][0], quorum=1)
    done = fleet.finish(begun, *fleet.exchange(begun, skip=["h2"]), quorum=1, grace=0)
    assert done["records"][0]["outcome"] == "promoted"
    assert fleet.mark(STREAM, "previous") == fleet.held["h2"][STREAM]


def test_what_was_done_is_told_though_the_store_fails_later(monkeypatch):
    fleet = Fleet("h1")
    begun = fleet.begin(fleet.plan("now")[0][0])
    outcome = fleet.exchange(begun)

    def fails(*_args):
        raise Conflict("sealed")

    monkeypatch.setattr(fleet.store, "unlock", fails)
    assert fleet.finish(begun, *outcome, grace=9)["records"][0]["outcome"] == "promoted"
    begun = fleet.begin(fleet.plan("now")[0][-1])
    outcome = fleet.exchange(begun)
    monkeypatch.setattr(fleet.store, "promote", fails)
    done = fleet.finish(begun, *outcome, grace=9)
    assert done["unfinished"] and done["records"][0]["failure"] == "sealed"
    assert "not finished: sealed" in done["lines"][0]


def test_what_a_variable_may_give():
    fleet = Fleet("h1", "h2")
    known = {scope: {fleet.mark(scope, "current")} for scope in (STREAM, MANAGEMENT)}
    assert task.allowed(fleet.store.kept, []) == known
    passes, _refusals = fleet.plan("now", task.Selection(("stream",)))
    assert task.allowed(fleet.store.kept, passes) == {**known, STREAM: set()}
    begun = fleet.begin(passes[0])
    fleet.exchange(begun, skip=["h2"])
    passes, _refusals = fleet.plan()
    pending = {fleet.mark(STREAM, "pending")}
    assert task.allowed(fleet.store.kept, passes) == {**known, STREAM: pending}


def test_a_scope_that_no_host_uses_stands_in_nobodys_way():
    fleet = Fleet("h1", scopes=[STREAM])
    fleet.store.present("fleet/unused/stream")
    assert fleet.plan("now", quorum="90%")[1] == []


def test_a_scope_that_only_an_absent_host_may_use_waits_for_it():
    """It would be the only one that counts, and veto what it may have no part in."""
    fleet = Fleet("h1", "h2", scopes=[STREAM])
    fleet.store.present("fleet/unused/stream")
    fleet.troubles["h2"] = "cannot be reached"
    passes, refusals = fleet.plan("now", quorum=1)
    assert refusals == [] and [list(work["plans"]) for work in passes] == [[STREAM]]
    # With nobody there, nobody can say who uses what.
    fleet.troubles["h1"] = "cannot be reached"
    assert len(fleet.plan("now", quorum=1)[1]) == 2


def test_what_several_passes_need_is_tried_together_before_the_first():
    fleet = Fleet("h1", "h2")
    passes, _refusals = fleet.plan("now")
    tried = task.together(passes)
    assert {use["scope"] for use in tried["h2"]} == {STREAM, MANAGEMENT} and len(tried) == 2
    assert task.together(passes[:1]) == {}
    task.refuse_unable(sorted(tried), {"h1": {"way": "restart"}, "h2": GONE})
    with pytest.raises(task.RotationRefused, match="nothing was changed: on air"):
        task.refuse_unable(sorted(tried), {"h1": {"failed": True, "msg": "on air"}, "h2": {}})


def test_a_later_pass_that_is_refused_says_what_was_done():
    fleet = Fleet("h1")
    applications, management = fleet.plan("now")[0]
    fleet.failing = {"h1": {"failed": True, "msg": "on air"}}
    with pytest.raises(task.RotationRefused, match=r"^nothing was changed: on air"):
        fleet.begin(applications)
    with pytest.raises(task.RotationRefused, match=r"^the secrets of applications were exchanged"):
        fleet.begin(management)


@pytest.mark.parametrize("quorum, found", [("all", ["h2"]), ("90%", ["h2"]), ("50%", [])])
def test_hosts_that_are_not_there_are_told_unless_the_quorum_excuses_them(quorum, found):
    fleet = Fleet("h1", "h2")
    fleet.troubles["h2"] = "its server does not run"
    assert list(task.absent(fleet.hosts, quorum)) == found


def test_batches_are_named_where_they_are_wrong():
    with pytest.raises(ValueError, match="antmedia_batches: 'some'"):
        task.split(["h1"], ["some"])


def test_many_hosts_are_named_briefly():
    fleet = Fleet(*(f"h{number:02}" for number in range(40)), scopes=[STREAM])
    line = fleet.plan("now")[0][0]["lines"][0]
    assert "cutover on 40 hosts (h00, h01, h02, h03, h04 and 35 more)" in line


def test_fingerprints_name_secrets_and_nothing_else_does():
    fleet = Fleet("h1", scopes=[STREAM])
    secret = fleet.store.kept[STREAM]["current"]["secret"]
    assert fleet.mark(STREAM, "current") == fingerprint(secret)


@pytest.mark.parametrize("batches", [[1, "0%"], [-1], ["100%", "nan%"], [None], [1, 0]])
@pytest.mark.parametrize("hosts", [[], ["a"]])
def test_batches_are_checked_to_the_last_even_for_nobody(hosts, batches):
    with pytest.raises(ValueError, match="antmedia_batches: "):
        task.split(hosts, batches)
