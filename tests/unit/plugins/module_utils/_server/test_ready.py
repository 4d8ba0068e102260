from __future__ import annotations

import base64
import json
import socket
import threading
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    log as _log,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    http as _http,
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


# --- asking applications ---


@pytest.fixture
def app(fake, web):
    """An installation with one application that has some lines in its file."""

    def make(*lines, version="2.17.1"):
        text = "\n".join(lines).encode()
        server = f"http.port={web.port}".encode()
        return fake.installation(version, server, {"LiveApp": text})

    return make


VERSION = ("GET", "/LiveApp/rest/v2/version")


def test_asked_as_the_file_lets_in(app, web):
    web.answers[VERSION] = (200, {})
    assert _ready.ask_app(app(), "LiveApp").status == 200
    assert _ready.ask_app(app("remoteAllowedCIDR=127.0.0.5"), "LiveApp").status == 200
    assert _ready.ask_app(app("remoteAllowedCIDR=10.1.0.0/16"), "LiveApp").status == 200
    plain, own, foreign = web.requests
    assert (plain["source"], plain["headers"].get("X-Forwarded-For")) == ("127.0.0.1", None)
    assert (own["source"], own["headers"].get("X-Forwarded-For")) == ("127.0.0.5", None)
    assert (foreign["source"], foreign["headers"].get("X-Forwarded-For")) == (
        "127.0.0.1",
        "10.1.0.1",
    )
    assert "Authorization" not in plain["headers"]


def test_asked_with_a_token_where_the_file_says_so(app, web):
    found = app("jwtControlEnabled=yes", "jwtSecretKey=" + SECRET)
    _ready.ask_app(found, "LiveApp")
    _ready.ask_app(found, "LiveApp", token=False)
    token = web.requests[0]["headers"]["Authorization"]  # without Bearer, as 2.11 wants it
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert 0 < claims["exp"] - time.time() <= _ready.TOKEN_SECONDS
    assert "Authorization" not in web.requests[1]["headers"]


@pytest.mark.parametrize(
    ("lines", "guarded"),
    [
        ((), False),
        (("jwtControlEnabled=true",), False),
        (("jwtSecretKey=x",), False),
        (("jwtControlEnabled=on", "jwtSecretKey=x"), True),
        (("jwtControlEnabled=true", "jwtSecretKey=x", "jwksURL=https://example.net"), False),
        (("jwtControlEnabled=maybe", "jwtSecretKey=x"), False),
    ],
)
def test_guarded_by_a_secret_of_its_own(app, lines, guarded):
    assert _ready.guarded(app(*lines), "LiveApp") is guarded


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
    assert _ready.shut(found) == ["", "LiveApp"]
    web.answers[VERSION] = (200, {})
    assert _ready.open_apps(found) == ["LiveApp"]


def test_a_server_that_listens_on_one_address(fake, monkeypatch):
    asked = []

    def request(port, _method, _path, **options):
        asked.append((options["host"], port, options["source"]))
        return _http.Answer(200)

    monkeypatch.setattr(_http, "request", request)
    found = fake.installation(server=b"http.host=192.0.2.1\nhttp.port=5081\n")
    assert _ready.ask_app(found, "LiveApp").status == 200
    assert asked == [("192.0.2.1", 5081, "127.0.0.1")]


def test_applications_that_came_up_open(app, web):
    guard = ("jwtControlEnabled=true", "jwtSecretKey=" + SECRET)
    web.answers[VERSION] = (403, b"")
    assert _ready.open_apps(app(*guard)) == []
    web.answers[VERSION] = (200, {})
    assert _ready.open_apps(app(*guard)) == ["LiveApp"]
    assert "Authorization" not in web.requests[-1]["headers"]
    assert _ready.open_apps(app()) == []


def test_an_error_of_the_network_is_no_answer(app, monkeypatch):
    monkeypatch.setattr(_http, "request", lambda *a, **o: _http.Answer(0, error="x"))
    assert _ready.open_apps(app("jwtControlEnabled=true", "jwtSecretKey=" + SECRET)) == []


# --- what the server holds ---


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (5, "5"),
        (0.1, "0.1"),
        ("x", "x"),
        ([1], "[1]"),
    ],
)
def test_held_values_as_texts(value, text):
    assert _ready.held_text(value) == text


def names(settings):
    return [setting.name for setting in settings]


def test_differences_of_access_settings(app):
    found = app(
        "remoteAllowedCIDR=10.0.0.0/8,127.0.0.1",
        "jwtControlEnabled=YES",
        "jwtSecretKey=a",
        "ingestingStreamLimit= 5 ",
        "hlsTime=3",
        "clusterCommunicationKey=x",
        "webhookAuthenticateURL=",
    )
    held = {
        "remoteAllowedCIDR": "127.0.0.1,10.0.0.0/8",
        "jwtControlEnabled": True,
        "jwtSecretKey": "a",
        "ingestingStreamLimit": 5,
        "hlsTime": "2",  # decides nobody's access
        "clusterCommunicationKey": "x",
        "webhookAuthenticateURL": None,
        "jwksURL": "https://example.net",  # not in the file
    }
    assert _ready.differences(found, "LiveApp", held) == []
    held.update(jwtControlEnabled=False, jwtSecretKey=None, remoteAllowedCIDR="0.0.0.0/0")
    held.update(ingestingStreamLimit=-1, clusterCommunicationKey="of its own")
    assert names(_ready.differences(found, "LiveApp", held)) == [
        "clusterCommunicationKey",
        "remoteAllowedCIDR",
        "jwtControlEnabled",
        "jwtSecretKey",
        "ingestingStreamLimit",
    ]
    assert _ready.differences(found, "LiveApp", {}) == []  # an old server does not know them


def test_differences_are_those_of_the_version(app):
    lines = ("jwtControlEnabled=true", "settings.jwtControlEnabled=false")
    held = {"jwtControlEnabled": False}
    assert names(_ready.differences(app(*lines), "LiveApp", held)) == ["jwtControlEnabled"]
    assert _ready.differences(app(*lines, version="2.6.1"), "LiveApp", held) == []
    later = app("timeTokenSubscriberOnly=true", version="3.0.3")
    assert _ready.differences(later, "LiveApp", {"timeTokenSubscriberOnly": False}) == []


def test_differences_of_the_server(fake):
    held = {"allowedDashboardCIDR": "127.0.0.1", "jwtServerControlEnabled": False, "httpPort": 1}
    assert names(_ready.differences(fake.installation(), "", held)) == [
        "server.allowed_dashboard_CIDR"
    ]


def test_differences_of_named_settings(app):
    found = app("hlsTime=3", "customSettings=")
    names_of = {"hlsTime", "gopSize", "vodFolder", "clusterCommunicationKey", "customSettings"}
    held = {
        "hlsTime": "2",
        "gopSize": 5,  # not in the file, so the default should hold
        "clusterCommunicationKey": "of its own",  # whose default only the server knows
        "customSettings": None,
        "mp4MuxingEnabled": True,
    }
    found = _ready.differences(found, "LiveApp", held, names_of)
    assert names(found) == ["gopSize", "hlsTime"]


@pytest.mark.parametrize(
    ("text", "held", "same"),
    [
        ("360,500000,32000", "360,500000,32000", True),
        ("", "[]", True),
        ("[]", "", True),
        ("360,500000,32000", '[{"height":360,"videoBitrate":500000,"audioBitrate":32000}]', True),
        (
            "360,500000,32000, 240,300000,16000",
            '[{"videoBitrate":500000,"forceEncode":true,"audioBitrate":32000,"height":360},'
            '{"videoBitrate":300000,"forceEncode":true,"audioBitrate":16000,"height":240}]',
            True,
        ),
        ("360,500000,32000", "[]", False),
        ("360,500000,32000", "[1]", False),
        ("[{", "[]", False),
        ("x", "[]", False),
    ],
)
def test_encoders_have_two_forms(app, text, held, same):
    found = app("encoderSettingsString=" + text)
    different = _ready.differences(
        found, "LiveApp", {"encoderSettingsString": held}, ["encoderSettingsString"]
    )
    assert (different == []) is same


def test_what_a_file_has(app, fake):
    assert _ready.in_file(app("hlsTime=3", "x=1", "settings.gopSize=1"), "LiveApp") == {
        "hlsTime",
        "gopSize",
    }
    assert "http.port" in _ready.in_file(fake.installation(), "")


def test_what_a_server_missed_of_a_changed_file(app, fake):
    found = app(
        "hlsTime=5", "jwtControlEnabled=true", "customSettings={}", "gopSize=7", "vodFolder=x"
    )
    before = {"hlsTime": "2", "settings.jwtControlEnabled": "YES", "customSettings": '{"a":1}'}
    held = {"jwtControlEnabled": True, "customSettings": {"a": 1}, "gopSize": 7}
    assert names(_ready.missed(found, "LiveApp", before, held)) == [
        "customSettings",
        "hlsTime",  # not in the answer, so nobody knows
        "vodFolder",
    ]
    held.update(hlsTime="5", customSettings={}, vodFolder="x")
    assert _ready.missed(found, "LiveApp", before, held) == []
    held.update(jwtControlEnabled=False)  # not of this change
    assert _ready.missed(found, "LiveApp", before, held) == []
    found = fake.installation(server=b"http.port=5081\nserver.cpu_limit=75")
    before = {"http.port": "5080", "server.cpu_limit": "75"}
    assert names(_ready.missed(found, "", before, {"defaultHttpPort": 5080})) == ["http.port"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("jwtControlEnabled", " ON ", True),
        ("jwtControlEnabled", "0", False),
        ("gopSize", " 5 ", 5),
        ("abrUpScalePacketLostRatio", ".5", 0.5),
        ("customSettings", '{"a":1}', {"a": 1}),
        ("customSettings", "", None),
        ("hlsTime", "5", "5"),
        ("remoteAllowedCIDR", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_texts_as_held_values(name, text, value):
    found = _ready.typed(_catalogue.by_name(_catalogue.APP, name), text)
    assert found == value
    assert type(found) is type(value)


def test_healing_takes_the_file_and_defaults_where_it_is_silent(app):
    found = app("jwtControlEnabled=true", "gopSize=7", "jwtSecretKey=x", "settings.hlsTime=9")
    held = {
        "jwtControlEnabled": False,
        "gopSize": 0,
        "hlsTime": None,
        "jwtSecretKey": None,
        "remoteAllowedCIDR": None,
        "jwksURL": None,
        "ipFilterEnabled": False,
        "clusterCommunicationKey": "own",
        "customSettings": {"a": 1},
        "unknown": [1],
    }
    before = dict(held)
    assert _ready.healed(found, "LiveApp", held) == {
        "jwtControlEnabled": True,
        "gopSize": 7,
        "hlsTime": "9",
        "jwtSecretKey": "x",
        "remoteAllowedCIDR": "127.0.0.1",
        "jwksURL": None,  # an empty text would be written to the file
        "ipFilterEnabled": True,
        "clusterCommunicationKey": "own",
        "customSettings": {"a": 1},
        "unknown": [1],
    }
    assert held == before


def test_healing_of_settings_in_json(app):
    held = {"customSettings": {"a": 1}}
    assert _ready.healed(app("customSettings={}"), "LiveApp", held) == {"customSettings": {}}
    same = app('customSettings={"a" : 1}')
    assert _ready.healed(same, "LiveApp", held) == held


def test_healing_an_old_version_takes_its_own_defaults(app):
    held = {"webRTCPortRangeMax": 0, "hlsflags": "delete_segments", "hlsListSize": "5"}
    assert _ready.healed(app(version="2.6.1"), "LiveApp", held) == held


def test_encoders_are_posted_in_one_form(app):
    found = app("encoderSettingsString=360,500000,32000")
    held = {"encoderSettingsString": "[]", "encoderSettings": [], "gopSize": 0}
    posted = {"encoderSettingsString": "360,500000,32000", "gopSize": 0}
    assert _ready.healed(found, "LiveApp", held) == posted
    assert _ready.merged(found, "LiveApp", held, ["encoderSettingsString"]) == posted
    assert _ready.merged(found, "LiveApp", held, ["gopSize"]) == held


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
