"""The gate of a host, with a manager of the system that is made up; the real one is elsewhere."""

from __future__ import annotations

import dataclasses
import os

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    files as _files,
    installed as _installed,
    nginx as _nginx,
    units as _units,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import own as _own


def have(policy):
    gate = _installed.Gate(policy)
    gate.prepare()
    gate.commit()
    gate.start()


def look(policy):
    return _installed.look(policy, _files.wanted(policy, {}) if policy else [])


def test_a_host_without_a_gate(host, policy):
    seen = look(policy)
    assert len(seen.differ) == 8
    assert seen.stopped == _installed.UNITS
    assert seen
    assert f"{_files.CONF} is not as the policy wants it" in seen.texts
    assert not look(None)


def test_the_whole_way_there_and_back(host, policy, secure):
    for wanted in (policy, secure, policy):
        have(wanted)
        assert not look(wanted), look(wanted).texts
        assert set(host.enabled) == {
            *_installed.UNITS,
            *([_units.TLS_WATCH] if wanted.certificate else []),
        }
    before = list(host.asked)
    have(policy)
    done = [words for words in host.asked[len(before) :] if words[0] != "show"]
    assert done == [("enable", "--quiet", *_installed.UNITS)]
    _installed.Gate(None).remove()
    assert not look(None)
    assert host.enabled == host.running == {}
    assert host.accounts == set()
    assert not os.path.exists(host.root / "etc" / "streamward")
    _installed.Gate(None).remove()


def test_nothing_is_put_anywhere_before_nginx_has_taken_it(host, policy):
    host.says("nginx: [emerg] no", 1)
    with pytest.raises(_files.GateError):
        _installed.Gate(policy).prepare()
    assert _files.there() == []
    assert host.accounts == set()


def test_a_changed_policy_restarts_nothing(host, policy):
    have(policy)
    changed = dataclasses.replace(policy, panel=None)
    assert look(changed).differ == (_files.POLICY, _files.CONF)
    mark = len(host.asked)
    have(changed)
    words = {words[0] for words in host.asked[mark:]}
    assert "reload" in words
    assert not {"restart", "stop"} & words
    assert not look(changed)


def test_a_changed_unit_restarts_its_service_only(host, policy):
    have(policy)
    changed = dataclasses.replace(policy, listen=dataclasses.replace(policy.listen, rtmp=443))
    mark = len(host.asked)
    have(changed)
    assert [words for words in host.asked[mark:] if words[0] == "restart"] == [
        ("restart", _units.DAEMON_UNIT)
    ]


def test_accounts_that_somebody_has_removed(host, policy):
    have(policy)
    host.accounts.clear()
    assert look(policy).differ == (_files.ACCOUNTS,)
    have(policy)
    assert len(host.accounts) == 2


def test_a_file_that_is_not_to_be_there_is_seen(host, policy, secure):
    have(secure)
    host.enabled.clear()
    assert look(policy).differ[2:4] == tuple(
        _files.SYSTEM + unit for unit in (_units.TLS_UNIT, _units.TLS_WATCH)
    )
    _installed.Gate(policy).commit()
    assert not [path for path in _files.there() if "tls" in path]


def test_copies_of_a_key_go_with_their_use(host, policy, secure):
    have(secure)
    copies = os.path.dirname(_units.KEY)
    for wanted in (policy, None):
        os.makedirs(copies, exist_ok=True)
        if wanted:
            have(wanted)
        else:
            _installed.Gate(None).remove()
        assert not os.path.lexists(copies)


def test_what_is_referred_to_goes_last(host, policy, monkeypatch):
    have(policy)
    gone = []
    monkeypatch.setattr(_own, "write", lambda path, data, mode: gone.append(path))
    _installed.Gate(None).remove()
    assert gone == [path for path in reversed(_files.PATHS) if "tls" not in path]


def test_what_a_killed_run_did_not_come_to_is_seen(host, policy):
    have(policy)
    changed = dataclasses.replace(policy, panel=None)
    _installed.Gate(changed).commit()
    seen = look(changed)
    assert not seen.differ
    assert seen.faults == ("nginx works by another configuration than the one on the host",)
    have(changed)
    assert not look(changed)


def test_a_run_may_be_killed_anywhere(host, policy, secure, monkeypatch):
    """Before a step or after it: the next one brings the host to what is wanted."""
    write, ask = _own.write, host.ask

    class Killed(BaseException):
        pass

    def dying(work, left):
        def live():
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        def or_die(*arguments):
            live()
            done = work(*arguments)
            live()
            return done

        return or_die

    def remove(_policy):
        _installed.Gate(None).remove()

    ways = ((have, policy), (have, secure), (have, policy), (remove, None))
    for step, (work, wanted) in enumerate(ways):
        for after in range(200):
            left = [after]
            monkeypatch.setattr(_own, "write", dying(write, left))
            monkeypatch.setattr(host, "ask", dying(ask, left))
            try:
                work(wanted)
                whole = True
            except Killed:
                whole = False
            monkeypatch.setattr(_own, "write", write)
            monkeypatch.setattr(host, "ask", ask)
            work(wanted)
            assert not look(wanted), (step, after, look(wanted).texts)
            if whole:
                break
            for other, before in ways[:step]:
                other(before)
        assert whole
        assert after > 10


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        ({"nginx": ""}, "nothing of the gate answers on port 5080"),
        ({"nginx": "0" * 16}, "another configuration"),
        ({"daemon": None}, "daemon does not answer"),
        ({"daemon": {"policy": "x", "why": "it is not JSON"}}, "not taken the policy: it is not"),
        ({"daemon": {"faults": {"rtmp": "port 1935: in use"}}}, "rtmp: port 1935: in use"),
    ],
)
def test_what_does_not_do_its_work_is_named(host, policy, breaks, words, monkeypatch):
    have(policy)
    host.breaks = breaks
    seen = look(policy)
    assert not (seen.differ or seen.stopped or seen.stale)
    assert [text for text in seen.texts if words in text]
    monkeypatch.setattr(_installed, "READY_SECONDS", 0.1)
    with pytest.raises(_files.GateError, match=words):
        _installed.Gate(policy).start()


def test_a_unit_that_does_not_run(host, policy):
    have(policy)
    host.running.pop(_units.NGINX_UNIT)
    seen = look(policy)
    assert (seen.stopped, seen.stale) == ((_units.NGINX_UNIT,), ())
    have(policy)
    assert not look(policy)


def test_units_that_systemd_has_not_read(host, policy):
    have(policy)
    host.unread = True
    assert look(policy).texts == ["systemd has not read the gate's units as they are"]
    have(policy)
    assert not look(policy)


def test_what_was_there_before_is_there_again(host, policy, secure):
    for before in (None, policy, secure):
        if before:
            have(before)
        for wanted in (policy, secure):
            changed = dataclasses.replace(wanted, panel=None)
            gate = _installed.Gate(changed)
            gate.commit()
            gate.start()
            assert not look(changed)
            gate.take_back()
            assert not look(before), look(before).texts
        assert set(host.enabled) == {
            *(_installed.UNITS if before else ()),
            *([_units.TLS_WATCH] if before and before.certificate else []),
        }


def test_a_part_of_a_gate_that_was_there_before_is_there_again(host, policy):
    have(policy)
    os.unlink(_files.ACCOUNTS)
    gate = _installed.Gate(policy)
    gate.commit()
    gate.take_back()
    assert look(policy).differ == (_files.ACCOUNTS,)


def test_a_manager_that_refuses(host, policy):
    host.refuses = ("enable", "reload")
    gate = _installed.Gate(policy)
    gate.commit()
    with pytest.raises(_files.GateError, match="systemctl: no"):
        gate.start()


def test_what_runs_is_asked_as_nginx_itself_would_say(host, policy):
    have(policy)
    assert host.state_paths == {_nginx.STATE_PATH}
