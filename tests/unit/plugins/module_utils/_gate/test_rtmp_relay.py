from __future__ import annotations

import contextlib
import dataclasses
import socket
import ssl
import struct
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    rtmp_relay as _relay,
    rtmp_session as _session,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import rtmp as _rtmp
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    amf0 as _amf0,
    chunks as _chunks,
)

from tests.kit.authority import certificate
from tests.kit.rtmp_gate import CLIENT_HELLO, CLIENT_REPLY, GOOD, Rules, command, gate

NAME = f"s1?token={GOOD}"
START = {"code": "NetStream.Publish.Start"}


def until(what, seconds=10):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def rules():
    return Rules()


@pytest.fixture
def open_gate(rtmp, rules):
    """Start a gate before the fake server, with limits given as keywords."""
    with contextlib.ExitStack() as stack:

        def start(upstream=None, contexts=(None,), **limits):
            limits = dataclasses.replace(_relay.Limits(), **limits)
            where = upstream or ("127.0.0.1", rtmp.port)
            return stack.enter_context(gate(rules, where, limits, contexts))

        yield start


def session(port, **options):
    return _rtmp.Session(("127.0.0.1", port), **options)


def publishing(port, name=NAME, **options):
    """A client whose publishing was allowed; the caller closes it."""
    made = session(port, **options)
    made.connect("LiveApp")
    send(
        made, command(0, "createStream", 2.0, None), command(1, "publish", 3.0, None, name, "live")
    )
    return made


def send(made, *data):
    made.socket.sendall(b"".join(data))


def phases(running):
    names = ("phase", *_session.PHASES)
    return {name: int(running.counts.of("rtmp_connections", phase=name)) for name in names[1:]}


def nobody(running):
    """Whether nothing is left of any connection."""
    relay = running.relay
    return running.do(lambda: not relay._pairs and not relay._peers and not relay._begins)


def reasons(running):
    found = running.counts.text()
    return {
        line.partition('"')[2].partition('"')[0]
        for line in found.splitlines()
        if line.startswith("streamward_gate_rtmp_ended_total{")
    }


# --- as the collection's own question reads it ---


def test_who_is_let_in_is_answered_by_the_server_itself(open_gate, rtmp):
    running = open_gate()
    for verdict in ("accepted", "refused", "closed"):
        rtmp.publish = lambda *_asked, verdict=verdict: verdict
        with session(running.port) as made:
            made.connect("LiveApp")
            assert made.may_publish(NAME)[0] == verdict
    assert [asked[:2] for asked in rtmp.asked] == [("LiveApp", NAME)] * 3


def test_who_is_not_let_in_is_refused_without_the_server(open_gate, rtmp, rules):
    running = open_gate()
    for name in ("s1", "s1?token=bad"):
        with session(running.port) as made:
            made.connect("LiveApp")
            assert made.may_publish(name)[0] == "refused"
        with session(running.port) as made:
            made.connect("LiveApp")
            assert made.may_play(name)[0] == "refused"
    assert not rtmp.asked and not rtmp.played
    assert running.counts.of("rtmp_bytes_total", source="server") == 0


def test_an_address_outside_is_refused_in_words_that_are_understood(open_gate, rules, rtmp):
    running = open_gate()
    rules.outside.add("127.0.0.9")
    with session(running.port, source="127.0.0.9") as made:
        made.connect("LiveApp")
        assert made.may_publish(NAME)[0] == "refused"
    with session(running.port, source="127.0.0.8") as made:
        made.connect("LiveApp")
        assert made.may_publish(NAME)[0] == "accepted"
    assert [address for _app, address in rules.entered] == ["127.0.0.9", "127.0.0.8"]


def test_an_application_that_there_is_not(open_gate):
    running = open_gate()
    with session(running.port) as made, pytest.raises(_rtmp.Rejected):
        made.connect("other")
    until(lambda: "refused" in reasons(running))


def test_a_player(open_gate, rtmp):
    running = open_gate()
    with session(running.port) as made:
        made.connect("LiveApp")
        assert made.may_play(NAME)[0] == "accepted"
    assert rtmp.played == [("LiveApp", "s1", "127.0.0.1", 1)]


def test_tls(open_gate, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    running = open_gate(contexts=(None, context))
    plain, secure = running.ports
    for port, tls in ((plain, False), (secure, True)):
        with session(port, tls=tls) as made:
            made.connect("LiveApp")
            assert made.may_publish(NAME)[0] == "accepted"
        with session(port, tls=tls) as made:
            made.connect("LiveApp")
            assert made.may_publish("s1")[0] == "refused"
    for port, tls in ((plain, True), (secure, False)):
        with pytest.raises(_rtmp.RtmpError):
            session(port, tls=tls, timeout=2).close()


def test_tls_without_a_certificate_lets_in_nobody(open_gate, rtmp):
    running = open_gate()
    listener = socket.create_server(("127.0.0.1", 0))
    end = running.do(lambda: running.relay.listen(listener, lambda: None))
    with pytest.raises(_rtmp.RtmpError):
        session(listener.getsockname()[1]).close()
    running.do(end)


# --- on air ---


def test_a_stream_reaches_the_server(open_gate, rtmp):
    rtmp.publish = lambda *_asked: START
    running = open_gate()
    made = publishing(running.port)
    with made:
        until(lambda: rtmp.asked)
        payloads = [bytes((number,)) * 50_000 for number in range(100)]
        for number, payload in enumerate(payloads):
            send(made, _chunks.pack(6, _chunks.VIDEO, 1, payload, time=number))
        until(lambda: len(rtmp.media) == 100)
        assert rtmp.media == [(_chunks.VIDEO, 1, payload) for payload in payloads]
        until(lambda: phases(running)["on air"] == 1)
        (ask,) = running.on_air()
        assert (ask.app, ask.stream, ask.direction, ask.token, ask.address) == (
            *("LiveApp", "s1", "publish"),
            *(None, "127.0.0.1"),
        )
    until(lambda: nobody(running))
    until(lambda: running.counts.of("rtmp_bytes_total", source="clients") > 5_000_000)


def test_the_end_of_a_short_message_is_not_waited_for_when_the_client_ends(open_gate, rtmp):
    rtmp.publish = lambda *_asked: START
    running = open_gate()
    with publishing(running.port) as made:
        until(lambda: rtmp.asked)
        until(lambda: phases(running)["on air"] == 1)
        data = _chunks.pack(6, _chunks.VIDEO, 1, b"last")
        send(made, data[:-2])
        time.sleep(0.1)
        send(made, data[-2:])
    until(lambda: rtmp.media == [(_chunks.VIDEO, 1, b"last")])


def test_when_the_server_hangs_up_the_client_is_told(open_gate, rtmp):
    rtmp.publish = lambda *_asked: "closed"
    running = open_gate()
    with publishing(running.port) as made, pytest.raises((EOFError, ConnectionError)):
        for _each in made._commands():
            pass
    assert reasons(running) == {"the server hung up"}


def test_when_the_gate_stops_everybody_is_gone(rtmp, rules):
    rtmp.publish = lambda *_asked: START
    with gate(rules, ("127.0.0.1", rtmp.port)) as running:
        made = publishing(running.port)
        until(lambda: rtmp.asked)
    with made, pytest.raises((EOFError, OSError)):
        for _each in made._commands():
            pass
    with pytest.raises(_rtmp.RtmpError):
        session(running.port)


def test_when_a_listener_ends_who_is_connected_stays(open_gate, rtmp):
    rtmp.publish = lambda *_asked: START
    running = open_gate()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    end = running.do(lambda: running.relay.listen(listener))
    with publishing(port) as made:
        until(lambda: rtmp.asked)
        running.do(end)
        until(lambda: listener.fileno() == -1)
        with pytest.raises(_rtmp.RtmpError):
            session(port)
        send(made, _chunks.pack(6, _chunks.VIDEO, 1, b"still"))
        until(lambda: rtmp.media)


def test_who_is_no_longer_allowed_is_ended_and_others_stay(open_gate, rtmp):
    rtmp.publish = lambda *_asked: START
    running = open_gate()
    with publishing(running.port) as goes, publishing(running.port, f"s2?token={GOOD}") as stays:
        until(lambda: len(rtmp.asked) == 2)
        running.do(lambda: running.relay.review(lambda ask: ask.stream != "s1"))
        with pytest.raises((EOFError, ConnectionError)):
            for _each in goes._commands():
                pass
        send(stays, _chunks.pack(6, _chunks.VIDEO, 1, b"still"))
        until(lambda: rtmp.media)
    assert "no longer allowed" in reasons(running)


# --- time ---


def gone(link, seconds=5):
    link.settimeout(seconds)
    while link.recv(65536):
        pass
    return True


@pytest.mark.parametrize(
    "says", [b"", CLIENT_HELLO[:500], CLIENT_HELLO, CLIENT_HELLO + CLIENT_REPLY[:-1]]
)
def test_who_does_not_greet(open_gate, says):
    running = open_gate(greeting=0.3)
    with socket.create_connection(("127.0.0.1", running.port)) as link:
        link.sendall(says)
        assert gone(link)
    assert reasons(running) == {"too slow"}


@pytest.mark.parametrize(
    "says", [b"", command(0, "connect", 1.0, {"app": "LiveApp"}), command(0, "connect", 1.0)[:9]]
)
def test_who_does_not_ask(open_gate, says):
    running = open_gate(greeting=0.1, asking=0.5)
    with socket.create_connection(("127.0.0.1", running.port)) as link:
        link.sendall(CLIENT_HELLO + CLIENT_REPLY + says)
        began = time.monotonic()
        assert gone(link)
        assert 0.4 < time.monotonic() - began < 3
    assert reasons(running) == {"too slow"}


def test_who_sends_a_byte_at_a_time(open_gate):
    running = open_gate(greeting=0.5)
    with socket.create_connection(("127.0.0.1", running.port)) as link, pytest.raises(OSError):
        for byte in CLIENT_HELLO + CLIENT_REPLY:
            link.sendall(bytes((byte,)))
            time.sleep(0.01)
    assert reasons(running) == {"too slow"}


def test_who_is_silent_on_air(open_gate, rtmp):
    rtmp.publish = lambda *_asked: START
    running = open_gate(idle=0.5)
    with publishing(running.port) as made:
        for _each in range(10):
            send(made, _chunks.pack(6, _chunks.VIDEO, 1, b"x" * 20))
            time.sleep(0.1)
        assert phases(running)["on air"] == 1
        assert gone(made.socket)
    assert reasons(running) == {"idle"}


def silent():
    """A port where connections are taken and nothing is ever said."""
    return socket.create_server(("127.0.0.1", 0))


def test_a_server_that_says_nothing(open_gate):
    with silent() as listener:
        running = open_gate(upstream=listener.getsockname(), server=0.3)
        with session(running.port) as made:
            made.connect("LiveApp")
            assert made.may_publish(NAME) == (
                "other",
                "NetStream.Failed: The server does not answer.",
            )
            assert gone(made.socket)
    assert reasons(running) == {"the server hung up"}


def test_a_server_that_is_not_there(open_gate):
    with silent() as listener:
        nowhere = listener.getsockname()
    running = open_gate(upstream=nowhere)
    with session(running.port) as made:
        made.connect("LiveApp")
        assert made.may_publish(NAME)[0] == "other"
        assert gone(made.socket)


def test_who_does_not_read_what_he_is_told_at_the_end(open_gate):
    running = open_gate(linger=0.3)
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.connect(("127.0.0.1", running.port))
        link.sendall(CLIENT_HELLO + CLIENT_REPLY + command(0, "connect", 1.0, {"app": "no"}))
        until(lambda: reasons(running))
        until(lambda: nobody(running))


# --- room ---


def test_so_many_connections_of_one_address(open_gate):
    running = open_gate(peer=3)
    with contextlib.ExitStack() as stack:
        for _each in range(3):
            stack.enter_context(session(running.port))
        with pytest.raises(_rtmp.RtmpError):
            session(running.port, timeout=2).close()
        stack.enter_context(session(running.port, source="127.0.0.2"))
    until(lambda: nobody(running))
    session(running.port).close()


@pytest.mark.parametrize("limit", ["connections", "undecided"])
def test_so_many_connections_in_all(open_gate, rtmp, limit):
    rtmp.publish = lambda *_asked: START
    running = open_gate(**{limit: 3})
    with contextlib.ExitStack() as stack:
        for number in range(3):
            stack.enter_context(session(running.port, source=f"127.0.0.{number + 2}"))
        with pytest.raises(_rtmp.RtmpError):
            session(running.port, timeout=2).close()
        assert "too many connections" in reasons(running)
    until(lambda: nobody(running))
    with contextlib.ExitStack() as stack:
        for _each in range(3):
            stack.enter_context(publishing(running.port))
        until(lambda: phases(running)["on air"] == 3)
        if limit == "undecided":
            session(running.port).close()
        else:
            with pytest.raises(_rtmp.RtmpError):
                session(running.port, timeout=2).close()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("::ffff:127.0.0.1", "127.0.0.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_whom_an_address_counts_for(address, network):
    assert _relay._network(address) == network


def flood(link, data, seconds):
    """Send as much as is taken; how much that was when nothing more was for so long."""
    link.settimeout(seconds)
    sent = 0
    with contextlib.suppress(OSError):
        while sent < 200 << 20:
            sent += link.send(data)
    return sent


def buffered(running):
    return running.do(
        lambda: [
            (
                pair.session.held,
                pair.client.transport.get_write_buffer_size(),
                pair.behind.transport.get_write_buffer_size() if pair.behind.transport else 0,
            )
            for pair in running.relay._pairs
        ]
    )


def test_a_server_that_reads_no_more_holds_up_the_client(open_gate, rtmp):
    """Nothing piles up in the gate, and when the server reads again all of it arrives."""
    resume = []

    def publish(*_asked):
        resume.append(True)
        return START

    rtmp.publish = publish
    running = open_gate(buffer=64 << 10, idle=60)
    frozen = [True]
    take = rtmp.media.append
    rtmp.media = type("Slow", (list,), {"append": lambda _self, each: wait(frozen) or take(each)})()
    with publishing(running.port) as made:
        until(lambda: resume)
        piece = _chunks.pack(6, _chunks.VIDEO, 1, bytes(60_000), time=1)
        sent = flood(made.socket, piece, 1)
        assert sent < 60 << 20
        ((held, _client, behind),) = buffered(running)
        assert held + behind < (64 << 10) + (256 << 10) + (1 << 20)
        assert phases(running)["on air"] == 1
        frozen.clear()
        made.socket.settimeout(20)
        made.socket.sendall(piece[sent % len(piece) :] if sent % len(piece) else b"")
        until(lambda: frozen == [] and phases(running)["on air"] == 1)
        until(lambda: buffered(running)[0][2] == 0, 20)


def wait(frozen):
    while frozen:
        time.sleep(0.02)


def test_a_client_that_reads_no_more_holds_up_the_server(open_gate, rtmp, rules):
    with silent() as listener:
        running = open_gate(upstream=listener.getsockname(), buffer=64 << 10)
        made = session(running.port)
        made.connect("LiveApp")
        send(made, command(0, "createStream", 2.0, None), command(1, "play", 3.0, None, NAME))
        with made, listener.accept()[0] as link:
            link.settimeout(5)
            hello = b""
            while len(hello) < 1537:
                hello += link.recv(1537 - len(hello))
            link.sendall(b"\x03" + bytes(3072))
            link.sendall(command(0, "_result", 1.0, None, {}, size=128))
            link.sendall(command(0, "_result", 2.0, None, 1.0, size=128))
            link.sendall(_chunks.pack(2, 1, 0, struct.pack(">I", 1 << 20)))
            sent = flood(link, _chunks.pack(6, 9, 1, bytes(60_000), 1 << 20), 1)
            assert sent < 60 << 20
            ((held, client, _behind),) = buffered(running)
            assert held + client < (64 << 10) + (256 << 10) + (1 << 20)


def test_nobody_takes_memory_before_he_is_let_in(open_gate, rtmp):
    running = open_gate(peer=500, undecided=500)
    big = _chunks.pack(8, _chunks.COMMAND, 0, bytes(16 << 10))[:-1]
    with contextlib.ExitStack() as stack:
        for _each in range(100):
            made = stack.enter_context(session(running.port))
            made.connect("LiveApp")
            made.socket.sendall(big)
        time.sleep(0.3)
        found = buffered(running)
        assert len(found) == 100
        assert sum(map(sum, found)) < 100 * (17 << 10)


def test_who_floods_before_he_is_let_in_is_ended(open_gate):
    running = open_gate()
    with session(running.port) as made:
        made.connect("LiveApp")
        ping = _chunks.pack(2, _chunks.CONTROL, 0, struct.pack(">HI", 6, 1))
        flood(made.socket, ping * 1000, 3)
    assert reasons(running) == {"too much before anything was allowed"}


def test_who_talks_on_still_hears_why_it_is_over(open_gate):
    """What is sent meanwhile, and nobody reads, must not make the system drop the last words."""
    running = open_gate()
    for _each in range(20):
        with session(running.port) as made:
            made.connect("LiveApp")
            bad = command(1, "publish", 3.0, None, "s1?token=bad", "live")
            send(made, bad * 4, bad * 200)
            codes = []
            with contextlib.suppress(EOFError):
                for values in made._commands():
                    codes.append(values[3]["code"])
            assert codes == ["NetStream.Publish.BadName"] * 4


def test_who_sends_on_after_the_end_is_not_cut_off_at_once(open_gate):
    """Systems differ in what they do with words that came before a connection was reset."""
    running = open_gate(linger=1.0)
    with session(running.port) as made:
        made.connect("LiveApp")
        send(made, command(1, "publish", 3.0, None, "s1?token=bad", "live") * 4)
        assert gone(made.socket)
        for _each in range(5):
            send(made, _chunks.pack(2, _chunks.CONTROL, 0, struct.pack(">HI", 6, 1)))
            time.sleep(0.05)
        until(lambda: nobody(running))


def test_what_is_no_rtmp_is_ended_at_once(open_gate):
    running = open_gate()
    with socket.create_connection(("127.0.0.1", running.port)) as link:
        link.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert gone(link, 2)


def test_who_hangs_up_in_the_middle_is_forgotten(open_gate, rtmp):
    rtmp.publish = lambda *_asked: START
    running = open_gate()
    for says in (b"", CLIENT_HELLO[:9], CLIENT_HELLO + CLIENT_REPLY):
        with socket.create_connection(("127.0.0.1", running.port)) as link:
            link.sendall(says)
    with silent() as listener:
        other = open_gate(upstream=listener.getsockname(), server=0.3)
        publishing(other.port).close()
        until(lambda: nobody(other))
    made = publishing(running.port)
    until(lambda: rtmp.asked)
    made.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    made.close()
    until(lambda: nobody(running))


def test_serve_alone(rtmp, rules):
    """The gate by itself, until it is cancelled."""
    import asyncio

    async def main():
        listener = socket.create_server(("127.0.0.1", 0))
        counts = _relay._counts.Counts()
        where = ("127.0.0.1", rtmp.port)
        task = asyncio.ensure_future(
            _relay.serve([(listener, None)], rules, lambda: where, _relay.Limits(), counts)
        )
        port = listener.getsockname()[1]

        def ask():
            with session(port) as made:
                made.connect("LiveApp")
                return made.may_publish(NAME)[0]

        verdict = await asyncio.get_running_loop().run_in_executor(None, ask)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return verdict

    assert asyncio.run(main()) == "accepted"


def test_metadata_reaches_the_server(open_gate, rtmp):
    rtmp.publish = lambda *_asked: START
    running = open_gate()
    meta = _amf0.encode("@setDataFrame", "onMetaData", {"width": 1.0})
    with publishing(running.port) as made:
        until(lambda: rtmp.asked)
        send(made, _chunks.pack(4, _chunks.DATA, 1, meta))
        until(lambda: rtmp.media == [(_chunks.DATA, 1, meta)])
