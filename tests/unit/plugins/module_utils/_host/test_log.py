from __future__ import annotations

import os
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import log as _log

LINE = "{when},123 [main] INFO  i.a.AntMediaApplicationAdapter - {app} started\n"


def line(app, when="2026-01-02 03:04:05"):
    return LINE.format(when=when, app=app)


@pytest.fixture
def server(home):
    """A home that logs into itself, and its two logs."""
    (home / "log").mkdir()
    (home / "conf" / "logback.xml").write_text("<File>log/ant-media-server.log</File>")
    return home, home / "log" / "ant-media-server.log", home / "log" / "antmedia-error.log"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("<File>/var/log/x/ant-media-server.log</File>", "/var/log/x/ant-media-server.log"),
        ("<a><file>\n  log/ant-media-server.log </file>", "{home}/log/ant-media-server.log"),
        ("<File>other.log</File>", _log.SERVER_LOG),
        (b"\xff\xfe", _log.SERVER_LOG),
        (None, _log.SERVER_LOG),
    ],
)
def test_where_the_log_is(home, text, path):
    if text is not None:
        data = text if isinstance(text, bytes) else text.encode()
        (home / "conf" / "logback.xml").write_bytes(data)
    assert _log.log_path(str(home)) == (path.format(home=home), None)


def test_only_what_is_new(tmp_path):
    path = tmp_path / "log"
    tail = _log.Tail(str(path))
    assert tail.read() == ""
    path.write_text("old\n")
    assert tail.read() == "old\n"  # it was not there before
    tail = _log.Tail(str(path))
    assert tail.read() == ""
    with path.open("a") as stream:
        stream.write("new \u00e4\n")
    assert tail.read() == "new \u00e4\n"
    assert _log.Tail(str(path), whole=True).read() == "old\nnew \u00e4\n"


def test_a_log_that_was_rotated_or_cut(tmp_path):
    path = tmp_path / "log"
    path.write_text("old and long\n")
    tail = _log.Tail(str(path))
    path.rename(tmp_path / "log.1")
    path.write_text("new\n")
    assert tail.read() == "new\n"
    path.write_text("old and long\n")
    tail = _log.Tail(str(path))
    os.truncate(path, 0)
    assert tail.read() == ""
    with path.open("a") as stream:
        stream.write("new\n")
    assert tail.read() == "new\n"


def test_a_log_too_long_is_cut_at_its_beginning(tmp_path, monkeypatch):
    monkeypatch.setattr(_log, "MOST", 5)
    path = tmp_path / "log"
    path.write_text("0123456789")
    assert _log.Tail(str(path), whole=True).read() == "56789"


def test_a_log_that_cannot_be_read(tmp_path):
    assert _log.Tail(str(tmp_path), whole=True).read() == ""


def test_what_has_started(server):
    home, path, _error = server
    log = _log.Log(str(home))
    path.write_text(
        line("LiveApp")
        + "2026-01-02 03:04:05,1 [main] INFO  x - Something else started \n"
        + line("a.b-c")
        + "  - quoted started\n"
        + "2026-01-02 03:04:05,1 [main] INFO  x - events started"
    )
    assert log.started() == {"LiveApp", "a.b-c", "events"}


def test_what_has_started_since(tmp_path):
    path = tmp_path / "log"
    path.write_text(line("early", "2026-01-02 03:04:04") + line("late", "2026-01-02 03:04:05"))
    tail = _log.Tail(str(path), whole=True)
    moment = time.mktime(time.strptime("2026-01-02 03:04:05", "%Y-%m-%d %H:%M:%S"))
    assert tail.started_since(moment + 0.9) == {"late"}
    assert tail.started_since(moment - 1) == {"early", "late"}
    assert tail.started_since(moment + 1) == set()


def test_whether_something_was_said(server, monkeypatch):
    monkeypatch.setattr(_log, "MOST", 2)
    home, path, error = server
    log = _log.Log(str(home))
    seen = [log.state()]
    for more in ("ab", "cd", "ef"):  # longer than what is read of it
        with path.open("a") as stream:
            stream.write(more)
        seen.append(log.state())
        assert log.state() == seen[-1]
    error.write_text("c")
    seen.append(log.state())
    assert len(set(seen)) == 5


def test_what_has_started_stays_so_however_much_follows(server, monkeypatch):
    monkeypatch.setattr(_log, "MOST", 100)
    home, path, _error = server
    log = _log.Log(str(home))
    path.write_text(line("LiveApp"))
    assert log.started() == {"LiveApp"}
    with path.open("a") as stream:
        stream.write("x" * 100 + "\n" + line("events"))
    assert log.started() == {"LiveApp", "events"}


def test_lines_of_trouble(server):
    home, path, error = server
    path.write_text("2026-01-01 00:00:00,1 [main] ERROR x - from an earlier start\n")
    log = _log.Log(str(home))
    with path.open("a") as stream:
        stream.write(
            "2026-01-02 03:04:05,1 [main] ERROR x - bad value s3cret\n"
            "2026-01-02 03:04:06,1 [other] ERROR x - bad value s3cret\n"
            "2026-01-02 03:04:06,1 [other] WARN x - nothing\n"
            "2026-01-02 03:04:06,1 [other] ERROR x - TokenExpiredException, a probe of ours\n"
            "Caused by: java.lang.NumberFormatException: s3cret-and-more\n" + "x" * 500 + " ERROR\n"
        )
    error.write_text("Bootstrap exit\n")
    assert log.trouble(["s3cret", "s3cret-and-more", "", None]) == [
        "2026-01-02 03:04:06,1 [other] ERROR x - bad value (secret)",
        "Caused by: java.lang.NumberFormatException: (secret)",
        "x" * 400,
        "Bootstrap exit",
    ]
    assert log.trouble([], most=1) == ["Bootstrap exit"]


# --- how often it was started ---

FIRST = (
    "{when},123 [main] INFO  org.red5.server.Launcher - Ant Media Server Community 2.17.1 2026\n"
)
NOON = time.mktime(time.strptime("2026-01-02 12:00:00", "%Y-%m-%d %H:%M:%S"))


def first(moment):
    return FIRST.format(when=time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(moment)))


def test_starts(server):
    home, log, _error = server
    other = "2026-01-02 12:00:00,000 [x] INFO  o.x - Ant Media Server is fine\n"
    log.write_text(first(NOON - 50) + line("LiveApp") + first(NOON) + other + first(NOON + 50))
    assert _log.starts(str(home), NOON) == ([NOON, NOON + 50], True)
    assert _log.starts(str(home), NOON + 60) == ([], True)


def test_starts_of_a_log_that_does_not_reach_back(server, monkeypatch):
    home, log, _error = server
    assert _log.starts(str(home), NOON) == ([], False)  # none at all
    log.write_text(first(NOON + 50))
    assert _log.starts(str(home), NOON) == ([NOON + 50], True)
    (log.parent / "ant-media-server.1.log.gz").write_bytes(b"")
    assert _log.starts(str(home), NOON) == ([NOON + 50], False)
    log.write_text(first(NOON - 50) + first(NOON + 50))
    assert _log.starts(str(home), NOON) == ([NOON + 50], True)
    monkeypatch.setattr(_log, "MOST", len(first(NOON)))
    assert _log.starts(str(home), NOON) == ([NOON + 50], False)


def test_lines_that_are_no_starts(server):
    home, log, _error = server
    said = "x.Launcher - Ant Media Server \n"
    log.write_text(f"2026-99-02 12:00:00,1 {said}{said}2026-01-02 12:00:00 {'x' * 300}{said}")
    assert _log.starts(str(home), 1) == ([], True)


def test_a_log_full_of_them_is_read_in_linear_time(server):
    home, log, _error = server
    log.write_bytes(b".Launcher - Ant Media Server " * 200_000)
    begun = time.process_time()
    assert _log.starts(str(home), 0)[0] == []
    assert time.process_time() - begun < 2
