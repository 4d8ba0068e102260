"""Whatever a server answers, nothing comes of it but errors that are expected."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    answers as _answers,
    ask as _ask,
    asked as _asked,
    question as _question,
    rtmp as _rtmp,
    run as _run,
    surfaces as _surfaces,
    ways as _ways,
    websocket as _websocket,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    app as _app,
    audience as _audience,
    chunks as _chunks,
    heal as _heal,
    held as _held,
    http as _http,
    management as _management,
    ready as _ready,
)
from hypothesis import HealthCheck, given, settings, strategies as st

FIELDS = sorted(setting.field for setting in _catalogue.of_file(_catalogue.APP))
WORDS = "success message applications status streamId hlsViewerCount versionName command definition"
NAMES = st.sampled_from([*WORDS.split(), *FIELDS])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["broadcasting", "created", "[" * 9999, "9" * 9999, "[1]", "[{}]", "\ud800"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(NAMES | st.text(), inner),
    max_leaves=20,
)
ANSWERS = st.builds(
    _http.Answer,
    st.sampled_from([0, 200, 204, 302, 403, 404, 500]),
    JSON.map(lambda value: json.dumps(value).encode())
    | st.binary()
    | st.sampled_from([b"[" * 200000, b"1e999", b'{"success":' * 70 + b"1" + b"}" * 70]),
    st.just({}) | st.builds(lambda text: {"set-cookie": text}, st.text()),
)
SERVER = "http.port=1\nserver.jwtServerControlEnabled=true\nserver.jwtServerSecretKey=" + "x" * 32
ADMIN = {"email": "a@example.net", "password": "p"}
quick = settings(max_examples=150, suppress_health_check=list(HealthCheck))


@pytest.fixture
def installation(fake):
    return fake.installation(server=SERVER.encode())


@pytest.fixture
def answering(monkeypatch):
    """Have everything that is asked get one answer; whatever is sent can be sent."""

    def answer(found):
        def request(port, method, path, headers=None, body=None, **_options):
            json.dumps([headers, body])
            return found

        monkeypatch.setattr(_http, "request", request)

    return answer


@quick
@given(answer=ANSWERS)
def test_management(installation, answering, answer):
    answering(answer)
    for admin in (None, ADMIN):
        management = _management.Management(installation, admin)
        management.secret = "" if admin else management.secret
        assert management.alive() in (True, False)
        assert management.unclaimed() in (True, False, None)
        for ask in (
            lambda management=management: management.admin and management.claim(),
            management.applications,
            management.server_settings,
            lambda management=management: management.settings("LiveApp"),
            lambda management=management: management.post_settings("LiveApp", {}),
            lambda management=management: _heal.heal(
                installation, management, "LiveApp", ["encoderSettingsString"]
            ),
        ):
            try:
                found = ask()
            except (_management.RestError, _ready.NotReady):
                continue
            json.dumps(found).encode()


@quick
@given(held=st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_what_an_application_holds(installation, held):
    held = _http.Answer(200, json.dumps(held).encode()).json()
    if held is None:
        return
    names = [setting.name for setting in _catalogue.of_file(_catalogue.APP)]
    _held.differences(installation, "LiveApp", held, names)
    json.dumps(_held.healed(installation, "LiveApp", held))


@quick
@given(answer=ANSWERS)
def test_audience(installation, answering, answer):
    answering(answer)
    found = _audience.count(installation)
    assert _audience.total(found)
    _audience.sentence(found).encode()
    json.dumps([audience.shown() for audience in found], allow_nan=False)


@quick
@given(answer=ANSWERS)
def test_readiness(installation, answering, answer):
    answering(answer)
    _app.open_apps(installation)
    try:
        _ready.wait_answering(installation, 0)
    except _ready.NotReady as error:
        assert "LiveApp" in str(error) or "events" in str(error)


@quick
@given(answer=ANSWERS, message=st.dictionaries(NAMES, JSON))
def test_probe(fake, answering, answer, message):
    answering(answer)
    document = b"acceptOnlyStreamsInDataStore=true\n"
    found = fake.installation(server=SERVER.encode(), apps={"LiveApp": document})
    run = _run.Run({"secrets": {}, "app_defaults": {"rest_cidrs": ["127.0.0.1"]}}, found)
    assert all(isinstance(name, str) for name in run._known_streams(["LiveApp"]).values())
    for surface in _surfaces.SURFACES.values():
        if surface.ask is not _ways.get:
            continue
        source = _asked.rest_way(run.asked, "LiveApp")[0]
        probe = _question.Probe("", _question.REFUSED, surface, source, path="/")
        result = _ask.Asker(("127.0.0.1", 1), ("127.0.0.1", 1)).ask(probe)
        result.answer.encode()
    assert _answers.viewer(message)[0] in (_question.LET_IN, _question.REFUSED, "unclear")


# --- RTMP and WebSocket ---

DEEP = b"\x03\x00\x01a" * 5000
AMF = st.binary(max_size=60) | st.sampled_from(
    [DEEP, b"\x0a\xff\xff\xff\xff" * 5000, b"\x0a\xff\xff\xff\xff" + b"\x05" * 9999, b"", b"\x05"]
)


@quick
@given(data=AMF)
def test_amf0(data):
    with contextlib.suppress(ValueError):
        _amf0.decode(data)


def once(answer):
    """A port where the next connection is answered by a function of it, and what to join."""
    server = socket.create_server(("127.0.0.1", 0))

    def run():
        link = server.accept()[0]
        with link, server:
            link.settimeout(5)
            with contextlib.suppress(OSError):
                answer(link)

    thread = threading.Thread(target=run)
    thread.start()
    return server.getsockname(), thread


def flood(piece):
    def send(link):
        while True:
            link.sendall(piece)

    return send


COMMAND = _chunks.COMMAND
RTMP = {
    "nothing": lambda link: link.recv(1),
    "pings": flood(_chunks.pack(2, _chunks.CONTROL, 0, b"\x00\x06\x00\x00\x00\x01") * 100),
    "headers": flood(b"\xc3" * 4096),
    "channels": flood(
        b"\x00\x01\x02" + b"\x00\x00\x00\x0f\xff\xff\x14\x00\x00\x00\x00" + b"x" * 128
    ),
    "deep": lambda link: link.sendall(_chunks.pack(3, COMMAND, 0, DEEP, 128)),
    "empty": lambda link: link.sendall(_chunks.pack(3, COMMAND, 0, b"", 128) * 9),
    "one": lambda link: link.sendall(_chunks.pack(3, COMMAND, 0, _amf0.encode("_result"), 128) * 9),
    "others": flood(_chunks.pack(3, COMMAND, 0, _amf0.encode({}, {}), 128) * 100),
    "huge": lambda link: link.sendall(struct.pack(">B", 3) + b"\0\0\0\xff\xff\xff\x14\0\0\0\0"),
}


def talk(address):
    with _rtmp.Session(address, timeout=1.0) as session:
        session.connect("LiveApp")


@pytest.mark.parametrize("kind", RTMP)
def test_rtmp(kind):
    def answer(link):
        hello = b""
        while len(hello) < 1537:
            hello += link.recv(1537 - len(hello))
        link.sendall(b"\x03" + bytes(1536) + hello[1:])
        RTMP[kind](link)

    address, thread = once(answer)
    with pytest.raises(_rtmp.RtmpError):
        talk(address)
    thread.join(10)
    assert not thread.is_alive()


OPEN = b"HTTP/1.1 101 Switching\r\n\r\n"


def text(data):
    return b"\x81\x7f" + struct.pack(">Q", len(data)) + data


WEB_SOCKET = {
    "pings": (OPEN, b"\x89\x00" * 2048),
    "texts": (OPEN, text(b"[]") * 1000),
    "deep": (OPEN, text(b"[" * 200000)),
    "number": (OPEN, text(b'{"a": 1e999}')),
    "no text": (OPEN, text(b"\xff\xff")),
    "huge": (OPEN, b"\x81\x7f" + b"\xff" * 8),
    "headers": (b"HTTP/1.1 101 ", b"x" * 4096),
}


@pytest.mark.parametrize("kind", WEB_SOCKET)
def test_web_socket(kind):
    begin, more = WEB_SOCKET[kind]

    def answer(link):
        link.recv(4096)
        link.sendall(begin)
        flood(more)(link)

    address, thread = once(answer)
    with pytest.raises(_websocket.WebSocketError):
        _websocket.ask(address, "/LiveApp/websocket", {}, timeout=1.0)
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize("path", ["/a b", "/a\r\nX: y"])
def test_a_web_socket_of_no_path(path):
    address, thread = once(lambda link: link.recv(1))
    with pytest.raises(_websocket.WebSocketError, match="no path"):
        _websocket.ask(address, path, {}, timeout=1.0)
    thread.join(10)
