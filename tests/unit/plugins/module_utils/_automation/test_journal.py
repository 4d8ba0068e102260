from __future__ import annotations

import json
import subprocess

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._automation import (
    journal as _journal,
)


def entry(kind, second=0, boot="b", uptime=10**6, **more):
    return {
        "MESSAGE_ID": kind,
        "_BOOT_ID": boot,
        "__REALTIME_TIMESTAMP": str(second * 10**6),
        "__MONOTONIC_TIMESTAMP": str(uptime * 10**6),
        **more,
    }


STARTED, STOPPED = _journal.STARTED, _journal.STOPPED
SCHEDULED, FAILED = _journal.SCHEDULED, _journal.FAILED


@pytest.mark.parametrize(
    ("before", "why", "ordered"),
    [
        ([entry(STOPPED, JOB_TYPE="restart")], "an order to restart it", True),
        ([entry(STOPPED, JOB_TYPE="stop")], "an order to start it after it was stopped", True),
        (
            [
                entry(FAILED, UNIT_RESULT="signal"),
                entry(SCHEDULED, N_RESTARTS="1"),
                entry(STOPPED, JOB_TYPE="restart"),  # systemd words its own restarts like that
            ],
            "systemd, since the server had ended by itself (signal)",
            False,
        ),
        (
            [entry(SCHEDULED)],
            "systemd, since the server had ended by itself (no reason given)",
            False,
        ),
        ([], "an order to start it", True),
        ([entry(STOPPED, JOB_TYPE="restart", boot="a")], "an order to start it", True),
        ([entry(STOPPED, JOB_TYPE=["x"])], "an order to start it after it was stopped", True),
    ],
)
def test_why_it_was_started(before, why, ordered):
    found = list(_journal.starts([*before, entry(STARTED, 7)]))
    assert found == [_journal.Start(7.0, why, ordered)]


def test_the_boot_of_the_host():
    (found,) = _journal.starts([entry(STARTED, uptime=20)])
    assert (found.why, found.ordered) == ("the boot of the host", False)


def test_one_reason_for_one_start():
    told = [entry(STOPPED, JOB_TYPE="restart"), entry(STARTED, 1), entry(STARTED, 2)]
    assert [start.why for start in _journal.starts(told)] == [
        "an order to restart it",
        "an order to start it",
    ]


def said(name, text, second=1):
    return entry("", second, SYSLOG_IDENTIFIER=name, MESSAGE=text)


@pytest.mark.parametrize(
    ("name", "text", "by"),
    [
        (
            "sudo",
            "   alice : TTY=pts/0 ; PWD=/x ; USER=root ; COMMAND=/usr/bin/systemctl restart x",
            "alice by sudo",
        ),
        (
            "sudo",
            "bob : USER=root ; COMMAND=/usr/sbin/service antmedia start",
            "bob by sudo",
        ),
        ("sudo", "bob : PWD=/ ; USER=root ; COMMAND=/usr/bin/ls /x", None),
        ("sudo", "pam_unix(sudo:session): session opened for user root", None),
        ("CRON", "(root) CMD (/opt/check.sh --token SECRET)", "cron of root (/opt/check.sh)"),
        ("crond", "(ams) CMD (   cd / && run-parts /x)", "cron of ams (cd)"),
        ("CRON", "pam_unix(cron:session): session closed for user root", None),
        (_journal.OURS, "Invoked with", "Ansible (streamward.antmedia.settings)"),
        (
            "ansible-ansible.legacy.systemd",
            "Invoked with name=antmedia state=restarted",
            "Ansible (ansible.legacy.systemd)",
        ),
        ("ansible-systemd", "Invoked with name=other", None),
        ("CRON", ["bytes"], None),
        ("CRON", "(x\x1b[2J) CMD (/y)", "cron of x\ufffd[2J (/y)"),
    ],
)
def test_who_runs_things(name, text, by):
    assert list(_journal.ordered([said(name, text)])) == ([(1.0, by)] if by else [])


def test_who_ran_something_before():
    told = [(80.0, "early"), (90.0, "cron"), (91.0, "cron"), (100.5, "alice"), (102.0, "late")]
    assert _journal.before(100.0, told) == ["cron", "alice"]


def test_the_journal_is_asked_once_and_within_bounds(monkeypatch):
    asked = []

    def run(command, **how):
        asked.append((command, how["timeout"]))
        lines = [json.dumps(entry(STARTED, 9)), "no JSON", "[1]", "", '{"a": ' + "[" * 100]
        return subprocess.CompletedProcess(command, 0, "\n".join(lines).encode() + b"\xff")

    monkeypatch.setattr(subprocess, "run", run)
    (start,) = _journal.of_unit(5.7)
    assert start.at == 9
    ((command, seconds),) = asked
    assert {"--since=@5", "_PID=1", "UNIT=antmedia.service"} <= set(command)
    assert [word for word in command if word.startswith("--lines=")]
    assert seconds <= 5
    _journal.orders(5)
    assert "SYSLOG_IDENTIFIER=CRON" in asked[1][0]


@pytest.mark.parametrize("error", [FileNotFoundError(), subprocess.TimeoutExpired("x", 5)])
def test_a_journal_that_does_not_answer(monkeypatch, error):
    def run(*_arguments, **_how):
        raise error

    monkeypatch.setattr(subprocess, "run", run)
    assert _journal.of_unit(0) == [] == _journal.orders(0)


@pytest.mark.parametrize("stamp", [None, "x", "9" * 100, 7.5])
def test_entries_without_a_moment(stamp):
    told = {**entry(STARTED), "__REALTIME_TIMESTAMP": stamp}
    assert [start.at for start in _journal.starts([told])] == [0.0]
