"""What the guard does at a start, with a server that comes up well, open, broken or not at all."""

from __future__ import annotations

import dataclasses
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    program as _program,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    installation as _installation,
    lock as _lock,
    process as _process,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    management as _management,
    ready as _ready,
)

LATER = 1e9  # a time of time.monotonic() that does not come


@pytest.fixture
def said(monkeypatch):
    """What goes to the journal, as pairs of level and text."""
    lines = []
    monkeypatch.setattr(_program.syslog, "syslog", lambda *line: lines.append(line))
    return lines


@pytest.fixture
def firewall(monkeypatch):
    """The ports that are closed; `broken` makes every attempt fail."""

    class Firewall:
        ports = None
        broken = ""

        def close(self, ports):
            self._may()
            self.ports = ports

        def open_again(self):
            self._may()
            self.ports = None

        def closed(self):
            return self.ports is not None

        def _may(self):
            if self.broken:
                raise _firewall.FirewallError(self.broken)

    found = Firewall()
    for name in ("close", "open_again", "closed"):
        monkeypatch.setattr(_firewall, name, getattr(found, name))
    return found


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(_program, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(_program, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(_ready, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(_ready, "FORK_SECONDS", 0.05)


@pytest.fixture
def guarded(home, ams, fake, quick):
    """A server whose files ask for tokens everywhere; how it starts is the test's."""
    server = home / "conf" / "red5.properties"
    with server.open("ab") as stream:
        stream.write(b"\nserver.jwtServerControlEnabled=true\n")
        stream.write("server.jwtServerSecretKey={management}\n".format(**fake.SECRETS).encode())
    for app in ("LiveApp", "events"):
        with open(_installation.app_path(str(home), app), "ab") as stream:
            stream.write(b"\njwtControlEnabled=true\n")
            stream.write("jwtSecretKey={rest}\n".format(**fake.SECRETS).encode())
    ams.stop()
    ams.log.write_text("")
    return ams


@pytest.fixture
def without_management(guarded, home):
    path = home / "conf" / "red5.properties"
    path.write_bytes(path.read_bytes().replace(b"ControlEnabled=true", b"ControlEnabled=false"))
    return guarded


@pytest.fixture
def service(home):
    return _service.Service(str(home), "systemd")


@pytest.fixture
def starts(tmp_path):
    return _program.Starts(str(tmp_path / "run"))


def prove(home, service):
    return _program.prove(str(home), service, service.process(), LATER)


def check(home, starts, patience=0.2):
    return _program.check(str(home), patience, starts)


# --- ports ---


def test_ports_of_the_servers_own_file(home):
    path = home / "conf" / "red5.properties"
    path.write_text("http.port=80\nrtmp.port = 1936 \nserver.srt_port=4201\n")
    assert _program.ports(str(home)) == {"tcp": {80, 5443, 1936, 8443}, "udp": {4201}}


@pytest.mark.parametrize("text", ["http.port=x\n", "http.port=0\n", "http.port=65536\n", "\\u12"])
def test_ports_of_a_file_that_names_none(home, text):
    (home / "conf" / "red5.properties").write_text(text)
    assert _program.ports(str(home)) == {"tcp": {5080, 5443, 1935, 8443}, "udp": {4200}}


def test_ports_without_a_file(tmp_path):
    assert 5080 in _program.ports(str(tmp_path))["tcp"]


# --- prove ---


def test_a_good_start(guarded, home, service, fake):
    guarded.start()
    before = fake.snapshot(home / "webapps")
    assert prove(home, service) == {}
    assert fake.snapshot(home / "webapps") == before
    assert not any(path.startswith("POST") for path in guarded.web.paths())


def test_an_open_start_is_healed_and_the_files_stay(guarded, home, service, fake):
    before = fake.snapshot(home / "webapps")
    guarded.open_starts = 1
    guarded.start()
    healed = prove(home, service)
    assert sorted(healed) == ["LiveApp", "events"]
    assert "jwtControlEnabled" in healed["LiveApp"]
    assert guarded.memory["events"]["jwtControlEnabled"] is True
    assert fake.snapshot(home / "webapps") == before


def test_no_application_is_asked_before_it_has_started(guarded, home, service):
    guarded.silent = ["events"]
    guarded.start()
    with pytest.raises(_ready.NotReady, match="events has not started"):
        _program.prove(str(home), service, service.process(), time.monotonic() + 0.1)
    assert not any("/events/" in path for path in guarded.web.paths())


def test_an_application_that_the_first_request_opens(guarded, home, service, monkeypatch):
    """The server lists one that still loads, and its log may say nothing."""
    with open(_installation.app_path(str(home), "events"), "ab") as stream:
        stream.write(b"\npublishJwtControlEnabled=true\n")
    guarded.start()
    ask = _ready.wait_answering

    def open_by_asking(*arguments):
        ask(*arguments)
        guarded.memory["events"]["publishJwtControlEnabled"] = False

    monkeypatch.setattr(_ready, "wait_answering", open_by_asking)
    assert prove(home, service) == {"events": ["publishJwtControlEnabled"]}
    assert guarded.memory["events"]["publishJwtControlEnabled"] is True


def test_a_server_that_does_not_take_what_is_posted(guarded, home, service):
    guarded.open_starts = 1
    guarded.deaf = ["LiveApp"]
    guarded.start()
    with pytest.raises(_ready.NotReady, match="LiveApp does not hold"):
        prove(home, service)


def test_an_application_that_is_open_although_it_holds_its_settings(
    guarded, home, service, monkeypatch
):
    guarded.start()
    monkeypatch.setattr(_app, "open_apps", lambda installation: ["events"])
    with pytest.raises(_ready.NotReady, match="events answers without a token"):
        prove(home, service)


def test_an_open_start_that_nobody_can_heal(without_management, home, service):
    without_management.open_starts = 1
    without_management.start()
    with pytest.raises(_program.Open, match="LiveApp, events came up"):
        prove(home, service)


def test_what_nobody_can_tell_is_no_proof(without_management, home, service):
    """Without tokens on its REST API an application's start cannot be told good from open."""
    path = _installation.app_path(str(home), "events")
    with open(path, "ab") as stream:
        stream.write(b"\njwtControlEnabled=false\n")
    without_management.start()
    with pytest.raises(_ready.NotReady, match="nobody can ask what application events holds"):
        prove(home, service)


def test_older_servers_do_not_come_up_open(without_management, home, service, monkeypatch):
    monkeypatch.setattr(_versions, "OPEN_STARTS", (9, 9))
    with open(_installation.app_path(str(home), "events"), "ab") as stream:
        stream.write(b"\njwtControlEnabled=false\n")
    without_management.start()
    assert prove(home, service) == {}


@pytest.mark.parametrize("step", [-3600, 1, 3600])
def test_a_clock_that_is_set_meanwhile(guarded, home, service, step, monkeypatch):
    """It moves what /proc says of the start in Unix seconds, and nothing else."""
    guarded.start()
    process = service.process()
    moved = dataclasses.replace(process, started=process.started + step)
    monkeypatch.setattr(guarded, "process", moved)
    assert _program.prove(str(home), service, process, LATER) == {}


@pytest.mark.parametrize("again", [False, True])
def test_a_server_that_ends_meanwhile(guarded, home, service, again):
    guarded.start()
    process = service.process()
    guarded.stop()
    if again:
        guarded.start()
    with pytest.raises(_program.Gone):
        _program.prove(str(home), service, process, LATER)


def test_a_server_that_has_run_for_long_is_not_waited_for(guarded, home, service):
    """Its log may be gone, and what it said with it."""
    guarded.start()
    guarded.log.unlink()
    guarded.process = _process.Process(1, time.time() - 10000, {})
    assert prove(home, service) == {}


# --- the commands ---


def test_close(home, firewall, said):
    assert _program.main(["close", str(home)]) == 0
    assert firewall.ports == _program.ports(str(home))
    assert said == [
        (6, "closed to all but this host until checked: 1935, 4200, 5080, 5443, 8443"),
    ]


def test_a_start_ends_where_the_ports_cannot_be_closed(home, firewall, said):
    firewall.broken = "nft: no"
    assert _program.main(["close", str(home)]) == 1
    assert said == [(3, "the server is not started, since its ports cannot be closed: nft: no")]


def test_open(home, firewall, said):
    assert _program.main(["open", str(home)]) == 0
    assert said == []
    firewall.close({})
    assert _program.main(["open", str(home)]) == 0
    assert (firewall.closed(), said) == (False, [(6, "opened")])
    firewall.close({})
    firewall.broken = "nft: no"
    assert _program.main(["open", str(home)]) == 1
    assert said[-1] == (3, "the ports stay closed: nft: no")


def test_check_opens(guarded, home, firewall, said, starts):
    firewall.close({})
    guarded.start()
    assert check(home, starts) == 0
    assert not firewall.closed()
    assert [text for _level, text in said] == ["checked", "opened"]


def test_check_tells_what_it_healed(guarded, home, firewall, said, starts, fake):
    firewall.close({})
    guarded.open_starts = 1
    guarded.start()
    assert check(home, starts) == 0
    assert not firewall.closed()
    level, text = said[0]
    assert (level, text[:31]) == (4, "application LiveApp came up ope")
    assert "jwtControlEnabled" in text
    assert said[-2] == (6, "checked, 2 healed")
    assert not any(secret in str(said) for secret in fake.SECRETS.values())


def test_check_tries_again(guarded, home, firewall, said, starts):
    firewall.close({})
    guarded.open_starts = 1
    guarded.refusing = {"LiveApp": 2}
    guarded.start()
    assert check(home, starts, patience=30) == 0
    assert not firewall.closed()
    again = [text for _level, text in said if "trying again" in text]
    assert again == [
        "still closed, trying again: application LiveApp: the server refused: not today"
    ]


def test_check_gives_up_closed(guarded, home, firewall, said, starts, fake):
    firewall.close({})
    guarded.open_starts = 1
    guarded.deaf = ["LiveApp"]
    guarded.start()
    assert check(home, starts) == 1
    assert firewall.closed()
    level, text = said[-1]
    assert level == 3
    assert text.startswith("THE SERVER STAYS CLOSED to all but this host: application LiveApp does")
    assert "systemctl start streamward-boot-guard.service" in text
    assert not any(secret in str(said) for secret in fake.SECRETS.values())


def test_check_closes_what_is_open(guarded, home, firewall, said, starts):
    """After it was killed, or stopped and started again."""
    seen = []
    guarded.start()
    guarded.web.answers = SeenBy(guarded, lambda: seen.append(firewall.closed()))
    assert check(home, starts) == 0
    assert set(seen) == {True}
    assert [text for _level, text in said][1:] == ["checked", "opened"]


def test_rules_that_somebody_has_flushed_come_back(guarded, home, firewall, said, starts):
    firewall.close({})
    guarded.open_starts = 1
    guarded.deaf = ["LiveApp"]
    guarded.start()
    guarded.web.answers = SeenBy(guarded, firewall.open_again)
    assert check(home, starts) == 1
    assert firewall.closed()


class SeenBy:
    """The answers of a server, with something done at each request."""

    def __init__(self, server, what):
        self.server, self.what = server, what

    def get(self, *arguments):
        self.what()
        return self.server.get(*arguments)


def test_check_without_a_firewall_says_nothing_of_closed_ports(
    guarded, home, firewall, said, starts
):
    firewall.broken = "nft: no"
    guarded.start()
    assert check(home, starts) == 1
    assert said == [(3, "not checked, since the ports cannot be closed: nft: no")]


def test_check_waits_for_a_run(guarded, home, firewall, said, starts):
    firewall.close({})
    guarded.start()
    with _lock.hold(str(home), 0):
        assert check(home, starts) == 1
    assert firewall.closed()
    assert "another run works on this host" in said[-1][1]


def test_check_without_a_server(guarded, home, firewall, said, starts):
    firewall.close({})
    assert check(home, starts) == 1
    assert firewall.closed()
    level, text = said[-1]
    assert level == 3
    assert text.startswith("THE SERVER STAYS CLOSED to all but this host: no server runs.")


@pytest.mark.parametrize("another", [True, False])
def test_check_of_a_server_that_ends(guarded, home, firewall, said, starts, monkeypatch, another):
    """Its unit has the check end and the ports open; should it not, the check does not end well."""
    firewall.close({})
    guarded.start()

    with monkeypatch.context() as patch:

        def end(*_ignored):
            patch.undo()
            guarded.stop()
            if another:
                guarded.start()
            raise _management.RestError("no answer")

        patch.setattr(_program._heal, "heal", end)
        assert check(home, starts) == (0 if another else 1)
    assert firewall.closed() is not another
    assert "has ended; looking for another" in said[0][1]


def test_check_starts_again_where_nobody_can_heal(
    without_management, home, firewall, said, starts, monkeypatch
):
    asked = []
    monkeypatch.setattr(
        _service.Service, "restart_in_background", lambda self: asked.append(self.manager)
    )
    firewall.close({})
    for number in range(_program.MORE_STARTS):
        without_management.open_starts = 1
        without_management.start()
        assert check(home, starts) == 0
        assert asked == ["systemd"] * (number + 1)
        assert starts.count() == number + 1
    without_management.open_starts = 1
    without_management.start()
    assert check(home, starts) == 1
    assert len(asked) == _program.MORE_STARTS
    assert firewall.closed()
    assert "came up with its security off 3 times in a row" in said[-1][1]
    assert starts.count() == 0


def test_a_good_start_forgets_the_open_ones(without_management, home, firewall, said, starts):
    firewall.close({})
    starts.add()
    without_management.start()
    assert check(home, starts) == 0
    assert (starts.count(), firewall.closed()) == (0, False)


def test_a_restart_that_is_refused(without_management, home, firewall, said, starts, monkeypatch):
    def refuse(_self):
        raise _service.ServiceError("systemctl: no")

    monkeypatch.setattr(_service.Service, "restart_in_background", refuse)
    firewall.close({})
    without_management.open_starts = 1
    without_management.start()
    assert check(home, starts) == 1
    assert firewall.closed()
    assert "STAYS CLOSED" in said[-1][1]


@pytest.mark.parametrize(
    ("code", "status", "closed"),
    [
        ("killed", "TERM", False),  # stopped
        ("killed", "KILL", True),  # no memory left
        ("exited", "1", True),  # it failed
        ("exited", "0", True),  # another start is on its way
        (None, None, True),
    ],
)
def test_a_check_that_was_stopped_opens(home, firewall, said, monkeypatch, code, status, closed):
    for name, text in (("EXIT_CODE", code), ("EXIT_STATUS", status)):
        monkeypatch.delenv(name, raising=False)
        if text:
            monkeypatch.setenv(name, text)
    firewall.close({})
    assert _program.main(["ended", str(home)]) == 0
    assert firewall.closed() is closed


def test_whatever_happens_is_in_the_journal(home, said, monkeypatch):
    def fail(_home):
        raise RuntimeError("unheard of")

    monkeypatch.setitem(_program.COMMANDS, "check", fail)
    assert _program.main(["check", str(home)]) == 1
    assert said == [(3, "check failed: RuntimeError: unheard of")]


@pytest.mark.parametrize("arguments", [[], ["check"], ["nothing", "/ams"], ["open", "/ams", "x"]])
def test_usage(arguments, capsys):
    assert _program.main(arguments) == 2
    assert capsys.readouterr().err == "usage: close|check|ended|open HOME\n"
