from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._automation import (
    schedules as _schedules,
)

APPS = ("LiveApp", "events")
CHECK = """\
#!/bin/sh
# curl http://localhost:5080/events/
if ! curl -fs "http://localhost:5080/LiveApp/rest/v2/broadcasts/list?token=SECRET"; then
  systemctl restart antmedia
fi
"""


@pytest.fixture
def etc(tmp_path, monkeypatch):
    """A made-up host: `etc(name, text)` writes a file of it and returns its path."""
    names = {"TABLES": ("crontab",), "FOLDERS": ("cron.d", "cron.daily", "spool"), "UNITS": "units"}
    for name, value in names.items():
        whole = [str(tmp_path / each) for each in ([value] if name == "UNITS" else value)]
        monkeypatch.setattr(_schedules, name, whole[0] if name == "UNITS" else tuple(whole))
    monkeypatch.setattr(
        _schedules,
        "_RUNNERS",
        tuple(str(tmp_path / each) for each in ("crontab", "cron.d", "spool")),
    )

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    return write


def look():
    return [schedule.shown() for schedule in _schedules.look(APPS)]


def test_a_host_without_any(etc):
    etc("crontab", "17 * * * * root cd / && run-parts --report /etc/cron.hourly\n")
    etc("cron.daily/logrotate", "#!/bin/sh\n/usr/sbin/logrotate /etc/logrotate.conf\n")
    etc("units/other.service", "[Service]\nExecStart=/usr/bin/other restart\n")
    assert look() == []


def test_a_line_that_restarts_the_server(etc):
    path = etc("crontab", "# x\n0 4 * * * root systemctl restart antmedia\n")
    assert look() == [{"where": f"{path} line 2", "runs": "", "restarts": True, "asks": []}]


def test_a_script_that_a_line_runs(etc, tmp_path):
    script = etc("opt/check.sh", CHECK)
    path = etc("cron.d/ams", f"*/5 * * * * root {script} >/dev/null 2>&1\n")
    assert look() == [
        {
            "where": f"{path} line 1",
            "runs": script,
            "restarts": True,
            "asks": ["/events/", "/LiveApp/rest/v2/broadcasts/list"],
        }
    ]
    (found,) = _schedules.look(APPS)
    assert "SECRET" not in repr(found)
    assert _schedules.warning([found], APPS).startswith(f"{path} line 1 asks an application")
    assert "and 1 more" in _schedules.warning([found, found], APPS)


@pytest.mark.parametrize(
    ("line", "asks", "application"),
    [
        ("wget http://127.0.0.1:5080/rest/v2/liveness", ["/rest/v2/liveness"], False),
        (
            "curl 'https://ams.example.org/LiveApp/streams/x.m3u8?token=1'",
            ["/LiveApp/streams/x.m3u8"],
            True,
        ),
        ("curl http://$HOST:${PORT}/LiveApp/", ["/LiveApp/"], True),
        ("curl http://localhost:5080/LiveApp", ["/LiveApp"], True),
        ("curl http://localhost:5080/LiveApplication/x", [], False),
        ("curl http://example.org/other", [], False),
        ("curl http://localhost:5080", [], False),
    ],
)
def test_what_is_asked(etc, line, asks, application):
    etc("crontab", f"* * * * * root {line}\n")
    found = _schedules.look(APPS)
    assert [list(each.asks) for each in found] == ([asks] if asks else [])
    assert bool(_schedules.warning(found, APPS)) is application


@pytest.mark.parametrize(
    ("line", "restarts"),
    [
        ("service antmedia restart", True),
        ("/etc/init.d/antmedia start", True),
        ("pkill -f org.red5.server.Bootstrap", True),
        ("systemctl --no-block try-restart antmedia.service", True),
        ("systemctl status antmedia", False),
        ("systemctl restart nginx", False),
        ("tar czf /backup/antmedia.tgz /usr/local/antmedia", False),
        ("restarted the antmediation", False),
    ],
)
def test_what_restarts_it(line, restarts):
    found = _schedules.said(line, "x", APPS)
    assert (found is not None and found.restarts) is restarts


def test_units_and_other_places(etc):
    script = etc("opt/watch", CHECK)
    unit = etc("units/watch.service", f"[Service]\nExecStart={script}\n")
    etc("units/antmedia.service", "[Service]\nExecStart=/usr/local/antmedia/start.sh\n")
    etc("units/watch.timer", "[Timer]\nOnCalendar=minutely\n# antmedia restart\n")
    rotate = etc("cron.daily/rotate", "#!/bin/sh\npostrotate\nservice antmedia restart\n")
    user = etc("spool/root", "@reboot /usr/bin/true; systemctl start antmedia\n")
    assert {found["where"] for found in look()} == {
        f"{unit} line 2",
        f"{rotate} line 3",
        f"{user} line 1",
    }


def test_programs_are_no_scripts(etc):
    program = etc("opt/program", "\x7fELF restart antmedia")
    etc("crontab", f"* * * * * root {program}\n* * * * * root /usr/bin/env restart\n")
    assert look() == []


def test_what_is_too_long_or_too_many(etc):
    etc("crontab", "systemctl restart antmedia\n" * 100_000)
    assert look() == []
    etc("crontab", "systemctl restart antmedia\n" * 1000)
    assert len(look()) == _schedules.MOST_FILES


@pytest.mark.parametrize(
    "text",
    [
        "http://" + "$a" * 30_000,
        "http://" * 9000,
        "/a" * 30_000,
        "antmedia " * 7000,
        "restart " * 8000,
    ],
)
def test_in_linear_time(text):
    begun = time.process_time()
    _schedules.said(text, "x", APPS)
    _schedules._SCRIPT.findall(text)
    assert time.process_time() - begun < 2
