"""The gate's nginx in front of real servers of four versions: who plays, and who does not.

Each refusal has its twin: the same request is asked of the server itself, which lets it in.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import nginx as _nginx

from demo.sandbox import free_port
from tests.kit import gate as _gate
from tests.kit.spellings import spelled

pytestmark = pytest.mark.sandbox

VERSIONS = [
    *("2.17.1", "2.4.3"),  # of the newest and the oldest era
    *(pytest.param(version, marks=pytest.mark.long) for version in ("2.6.1", "2.6.2")),
]
CANARY = "a-canary-that-only-the-files-of-the-stream-hold"
PLAYLIST = (
    "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n"
    f"# {CANARY}\n#EXTINF:2.0,\n{{segment}}\n"
)


def segment(version, stream="s1"):
    return f"{stream}{'0' * (3 if version == '2.4.3' else 8)}1.ts"


class Front:
    """A server with files of a stream, and a gate in front of it."""

    def __init__(self, server, gate, version):
        self.server, self.gate, self.version = server, gate, version
        self.files = ("s1.m3u8", segment(version), "s1.mp4")
        self.fill()

    def fill(self):
        """All files, as they are before anybody asks."""
        for app in ("LiveApp", "open"):
            self.write(app, "s1")
            for page in ("index.html", "play.html"):
                path = self.server.home / "webapps" / app / page
                path.write_text("<html>a page of the server</html>")

    def write(self, app, stream):
        folder = self.server.home / "webapps" / app / "streams"
        folder.mkdir(exist_ok=True)
        name = segment(self.version, stream)
        (folder / f"{stream}.m3u8").write_text(PLAYLIST.format(segment=name))
        (folder / name).write_text(CANARY)
        (folder / f"{stream}.mp4").write_text(CANARY)
        previews = folder.with_name("previews")
        previews.mkdir(exist_ok=True)
        (previews / f"{stream}.png").write_text(CANARY)

    def straight(self, data, source="127.0.0.1"):
        return _gate.send(data, self.server.http_port, source)


@pytest.fixture(scope="module", params=VERSIONS)
def front(request, sandboxes, tmp_path_factory):
    server = sandboxes(apps=["LiveApp", "open", "other"], version=request.param)
    server.start()
    server.wait_ready()
    folder = tmp_path_factory.mktemp("gate")
    gate = _gate.Gate(folder, server.http_port, free_port(), request.param)
    try:
        gate.start(applications=applications())
        yield Front(server, gate, request.param)
    finally:
        gate.stop()
        server.stop()


def applications(**changed):
    opened = _gate.application(publish=_gate.NONE, play=_gate.NONE, rest=None)
    return {"LiveApp": _gate.application(**changed), "open": opened}


@pytest.fixture
def gate(front):
    """The gate, as it is at the start of each test."""
    front.fill()
    front.gate.reload(applications=applications(), panel=_gate.networks("127.0.0.1"), proxies=())
    yield front.gate
    if front.gate.daemon.process.poll() is not None:
        front.gate.daemon.start()


def token(stream="s1", kind="play", secret=_gate.SECRET, life=3600, **claims):
    made = {"streamId": stream, "type": kind, "exp": int(time.time()) + life, **claims}
    return jwt.encode({k: v for k, v in made.items() if v is not None}, secret, "HS256")


def with_token(path, *tokens):
    return path + "?" + "&".join(f"token={one}" for one in tokens)


def leaks(answer):
    return CANARY.encode() in answer.body


def refused(answer):
    """Whether the gate itself has refused."""
    return (answer.status, answer.body) == (403, b"Refused by the gate.\n")


BAD = {
    "none": None,
    "empty": "",
    "words": "a.b.c",
    "another stream": lambda: token("other"),
    "a prefix": lambda: token("s"),
    "another case": lambda: token("S1"),
    "another direction": lambda: token(kind="publish"),
    "another secret": lambda: token(secret="test-only-secret-of-somebody-else-entirely"),
    "expired": lambda: token(life=-1),
    "twice": lambda: f"{token()}&token={token()}",
}


def bad(name):
    made = BAD[name]
    return made() if callable(made) else made


@pytest.mark.parametrize("secret", [_gate.SECRET, _gate.PREVIOUS])
def test_who_has_the_token_gets_everything(front, gate, secret):
    for file in front.files:
        answer = gate.get(with_token(f"/LiveApp/streams/{file}", token(secret=secret)))
        assert answer.status == 200, file
        assert leaks(answer), file


@pytest.mark.parametrize("name", BAD)
def test_who_has_not_gets_nothing(front, gate, name):
    for file in front.files:
        path = f"/LiveApp/streams/{file}"
        made = bad(name)
        target = path if made is None else with_token(path, made)
        answer = gate.get(target)
        assert answer.status == 403, file
        assert not leaks(answer), file
        assert answer.headers["access-control-allow-origin"] == "*"
        assert leaks(front.straight(_gate.request(target))), file


def test_no_spelling_opens_a_file(front, gate):
    asked = [
        _gate.request(target + more, method, headers)
        for file in front.files
        for target in spelled("LiveApp", file)
        for more in ("", "?token=" + token("other") if "?" not in target else "")
        for method in ("GET", "HEAD", "POST")
        for headers in (
            {},
            {"X-Original-URL": f"/LiveApp/streams/{file}?token={token()}"},
            {
                "X-Rewrite-URL": f"/LiveApp/streams/{file}?token={token()}",
                "X-Gate-Target": f"/LiveApp/streams/{file}?token={token()}",
                "X-HTTP-Method-Override": "GET",
                "X-Forwarded-For": "127.0.0.1",
            },
        )
    ]
    asked = list(dict.fromkeys(asked))
    assert len(asked) > 333

    def both(data):
        here = _gate.send(data, gate.port, "127.0.0.9")
        # There a file is written by POST.
        writes = data.startswith(b"POST") and (b"chunked" in data or b"hls-upload" in data)
        return here, _gate.Answer(0, {}, b"") if writes else front.straight(data)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(both, asked))
    gave = [data.split(b"\r\n")[0] for data, (here, _) in zip(asked, answers) if leaks(here)]
    assert gave == []
    heads = [
        data.split(b"\r\n")[0]
        for data, (here, _) in zip(asked, answers)
        if data.startswith(b"HEAD") and here.status == 200
    ]
    assert heads == []
    # The server itself is taken in by many of them.
    taken_in = {data.split(b" ")[1] for data, (_, there) in zip(asked, answers) if leaks(there)}
    assert len(taken_in) > 50, sorted(taken_in)


def test_the_same_spellings_with_a_right_token_open_no_other_file(front, gate):
    front.write("LiveApp", "other")
    good = token("s1")
    for target in spelled("LiveApp", "other.m3u8"):
        answer = gate.get(target + ("&" if "?" in target else "?") + "token=" + good, "127.0.0.9")
        assert not leaks(answer), target
    for target in (
        "/LiveApp/streams/s1/../other.m3u8",
        "/LiveApp/streams/s1.m3u8/../other.m3u8",
        "/LiveApp/streams/s1.m3u8/..;/other.m3u8",
        "/LiveApp/streams/s1.m3u8streams/../other.m3u8",
    ):
        assert not leaks(gate.get(with_token(target, good))), target


def test_what_was_let_in_lets_in_nobody_else(front, gate):
    path = "/LiveApp/streams/s1.m3u8"
    front.write("LiveApp", "other")
    for _round in range(2):
        assert gate.get(with_token(path, token())).status == 200
        assert gate.get(path).status == 403
        assert gate.get(with_token(path, "x")).status == 403
        assert gate.get(with_token("/LiveApp/streams/other.m3u8", token())).status == 403
        assert gate.get(path, method="HEAD").status == 403
    # Nor does a refusal keep out whoever has the token.
    assert gate.get(with_token(path, token())).status == 200


def test_a_decision_is_remembered_for_a_moment_only(front, gate):
    target = with_token("/LiveApp/streams/s1.m3u8", token())
    assert gate.get(target).status == 200
    gate.daemon.write("{")
    _gate.until(lambda: "NOBODY GETS IN" in gate.logs(), "the policy is not read")
    begun = time.monotonic()
    _gate.until(lambda: gate.get(target).status == 403, "it is remembered for long")
    assert time.monotonic() - begun < _nginx.ALLOWED_SECONDS + 1


def test_a_token_for_one_viewer_is_for_one_viewer(front, gate):
    gate.reload(applications=applications(viewers_per_token=1))
    time.sleep(0.3)
    target = with_token("/LiveApp/streams/s1.m3u8", token(jti=str(time.time_ns())))
    assert gate.get(target).status == 200
    assert gate.get(target, "127.0.0.2").status == 403
    assert gate.get(target).status == 200
    gate.reload(applications=applications())
    time.sleep(0.3)
    assert gate.get(target, "127.0.0.2").status == 200


def test_nobody_says_where_he_comes_from(front, gate):
    header = {
        "X-Forwarded-For": "127.0.0.1",
        "X-Real-IP": "127.0.0.1",
        "Forwarded": "for=127.0.0.1",
    }
    path = "/LiveApp/rest/v2/version"
    assert front.straight(_gate.request(path, headers=header), "127.0.0.9").status == 200
    for path in ("/LiveApp/rest/v2/version", "/rest/v2/version", "/", "/other/"):
        assert not refused(gate.get(path)), path
        assert refused(gate.get(path, "127.0.0.9")), path
        assert refused(gate.get(path, "127.0.0.9", headers=header)), path


def test_a_proxy_says_where_others_come_from(front, gate):
    lists = applications(rest=_gate.networks("127.0.0.1", "127.0.0.8"))
    gate.reload(applications=lists, proxies=_gate.networks("127.0.0.5", "127.0.0.6"))
    path = "/LiveApp/rest/v2/version"

    def asked(source, *said):
        lines = "".join(f"X-Forwarded-For: {line}\r\n" for line in said)
        data = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n"
        return 403 if refused(_gate.send(data.encode(), gate.port, source)) else 200

    assert asked("127.0.0.5", "127.0.0.1") == 200
    assert asked("127.0.0.5", "198.51.100.7") == 403
    assert asked("127.0.0.5", "127.0.0.1, 198.51.100.7") == 403
    assert asked("127.0.0.5", "127.0.0.1", "198.51.100.7") == 403
    assert asked("127.0.0.5", "198.51.100.7, 127.0.0.8, 127.0.0.6") == 200
    assert asked("127.0.0.5", "127.0.0.8, 198.51.100.7, 127.0.0.6") == 403
    assert asked("127.0.0.7", "127.0.0.1") == 403


def test_lists_let_in_whom_they_name(front, gate):
    path = "/LiveApp/rest/v2/version"
    gate.reload(applications=applications(rest=()), panel=())
    assert gate.get(path).status == 403
    assert gate.get("/rest/v2/version").status == 403
    gate.reload(applications=applications(rest=_gate.networks("127.0.0.8/29")), panel=None)
    assert gate.get(path).status == 403
    assert not refused(gate.get("/rest/v2/version", "127.0.0.77"))
    assert not refused(gate.get(path, "127.0.0.9"))
    gate.reload(applications=applications(rest=None))
    assert not refused(gate.get(path, "127.0.0.77"))


DOORS = (
    ("GET", "/previews/s1.png"),
    ("PUT", "/chunked/s1.m3u8"),
    ("GET", "/chunked/s1.m3u8"),
    ("DELETE", "/chunked/s1.m3u8"),
    ("PUT", "/hls-upload/s1.m3u8"),
    ("PUT", "/streams/s1.m3u8"),
    ("PUT", "/streams/s1/x.m4s"),
    ("PUT", "/js/x.m4s"),
    ("PUT", "/js/x.mpd"),
    ("PUT", "/x.mpd"),
    ("DELETE", "/x.mpd"),
    ("GET", "/x.m4s"),
    ("POST", "/whip/s1"),
    ("GET", "/websocket"),
    ("GET", "/websocket/"),
    ("GET", "/websocket/signaling"),
    ("GET", "/WEB-INF/web.xml"),
    ("GET", "/streams/"),
    ("GET", "/streams"),
)


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_no_other_door_of_a_guarded_application_is_open(front, gate, method, path):
    headers = WEBSOCKET if "websocket" in path else {}
    target = with_token("/LiveApp" + path, token())
    assert refused(gate.get(target, method=method, headers=headers))


def test_previews_are_open_at_the_server(front):
    assert leaks(front.straight(_gate.request("/LiveApp/previews/s1.png")))


WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


def test_websockets_of_an_open_application_pass(front, gate):
    with socket.create_connection(("127.0.0.1", gate.port), 10) as link:
        link.sendall(_gate.request("/open/websocket", headers=WEBSOCKET))
        assert link.recv(4096).startswith(b"HTTP/1.1 101")


def test_an_open_application_is_as_the_server_has_it(front, gate):
    for path in (
        "/open/streams/s1.m3u8",
        "/open/previews/s1.png",
        f"/open/streams/{front.files[1]}",
    ):
        assert leaks(gate.get(path, "127.0.0.9")), path
    assert gate.get("/open/streams/s1.m3u8", method="PUT").status == 403


def test_pages_of_a_guarded_application_are_there(front, gate):
    for path in ("/LiveApp/", "/LiveApp/play.html?id=s1", "/LiveApp/index.html"):
        here, there = gate.get(path, "127.0.0.9"), front.straight(_gate.request(path))
        assert here.status == there.status == 200, path
        assert here.body[:200] == there.body[:200]
    moved = gate.get("/LiveApp", "127.0.0.9")
    assert (moved.status, moved.headers["location"]) == (302, "/LiveApp/")


@pytest.mark.parametrize(
    "path",
    [
        "/LiveApp/rest/v2/acm",
        "/LiveApp/rest/v2/acm/x",
        "/LiveApp/rest/v2/acm/../version",
        "/LiveApp/rest/v2/%61cm/x",
        "/LiveApp/rest/v2//acm/x",
        "/LiveApp/rest/v2;x/acm/x",
        "/LiveApp/rest/v2/ACM/x",
        "/LiveApp/streams/rest/v2/acm/s1.m3u8",
        "/LiveApp/rest/v2/broadcasts/rest/v2/acm",
        "/LiveApp/rest/%76ersion",
        "/LiveApp/rest/v2/version;x",
        "/LiveApp/rest/v2/%2e%2e/version",
    ],
)
def test_spellings_that_pass_the_servers_list_are_refused(front, gate, path):
    assert refused(gate.get(path))


def test_names_that_people_use_in_the_api_pass(front, gate):
    for path in (
        "/LiveApp/rest/v2/broadcasts/s1/subscribers/somebody@example.org",
        "/LiveApp/rest/v2/broadcasts/s1/subscribers/somebody%40example.org/stats",
        "/LiveApp/rest/v2/broadcasts/caf%C3%A9%20au%20lait",
        "/LiveApp/rest/v2/broadcasts/list/0/10?search=a%2Fb;c..",
    ):
        assert not refused(gate.get(path)), path


def test_much_is_uploaded_by_the_api(front, gate):
    data = b"x" * 3_000_000
    answer = gate.get("/LiveApp/rest/v2/broadcasts/create", method="POST", body=data)
    assert answer.status not in (0, 403, 413, 502)
    assert gate.get("/LiveApp/streams/s1.m3u8", method="POST", body=b"x" * 100_000).status in (
        403,
        413,
    )


def test_a_browser_on_another_site_is_told_what_it_needs(front, gate):
    asks = {
        "Origin": "https://player.example",
        "Access-Control-Request-Method": "GET",
    }
    target = "/LiveApp/streams/s1.m3u8"
    here = gate.get(target, method="OPTIONS", headers=asks)
    there = front.straight(_gate.request(target, "OPTIONS", asks))
    shared = [name for name in there.headers if name.startswith("access-control")]
    # Older servers answer no preflight: they ask it for a token, too.
    assert shared or front.version != "2.17.1"
    assert here.status == there.status
    assert [here.headers.get(name) for name in shared] == [there.headers[n] for n in shared]
    assert not leaks(here)
    told = gate.get(with_token(target, token()), headers={"Origin": "https://player.example"})
    assert told.headers["access-control-allow-origin"] == "*"
    refused = gate.get(target, headers={"Origin": "https://player.example"})
    assert refused.headers["access-control-allow-origin"] == "*"
    assert refused.headers["cache-control"] == "no-store"


def test_a_playlist_leads_to_segments_with_the_token(front, gate):
    given = token()
    answer = gate.get(
        with_token("/LiveApp/streams/s1.m3u8", given), headers={"Accept-Encoding": "gzip"}
    )
    line = next(line for line in answer.body.decode().splitlines() if not line.startswith("#"))
    assert line.startswith(f"{front.files[1]}?token={given}")
    assert line.count("token=") == 1
    assert leaks(gate.get(f"/LiveApp/streams/{line}"))
    # The files of the stream alone are rewritten.
    assert gate.get(with_token("/LiveApp/streams/s1.mp4", given)).body == CANARY.encode()


def test_parts_of_a_file_are_parts(front, gate):
    path = with_token("/LiveApp/streams/s1.mp4", token())
    answer = gate.get(path, headers={"Range": "bytes=2-5"})
    assert (answer.status, answer.body) == (206, CANARY[2:6].encode())
    assert gate.get("/LiveApp/streams/s1.mp4", headers={"Range": "bytes=2-5"}).status == 403


@pytest.mark.parametrize(
    "data",
    [
        b"GET /LiveApp/streams/s1.m3u8 HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n"
        b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"
        b"GET /LiveApp/streams/s1.m3u8 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /LiveApp/streams/s1.m3u8\r\n",
        b"GET /LiveApp/streams/s1.m3u8 HTTP/1.0\r\n\r\n",
        b"GET /LiveApp/streams/s1.m3u8 HTTP/1.1 \r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /LiveApp/streams/s1.m3u8 x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET\t/LiveApp/streams/s1.m3u8 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /LiveApp/streams/s1.m3u8\xe9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"TRACE /LiveApp/streams/s1.m3u8 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"PROPFIND /LiveApp/streams/s1.m3u8 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"get /LiveApp/streams/s1.m3u8 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"CONNECT /LiveApp/streams/s1.m3u8 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /LiveApp/rest/v2/version HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAA\r\nConnection: Upgrade, HTTP2-Settings, close\r\n\r\n",
    ],
)
def test_requests_that_are_none_give_nothing(front, gate, data):
    answer = _gate.send(data, gate.port, "127.0.0.9")
    assert answer.status not in (101, 200), answer
    assert not leaks(answer)


def test_a_body_is_no_second_request(front, gate):
    """What follows a request in its body is not taken for the next one of anybody."""
    inner = _gate.request("/LiveApp/streams/s1.mp4")
    data = _gate.request(with_token("/LiveApp/streams/s1.m3u8", token()), body=inner)
    answer = _gate.send(data, gate.port)
    assert answer.body.count(b"HTTP/1.1") == 0
    for _next in range(3):
        assert gate.get(with_token("/LiveApp/streams/s1.mp4", token())).body == CANARY.encode()


def test_a_daemon_that_is_frozen_closes_soon(front, gate):
    good = with_token("/LiveApp/streams/s1.m3u8", token(jti="frozen"))
    os.kill(gate.daemon.process.pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        answer = gate.get(good)
        assert (answer.status, answer.body) == (503, b"The gate is closed.\n")
        assert time.monotonic() - begun < _nginx.ANSWER_SECONDS + 1
        assert answer.headers["access-control-allow-origin"] == "*"
        # What needs no decision goes on.
        assert gate.get("/LiveApp/rest/v2/version").status == 200
        assert leaks(gate.get("/open/streams/s1.m3u8"))
    finally:
        os.kill(gate.daemon.process.pid, signal.SIGCONT)
    _gate.until(lambda: gate.get(good).status == 200, "it stays closed")


def test_a_daemon_that_is_gone_closes_at_once(front, gate):
    target = with_token("/LiveApp/streams/s1.m3u8", token(jti="gone"))
    assert gate.get(target).status == 200
    gate.daemon.stop()
    begun = time.monotonic()
    assert gate.get(with_token("/LiveApp/streams/s1.mp4", token())).status == 503
    assert time.monotonic() - begun < 1
    assert gate.get("/LiveApp/streams/s1.m3u8").status == 503
    _gate.until(lambda: gate.get(target).status == 503, "it is remembered for ever")
    gate.daemon.start()
    assert gate.get(target).status == 200


@pytest.mark.parametrize("text", [None, "", "{", "{}"])
def test_without_a_policy_nobody_plays(front, gate, text):
    if text is None:
        gate.daemon.policy.unlink()
    else:
        gate.daemon.write(text)
    _gate.until(
        lambda: (
            gate.get(with_token("/LiveApp/streams/s1.m3u8", token(jti=str(time.time_ns())))).status
            == 403
        ),
        "it is not read",
    )


def test_no_token_is_told_to_a_log(front, gate):
    canary = "canary-" + str(time.time_ns())
    for target in (
        f"/LiveApp/streams/s1.m3u8?token={canary}",
        f"/LiveApp/streams/s1.m3u8;token={canary}",
        f"/LiveApp/streams/s1.m3u8%3ftoken={canary}",
        f"/LiveApp/rest/v2/nothing?jwt={canary}",
        f"/LiveApp/streams/s1/eyJ{canary}",
        f"/LiveApp/chunked/x?token={canary}",
    ):
        gate.get(target, headers={"Authorization": canary, "Cookie": canary, "Referer": canary})
    gate.daemon.stop()
    gate.get(f"/LiveApp/streams/s1.m3u8?token={canary}")
    gate.daemon.start()
    gate.get("/LiveApp/streams/s1.m3u8?token=" + canary, "127.0.0.33")
    _gate.until(
        lambda: "127.0.0.33 GET /LiveApp/streams/s1.m3u8 403" in gate.logs(), "nothing told"
    )
    assert "503" in gate.logs()
    assert canary not in gate.logs()


@pytest.fixture
def on_air(front):
    stream = f"live-{time.time_ns()}"
    url = f"rtmp://127.0.0.1:{front.server.rtmp_port}/LiveApp/{stream}"
    picture = ["-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-t", "120"]
    encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "flv", url]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", *picture, *encoder]
    playlist = _gate.request(f"/LiveApp/streams/{stream}.m3u8")
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _gate.until(lambda: front.straight(playlist).status == 200, "not on air", 60)
            yield stream
        finally:
            process.kill()


def plays(url, seconds=4):
    command = [
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-i",
        url,
        "-t",
        str(seconds),
        "-f",
        "null",
        "-",
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return run.returncode == 0 and not run.stderr


def test_a_player_plays_with_the_token_and_not_without(front, gate, on_air):
    url = f"http://127.0.0.1:{gate.port}/LiveApp/streams/{on_air}.m3u8"
    assert plays(f"{url}?token={token(on_air)}")
    assert not plays(url)
    assert not plays(f"{url}?token={token('other')}")
    assert plays(f"http://127.0.0.1:{front.server.http_port}/LiveApp/streams/{on_air}.m3u8")


def test_a_reload_drops_nobody(front, gate):
    target = with_token("/LiveApp/streams/s1.m3u8", token())
    end = time.monotonic() + 4

    def watch(_number):
        found = []
        while time.monotonic() < end:
            found.append(gate.get(target).status)
        return found

    with ThreadPoolExecutor(4) as pool:
        running = pool.map(watch, range(4))
        changed = 0
        while time.monotonic() < end - 0.5:
            changed += 1
            gate.reload(panel=_gate.networks(f"127.0.1.{changed}"))
        answers = [status for found in running for status in found]
    assert changed > 3
    assert len(answers) > 100
    assert set(answers) == {200}


def test_many_bad_tokens_keep_nobody_out(front, gate):
    """What is remembered of refusals is bounded, and whoever has a token plays meanwhile."""
    end = time.monotonic() + 4

    def ask(number):
        count = 0
        while time.monotonic() < end:
            count += 1
            gate.get(with_token("/LiveApp/streams/s1.m3u8", f"x{number}.{count}.{'y' * 1500}"))
        return count

    with ThreadPoolExecutor(3) as pool:
        running = pool.map(ask, range(3))
        while time.monotonic() < end:
            target = with_token("/LiveApp/streams/s1.m3u8", token(jti=str(time.time_ns())))
            assert gate.get(target).status == 200
        asked = sum(running)
    assert asked > 300
    folder = gate.folder / "cache" / "answers"
    _gate.until(
        lambda: not [p for p in folder.rglob("*") if p.is_file()], "nothing is forgotten", 40
    )
