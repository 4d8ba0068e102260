"""What the guard does at a start, with a server that comes up well, open, broken or not at all."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    ports as _ports,
    program as _program,
    prove as _prove,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    lock as _lock,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    heal as _heal,
    management as _management,
)


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
def starts(tmp_path):
    return _program.Starts(str(tmp_path / "run"))


def check(home, starts, patience=0.2):
    return _program.check(str(home), patience, starts)


def test_close(home, firewall, said):
    assert _program.main(["close", str(home)]) == 0
    assert firewall.ports == _ports.of(str(home))
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

        patch.setattr(_heal, "heal", end)
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
    for number in range(_prove.MORE_STARTS):
        without_management.open_starts = 1
        without_management.start()
        assert check(home, starts) == 0
        assert asked == ["systemd"] * (number + 1)
        assert starts.count() == number + 1
    without_management.open_starts = 1
    without_management.start()
    assert check(home, starts) == 1
    assert len(asked) == _prove.MORE_STARTS
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
