"""The gate of a host in a run: what changes, in which order, and what is taken back."""

from __future__ import annotations

import os

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    files as _files,
    held as _held,
    host as _host,
    installed as _installed,
    of as _of,
    units as _units,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.held import GateError
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
)

SYSTEMD = "systemd"


class Installed:
    """In place of what is really on a host."""

    def __init__(self, policy, before=None, differ=(_files.POLICY,), stale=(), failing=()):
        self.policy, self.before = policy, before
        self.seen = _installed.Look(differ=differ, stale=stale)
        self.failing, self.done = failing, []

    def __getattr__(self, name):
        def do(*_arguments):
            self.done.append(name)
            if name in self.failing:
                raise GateError(name)
            return ("old", "new")

        return do


@pytest.fixture
def run(fake, monkeypatch):
    """The gate of a run, by its policy; `about` is what is on the host."""

    def make(policy, held=None, **about):
        monkeypatch.setattr(
            _installed, "Gate", lambda policy, before=None: Installed(policy, before, **about)
        )
        installation = fake.installation()
        before = held.before if held else None
        wanted = _compile.compile_policy(policy, installation, before_gate=before)
        return _of.gate(wanted, installation, held)

    return make


HELD = _held.Held(None, "", {"http.port": "5080"})


def test_without_a_word_there_is_nothing_to_do(run):
    for gate in (run({}), run({}, HELD), run({"gate": False})):
        assert isinstance(gate, _of.NoGate)
        assert not gate.changed and gate.changes() == []
        gate.prepare(), gate.commit(), gate.finish(), gate.take_back()


def test_what_was_before_is_kept(run):
    gate = run({"gate": True})
    assert gate.before == {
        "http.host": "0.0.0.0",
        "http.port": "5080",
        "rtmp.host": "0.0.0.0",
        "rtmp.port": "1935",
    }
    assert run({"gate": True}, HELD).before == HELD.before


def test_its_steps(run):
    gate = run({"gate": True})
    gate.prepare(), gate.commit(), gate.finish()
    assert gate._gate.done == ["prepare", "commit", "start"]
    gate = run({"gate": False}, HELD)
    assert gate.policy is None
    gate.prepare(), gate.commit(), gate.finish()
    assert gate._gate.done == ["remove"]


def test_nothing_is_done_where_all_is_as_it_is_to_be(run):
    gate = run({"gate": True}, HELD, differ=())
    assert not gate.changed
    gate.prepare(), gate.commit(), gate.finish(), gate.take_back()
    assert gate._gate.done == []


@pytest.mark.parametrize(
    ("policy", "step"), [({"gate": True}, "commit"), ({"gate": False}, "remove")]
)
def test_what_fails_is_taken_back(run, policy, step):
    gate = run(policy, HELD, failing=(step,))
    with pytest.raises(GateError):
        gate.commit()
    assert gate._gate.done == [step, "take_back"]


def test_a_daemon_that_is_started_anew_drops_publishers(run):
    assert run({"gate": True}, HELD, stale=(_units.DAEMON_UNIT,)).drops
    assert not run({"gate": True}, HELD, stale=(_units.NGINX_UNIT,)).drops


def test_changes_name_files_and_keys(run):
    found = run({"gate": True}, differ=(_files.CONF, _files.POLICY)).changes()
    assert found[0]["file"] == _files.CONF and found[0]["key"] == "content"
    keys = {change["key"] for change in found if change["file"] == _files.POLICY}
    assert {"listen.http", "applications.LiveApp.play.kind"} <= keys
    assert {change["apply"] for change in found} == {"none"}


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"manager": "command"}, "systemd does not start this server"),
        ({"uid": 1000}, "needs root on the host; set become"),
        ({"held": "/srv/other"}, "stands in front of /srv/other; a host has one gate"),
        ({"nginx": False}, "the playbook streamward.antmedia.gate installs it"),
        ({}, None),
    ],
)
def test_hosts_that_cannot_have_one(fake, monkeypatch, plain, about, said):
    import json

    from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
        policy as _policy,
    )

    def nginx():
        if not about.get("nginx", True):
            raise GateError("nginx is not installed")

    monkeypatch.setattr(os, "geteuid", lambda: about.get("uid", 0))
    monkeypatch.setattr(_files, "nginx", nginx)
    plain["home"] = about.get("held", "/ams")
    held = _held.Held(_policy.read(json.dumps(plain)), "", {})
    installation = fake.installation()
    found = _host.faults(installation, about.get("manager", SYSTEMD), held)
    assert (said is None and found == []) or said in found[0]
    assert _of.faults(_compile.compile_policy({}, installation), installation, "none", held) == []
