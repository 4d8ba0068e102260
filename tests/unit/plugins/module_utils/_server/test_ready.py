from __future__ import annotations

import socket
import threading
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    log as _log,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    management as _management,
    ready as _ready,
)

from tests.kit import madeup

pytestmark = pytest.mark.usefixtures("listens")

STARTED = "2026-01-02 03:04:05,1 [main] INFO  x - {0} started\n"
SECRET = "rEst-secret-0123456789-abcdefghij-x"


class Service:
    """A server whose process is there, or not."""

    def __init__(self, alive=True):
        self.alive = alive

    def process(self):
        return self.alive


class Management:
    """What the management REST API would say."""

    def __init__(self, alive=True, accessible=False, applications=()):
        self.is_alive = alive
        self.accessible = accessible
        self.names = applications
        self.foreign = ""

    def alive(self):
        return self.is_alive

    def applications(self):
        if self.names is None:
            raise _management.RestError("no")
        return self.names


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(_ready, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(_ready, "FORK_SECONDS", 0.05)


@pytest.fixture
def start(home, fake):
    """Wait for a start of LiveApp and events; `said` is what the log says of it."""
    (home / "log").mkdir()
    (home / "conf" / "logback.xml").write_text("<File>log/ant-media-server.log</File>")
    path = home / "log" / "ant-media-server.log"
    path.write_text(STARTED.format("LiveApp") + STARTED.format("events"))  # of the last time
    log = _log.Log(str(home))

    def wait(management, service=None, said=(), seconds=5.0, started=None):
        with path.open("a") as stream:
            stream.writelines(STARTED.format(app) for app in said)
        deadline = time.monotonic() + seconds
        _ready.wait_started(
            fake.installation(), service or Service(), log, management, deadline, started
        )

    wait.path = path
    return wait


# --- a start ---


def test_alive_and_every_application_started(start):
    start(Management(), said=["LiveApp", "events", "root"])


def test_each_application_is_told_once_as_soon_as_it_has_started(start):
    told = []

    def started(app):
        told.append(app)
        if len(told) == 1:  # not before the first was told
            with start.path.open("a") as stream:
                stream.write(STARTED.format("events"))

    start(Management(), said=["LiveApp", "root"], started=started)
    assert told == ["LiveApp", "events"]


def test_none_is_told_before_the_management_api_answers(start):
    told = []
    with pytest.raises(_ready.NotReady):
        start(Management(alive=False), said=["LiveApp"], seconds=0, started=told.append)
    assert told == []


def test_a_server_that_logs_warnings_only_is_asked(start):
    start(Management(accessible=True, applications=["events", "LiveApp", "other"]))


@pytest.mark.parametrize(
    ("management", "said", "missing"),
    [
        (Management(), ["LiveApp"], "application events has not started after 0 s"),
        (
            Management(alive=False, accessible=True, applications=["LiveApp", "events"]),
            ["LiveApp", "events"],
            "the management API does not answer after 0 s",
        ),
        (
            Management(alive=False),
            ["events"],
            "the management API does not answer; application LiveApp has not started after 0 s",
        ),
        (Management(accessible=True, applications=["events"]), [], "application LiveApp has not"),
        (Management(accessible=True, applications=None), [], "application LiveApp has not"),
        (Management(applications=["LiveApp", "events"]), [], "application LiveApp has not"),
    ],
)
def test_what_is_missing_at_the_deadline(start, management, said, missing):
    with pytest.raises(_ready.NotReady) as caught:
        start(management, said=said, seconds=0.1)
    assert missing in str(caught.value)


def test_a_server_that_ends_by_itself(start):
    with pytest.raises(_ready.NotReady, match="ended by itself; it does so, without an error"):
        start(Management(), Service(alive=None), seconds=60)


def test_a_server_that_says_nothing_more_is_stuck(start, monkeypatch):
    monkeypatch.setattr(_ready, "SILENCE_SECONDS", 0.1)
    begin = time.monotonic()
    with pytest.raises(_ready.NotReady, match="application LiveApp has not started"):
        start(Management(), seconds=60)
    assert time.monotonic() - begin < 10


def test_a_server_that_goes_on_talking_is_waited_for(start, monkeypatch):
    monkeypatch.setattr(_ready, "SILENCE_SECONDS", 0.3)

    def talk():
        for _each in range(12):
            time.sleep(0.1)
            with start.path.open("a") as stream:
                stream.write("still at it\n")
        with start.path.open("a") as stream:
            stream.write(STARTED.format("LiveApp") + STARTED.format("events"))

    talker = threading.Thread(target=talk)
    talker.start()
    start(Management(), seconds=60)
    talker.join()


def test_no_application_is_asked_while_it_may_load(start, web):
    """From 2.15.0 on that can leave it open."""
    with pytest.raises(_ready.NotReady):
        start(Management(), said=["LiveApp"], seconds=0.1)
    assert web.requests == []


# --- somebody else's start ---


@pytest.fixture
def settled(home, fake):
    """Wait for a server that started some seconds ago."""
    (home / "conf" / "logback.xml").write_text("<File>ant-media-server.log</File>")

    def wait(ago, management, seconds=0.1):
        process = _process.Process(1, time.time() - ago, {})
        found = fake.installation(home=str(home))
        _ready.wait_settled(found, process, management, seconds)

    return wait


def test_a_server_that_runs_long_is_past_its_start(settled):
    settled(_ready.START_SECONDS + 1, Management(), seconds=-1)


def test_a_server_that_says_so_is_past_its_start(settled, home):
    now = time.strftime("%Y-%m-%d %H:%M:%S")
    lines = "".join(f"{now},1 [x] INFO y - {app} started\n" for app in ("LiveApp", "events"))
    (home / "ant-media-server.log").write_text(lines)
    settled(5, Management())


def test_a_server_that_lists_its_applications_is_past_its_start(settled):
    settled(5, Management(accessible=True, applications=["LiveApp", "events"]))


def test_a_server_that_still_starts(settled):
    with pytest.raises(_ready.NotReady, match="is starting and does not get ready"):
        settled(5, Management(accessible=True, applications=["LiveApp"]))


# --- applications that answer ---


VERSION = ("GET", "/LiveApp/rest/v2/version")


def test_every_application_answers(app, web):
    web.answers[VERSION] = (200, {"versionName": "2.17.1"})
    _ready.wait_answering(app(), time.monotonic())


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ((403, b"Application is getting initialized"), "answers HTTP 403 to a request"),
        ((500, b""), "application LiveApp answers HTTP 500 to a request that its settings let in"),
        ((200, b"<html>"), "answers HTTP 200 to a request"),
    ],
)
def test_an_application_that_does_not_answer(app, web, answer, text):
    web.answers[VERSION] = answer
    with pytest.raises(_ready.NotReady, match=text):
        _ready.wait_answering(app(), time.monotonic() + 0.1)
    assert len(web.requests) > 1


def test_an_application_that_answers_later(app, web):
    answers = iter([(500, b""), (403, b""), (200, {})])
    web.answers[VERSION] = lambda request: next(answers)
    _ready.wait_answering(app(), time.monotonic() + 10)


def test_nobody_answers(app, web):
    found = app()
    web.close()
    with pytest.raises(_ready.NotReady, match="answers Connection refused to a request"):
        _ready.wait_answering(found, time.monotonic())


def test_an_application_with_somebody_elses_keys_is_not_asked(app, web):
    found = app("jwtControlEnabled=true", "jwksURL=https://example.net")
    _ready.wait_answering(found, time.monotonic())
    assert web.requests == []


@pytest.mark.parametrize("cidrs", ["", "'0.0.0.0/0'", "bogus"])
def test_an_application_that_lets_nobody_in_is_not_asked(app, web, cidrs):
    """It would refuse for ever. That it came up open shows all the same, and may be asked."""
    found = app("remoteAllowedCIDR=" + cidrs, "jwtControlEnabled=true", "jwtSecretKey=" + SECRET)
    _ready.wait_answering(found, time.monotonic())
    assert web.requests == []
    assert _app.shut(found) == ["", "LiveApp"]
    web.answers[VERSION] = (200, {})
    assert _app.open_apps(found) == ["LiveApp"]


# --- RTMP ---


def listening(found, port):
    found.server.document.set("rtmp.port", str(port))
    return found


def test_rtmp_is_taken_where_the_file_says():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = listening(madeup.installation(), taken.getsockname()[1])
        assert _ready.takes_rtmp(found)
        _ready.wait_rtmp(found, time.monotonic())
    assert not _ready.takes_rtmp(found)
    assert not _ready.takes_rtmp(listening(madeup.installation(), 70000))


def test_a_server_without_rtmp_is_not_ready():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(_ready.NotReady, match=f"RTMP publishers on port {port}"):
        _ready.wait_rtmp(listening(madeup.installation(), port), time.monotonic())
