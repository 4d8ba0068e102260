"""The RTMP gate before real servers, with real publishers and players."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    desk as _desk,
    policy as _policy,
    rtmp_relay as _relay,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import rtmp as _rtmp
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    chunks as _chunks,
    hs256 as _hs256,
)

from tests.kit import librtmp, rtmp_captures, rtmp_fuzz, rtmp_gate
from tests.kit.authority import certificate

pytestmark = pytest.mark.sandbox

SECRET = "test-only-secret-of-the-rtmp-gate-in-the-sandbox"
OLD_SECRET = "test-only-secret-that-was-there-before-this-one-was"
OUTSIDE = "127.0.0.9"
LONG = pytest.mark.long
VERSIONS = ["2.17.1", pytest.param("2.6.2", marks=LONG), "2.6.1", pytest.param("2.4.3", marks=LONG)]


def policy(server, rtmp="refused", publishers=("127.0.0.1/32",)):
    none = {"kind": "none", "secrets": []}
    secrets = [{"secret": SECRET, "until": None}, {"secret": OLD_SECRET, "until": None}]
    return json.dumps(
        {
            "format": _policy.FORMAT,
            "home": str(server.home),
            "server_version": server.facts["version"],
            "upstream": {"http": server.http_port, "rtmp": server.rtmp_port},
            "listen": {"http": 1, "https": None, "rtmp": 2, "rtmps": None, "answers": 3},
            "certificate": None,
            "hsts": 0,
            "proxies": [],
            "panel": {"cidrs": None},
            "applications": {
                "LiveApp": {
                    "publish": {"kind": "jwt", "secrets": secrets},
                    "play": {**none, "rtmp": rtmp},
                    "publishers": publishers and list(publishers),
                    "rest": {"cidrs": None},
                    "viewers_per_token": 0,
                }
            },
        }
    )


def token(stream, secret=SECRET, **claims):
    said = {"streamId": stream, "type": "publish", "exp": int(time.time()) + 600, **claims}
    return _hs256.sign(said, secret)


@pytest.fixture(scope="module", params=VERSIONS)
def server(request, sandboxes):
    made = sandboxes(apps=["LiveApp", "events"], version=request.param)
    made.start()
    made.wait_ready()
    yield made
    made.stop()


@pytest.fixture
def desk(server):
    """The gate's own decisions, with a policy for the server."""
    made = _desk.Desk(lambda _line: None)
    made.take(policy(server))
    assert made.policy, made.why
    return made


@pytest.fixture
def gate(server, desk):
    with rtmp_gate.gate(desk, ("127.0.0.1", server.rtmp_port)) as running:
        yield running


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A film of half a minute, so that its publishers need no processor."""
    path = tmp_path_factory.mktemp("film") / "film.flv"
    picture = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=10"]
    sound = ["-f", "lavfi", "-i", "sine", "-c:a", "aac", "-b:a", "32k"]
    encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-t", "30", "-f", "flv"]
    subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", *picture, *sound, *encoder, str(path)],
        check=True,
    )
    return path


def name():
    return f"s{time.time_ns()}"


def url(port, path, app="LiveApp", scheme="rtmp"):
    return f"{scheme}://127.0.0.1:{port}/{app}/{path}"


@contextlib.contextmanager
def publisher(film, where, *more):
    """ffmpeg that publishes in real time until the block is left."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-stream_loop", "-1"]
    command += ["-i", str(film), "-c", "copy", *more, "-f", "flv", where]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def refused(film, where):
    """Whether a publisher is turned away, by what ffmpeg says."""
    with publisher(film, where) as process:
        _out, said = process.communicate(timeout=20)
        return process.returncode != 0 and b"You are not allowed to publish" in said


def get(server, path):
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", f"/LiveApp/{path}")
        answer = connection.getresponse()
        return answer.status, answer.read()


def plays(server, stream):
    """Whether the server has a playlist of a stream, with a segment that is there."""
    status, playlist = get(server, f"streams/{stream}.m3u8")
    segments = [line for line in playlist.decode().splitlines() if line and line[0] != "#"]
    return status == 200 and bool(segments) and get(server, f"streams/{segments[-1]}")[0] == 200


def until(what, seconds=30):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


@contextlib.contextmanager
def coming_from(address, port):
    """A port whose connections come to another one from an address."""
    with rtmp_captures.recorder(port, source=address) as (other, _heard):
        yield other


# --- who gets in ---


@pytest.mark.parametrize("form", ["{}?token={}", "{}/{}"])
def test_a_right_token_is_let_in_and_the_stream_plays(server, gate, film, form):
    stream = name()
    with publisher(film, url(gate.port, form.format(stream, token(stream)))) as process:
        until(lambda: plays(server, stream))
        assert process.poll() is None
    until(lambda: gate.on_air() == [])


def test_the_secret_before_is_let_in_while_it_counts(server, gate, desk, film):
    stream = name()
    where = url(gate.port, f"{stream}?token={token(stream, OLD_SECRET)}")
    with publisher(film, where) as process:
        until(lambda: plays(server, stream))
        desk.take(policy(server).replace(OLD_SECRET, SECRET))
        assert refused(film, where)
        assert process.poll() is None


def test_wrong_tokens_are_refused_and_the_server_hears_nothing(server, gate, film):
    stream = name()
    right = token(stream)
    paths = {
        "none": stream,
        "empty": f"{stream}?token=",
        "garbage": f"{stream}?token=x",
        "another secret": f"{stream}?token={token(stream, SECRET + 'x')}",
        "another stream": f"{stream}?token={token('other')}",
        "to play": f"{stream}?token={token(stream, type='play')}",
        "expired": f"{stream}?token={token(stream, exp=int(time.time()) - 1)}",
        "two": f"{stream}?token={right}&token={right}",
        "two, one of them in the path": f"{stream}/{right}?token={right}",
        "another name": f"{stream}x?streamId={stream}&token={right}",
        "another case": f"{stream.upper()}?token={right}",
        "another place": f"x/{stream}?token={right}",
    }
    for case, path in paths.items():
        assert refused(film, url(gate.port, path)), case
    assert gate.counts.of("rtmp_bytes_total", source="server") == 0
    log = server.log.read_text("utf-8", "replace")
    assert stream not in log and stream.upper() not in log


@pytest.mark.parametrize("app", ["events", "liveapp", "LiveApp%2Fevents", "nothing"])
def test_other_applications_are_refused(gate, film, app):
    stream = name()
    with publisher(film, url(gate.port, f"{stream}?token={token(stream)}", app)) as process:
        assert process.wait(20) != 0
    assert gate.counts.of("rtmp_bytes_total", source="server") == 0


def test_an_application_within_another_is_never_asked_for(server, gate, film):
    """Of LiveApp/events/s1, the stream is events, and its token s1."""
    stream = name()
    assert refused(film, url(gate.port, f"{stream}?token={token(stream)}", "LiveApp/events"))


def test_addresses(server, gate, desk, film):
    stream = name()
    with coming_from(OUTSIDE, gate.port) as port:
        assert refused(film, url(port, f"{stream}?token={token(stream)}"))
        desk.take(policy(server, publishers=["127.0.0.8/31"]))
        assert refused(film, url(gate.port, f"{stream}?token={token(stream)}"))
        with publisher(film, url(port, f"{stream}?token={token(stream)}")):
            until(lambda: plays(server, stream))


def test_the_collection_reads_the_answers(server, gate):
    stream = name()
    for said, verdict in ((stream, "refused"), (f"{stream}?token={token(stream)}", "accepted")):
        with _rtmp.Session(("127.0.0.1", gate.port)) as session:
            session.connect("LiveApp")
            assert session.may_publish(said)[0] == verdict
    with _rtmp.Session(("127.0.0.1", gate.port), source=OUTSIDE) as session:
        session.connect("LiveApp")
        assert session.may_publish(f"{stream}?token={token(stream)}")[0] == "refused"
    with _rtmp.Session(("127.0.0.1", gate.port)) as session:
        session.connect("LiveApp")
        assert session.may_play(stream)[0] == "refused"
    assert not plays(server, stream)


def test_a_publisher_by_librtmp(server, gate, film):
    if not librtmp.library():
        pytest.skip("no librtmp")
    stream = name()
    command = [sys.executable, "-m", "tests.kit.librtmp"]
    run = subprocess.run([*command, url(gate.port, stream), str(film)], timeout=60, check=False)
    assert run.returncode
    with subprocess.Popen([*command, url(gate.port, f"{stream}?token={token(stream)}"), str(film)]):
        until(lambda: plays(server, stream))


def test_rtmps(server, desk, film, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    stream = name()
    upstream = ("127.0.0.1", server.rtmp_port)
    with rtmp_gate.gate(desk, upstream, contexts=(context,)) as running:
        assert refused(film, url(running.port, stream, scheme="rtmps"))
        where = url(running.port, f"{stream}?token={token(stream)}", scheme="rtmps")
        with publisher(film, where):
            until(lambda: plays(server, stream))


# --- play ---


def picture(where):
    command = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0"]
    run = subprocess.run([*command, where], capture_output=True, text=True, timeout=30, check=False)
    return "h264" in run.stdout


def test_play_is_refused_or_let_through(server, gate, desk, film):
    stream = name()
    with publisher(film, url(gate.port, f"{stream}?token={token(stream)}")):
        until(lambda: plays(server, stream))
        assert not picture(url(gate.port, stream))
        desk.take(policy(server, rtmp="asked"))
        # The server's own switch for it works on these, and is off as shipped.
        on = not server.facts["version"].startswith("2.6.")
        assert picture(url(gate.port, stream)) == on


# --- many, and for long ---


def test_four_publishers_at_once(server, gate, film):
    streams = [f"{name()}-{number}" for number in range(4)]
    with contextlib.ExitStack() as stack:
        for stream in streams:
            where = url(gate.port, f"{stream}?token={token(stream)}")
            stack.enter_context(publisher(film, where))
        for stream in streams:
            until(lambda stream=stream: plays(server, stream))
        assert sorted(ask.stream for ask in gate.on_air()) == sorted(streams)


@pytest.mark.parametrize("seconds", [16_770, 2_147_480])
def test_times_that_need_more_room(server, gate, film, seconds):
    """A publisher of four and a half hours, and one of twenty-four days."""
    if seconds > 2**21 and server.facts["version"] != "2.17.1":
        pytest.skip("the server itself goes on no longer, with the gate or without")
    stream = name()
    where = url(gate.port, f"{stream}?token={token(stream)}")
    with publisher(film, where, "-output_ts_offset", str(seconds)) as process:
        until(lambda: plays(server, stream))
        first = get(server, f"streams/{stream}.m3u8")[1]
        time.sleep(10)
        assert process.poll() is None
        until(lambda: get(server, f"streams/{stream}.m3u8")[1] != first)


# --- when something goes ---


def test_a_server_that_is_killed(sandboxes, desk, film):
    """Its publisher is told by the end of his connection; the next one is refused, not held up."""
    server = sandboxes(apps=["LiveApp"])
    server.start()
    server.wait_ready()
    desk.take(policy(server))
    stream = name()
    with rtmp_gate.gate(desk, ("127.0.0.1", server.rtmp_port)) as running:
        where = url(running.port, f"{stream}?token={token(stream)}")
        with publisher(film, where) as process:
            until(lambda: plays(server, stream))
            os.kill(server.pid(), signal.SIGKILL)
            assert process.wait(10) != 0
        with publisher(film, where) as process:
            _out, said = process.communicate(timeout=10)
            assert b"The server does not answer" in said
    server.stop()


def test_a_server_that_is_frozen(server, desk, film):
    """Nothing piles up, new publishers are told, and a stream goes on if it was not for long."""
    stream, other = name(), f"{name()}x"
    limits = dataclasses.replace(_relay.Limits(), server=2.0, idle=20.0)
    with rtmp_gate.gate(desk, ("127.0.0.1", server.rtmp_port), limits) as running, publisher(
        film, url(running.port, f"{stream}?token={token(stream)}")
    ) as process:
        until(lambda: plays(server, stream))
        os.kill(server.pid(), signal.SIGSTOP)
        try:
            where = url(running.port, f"{other}?token={token(other)}")
            with publisher(film, where) as late:
                _out, said = late.communicate(timeout=10)
                assert b"The server does not answer" in said
        finally:
            os.kill(server.pid(), signal.SIGCONT)
        before = get(server, f"streams/{stream}.m3u8")[1]
        until(lambda: get(server, f"streams/{stream}.m3u8")[1] != before)
        assert process.poll() is None


def test_a_frozen_server_and_a_publisher_without_measure(server, desk, film):
    """What he sends and nobody takes stays with him."""
    stream = name()
    with rtmp_gate.gate(desk, ("127.0.0.1", server.rtmp_port)) as running:
        session = _rtmp.Session(("127.0.0.1", running.port))
        with session:
            session.connect("LiveApp")
            link = session.socket
            say = rtmp_gate.command
            text = f"{stream}?token={token(stream)}"
            link.sendall(say(0, "createStream", 2.0, None) + say(1, "publish", 3.0, None, text))
            until(lambda: running.on_air())
            os.kill(server.pid(), signal.SIGSTOP)
            try:
                piece = _chunks.pack(6, 9, 1, b"\x17\x01" + bytes(60_000))
                sent = 0
                link.settimeout(2)
                with contextlib.suppress(OSError):
                    while sent < 200 << 20:
                        sent += link.send(piece)
                assert sent < 64 << 20
                pairs = running.relay._pairs
                assert running.do(lambda: sum(pair.session.held for pair in pairs)) < 4 << 20
            finally:
                os.kill(server.pid(), signal.SIGCONT)


def test_a_gate_that_stops(server, desk, film):
    stream = name()
    with rtmp_gate.gate(desk, ("127.0.0.1", server.rtmp_port)) as running:
        where = url(running.port, f"{stream}?token={token(stream)}")
        with publisher(film, where) as process:
            until(lambda: plays(server, stream))
            running.close()
            assert process.wait(10) != 0
    # The server has seen the end of the stream, so it can begin again.
    with rtmp_gate.gate(desk, ("127.0.0.1", server.rtmp_port)) as running:

        def again():
            with publisher(film, url(running.port, f"{stream}?token={token(stream)}")) as process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(3)
                return process.poll() is None

        until(again)


# --- what takes long, and no server ---


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_a_million_broken_inputs(part):
    outcomes = rtmp_fuzz.many(1_000_000 + part * 100_000, 100_000)
    assert sum(outcomes.values()) == 100_000
