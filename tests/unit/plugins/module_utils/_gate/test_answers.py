"""The small server of HTTP: whole requests are answered, all else ends its connection."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import stat
import threading
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import answers as _answers
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.answers import (
    Answer,
    Bounds,
    Request,
    Server,
)
from hypothesis import given, settings, strategies as st

PATIENT = Bounds(connections=50, head=1000, body=500, seconds=60, idle_seconds=60)


class Running:
    """A server in a thread. asked: its requests. ended: why connections were ended."""

    def __init__(self, bounds, answer=None):
        self.asked, self.ended = [], []
        self._answer = answer or (lambda request: Answer(200, f"{request.target} {request.body!r}"))
        self._bounds = bounds
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._thread.start()
        self._ready.wait()

    async def _run(self):
        self.loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self.server = Server(self._take, self.ended.append, self._bounds)
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        await self.server.listen(listener)
        self._ready.set()
        while not self._stop.is_set():
            self.server.sweep()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 0.01)
        self.server.close()
        await asyncio.sleep(0)

    def _take(self, request):
        self.asked.append(request)
        return self._answer(request)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def talk(self, data):
        """Send something, and everything that comes until the other side ends."""
        with self.connect() as link:
            with contextlib.suppress(OSError):
                link.sendall(data)
                link.shutdown(socket.SHUT_WR)
            return everything(link)

    def close(self):
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()


def everything(link):
    found = b""
    with contextlib.suppress(ConnectionError):
        while True:
            piece = link.recv(65536)
            if not piece:
                break
            found += piece
    return found


def answer(link):
    """The next answer: its head and its body."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = link.recv(1)
        assert piece, head
        head += piece
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
    body = b""
    while len(body) < length:
        piece = link.recv(length - len(body))
        assert piece
        body += piece
    return head, body


@pytest.fixture
def start():
    running = []

    def start(bounds=PATIENT, answer=None):
        running.append(Running(bounds, answer))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture(scope="module")
def patient():
    running = Running(PATIENT)
    yield running
    running.close()


def test_a_request(patient):
    with patient.connect() as link:
        link.sendall(b"POST /a?b HTTP/1.1\r\nHost: x\r\nX-A:  b c \r\nContent-Length: 3\r\n\r\nabc")
        head, body = answer(link)
        assert body == b"/a?b b'abc'"
        assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n")
        assert b"\r\nConnection: keep-alive\r\n" in head
        request = patient.asked[-1]
        assert (request.method, request.target, request.body) == ("POST", "/a?b", b"abc")
        assert request.headers == {"host": "x", "x-a": "b c", "content-length": "3"}
        assert "x-a" not in repr(request)
        assert "abc" not in repr(request)
        link.sendall(b"GET /c HTTP/1.1\r\n\r\n")  # the same connection
        assert answer(link)[1] == b"/c b''"


def test_a_request_in_pieces_of_a_byte(patient):
    data = b"POST /slow HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET /b HTTP/1.1\r\n\r\n"
    with patient.connect() as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(len(data)):
            link.sendall(data[number : number + 1])
        assert answer(link)[1] == b"/slow b'ab'"
        assert answer(link)[1] == b"/b b''"


def test_many_requests_at_once_are_answered_in_order(patient):
    many = b"".join(b"GET /%d HTTP/1.1\r\n\r\n" % number for number in range(5000))
    with patient.connect() as link:
        sender = threading.Thread(target=link.sendall, args=(many,))
        sender.start()
        for number in range(5000):
            assert answer(link)[1] == b"/%d b''" % number
        sender.join()


@pytest.mark.parametrize(
    ("data", "keeps"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"GET / HTTP/1.1\r\nConnection: Close\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nConnection: upgrade\r\n\r\n", True),
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", True),
        (b"GET / HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n", False),
    ],
)
def test_how_long_a_connection_lasts(patient, data, keeps):
    before = len(patient.asked)
    with patient.connect() as link:
        link.sendall(data + data)
        head, _body = answer(link)
        assert (b"Connection: keep-alive" in head) is keeps
        assert (b"Connection: close" in head) is not keeps
        if not keeps:
            assert everything(link) == b""
        else:
            answer(link)
    assert len(patient.asked) == before + 1 + keeps


def test_head_has_no_body(patient):
    with patient.connect() as link:
        link.sendall(b"HEAD /abc HTTP/1.1\r\nConnection: close\r\n\r\n")
        data = everything(link)
        assert b"Content-Length: 8" in data
        assert data.endswith(b"\r\n\r\n")


def test_a_header_that_is_there_twice_has_no_text(patient):
    patient.talk(b"GET / HTTP/1.1\r\nX-Gate-Target: /a\r\nx-gate-TARGET: /b\r\n\r\n")
    assert patient.asked[-1].headers == {"x-gate-target": None}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\r\n\r\n", "no request"),
        (b"GET / HTTP/1.1\nHost: x\r\n\r\n", "no request"),
        (b"\r\nGET / HTTP/1.1\r\n\r\n", "no request"),
        (b"GET  / HTTP/1.1\r\n\r\n", "no request"),
        (b"GET / HTTP/2.0\r\n\r\n", "no request"),
        (b"GET / HTTP/1.1 \r\n\r\n", "no request"),
        (b"GET /\r\n\r\n", "no request"),
        (b"get / HTTP/1.1\r\n\r\n", "no request"),
        (b"GET http://x/ HTTP/1.1\r\n\r\n", "no request"),
        (b"GET /\xff HTTP/1.1\r\n\r\n", "no request"),
        (b"GET /a b HTTP/1.1\r\n\r\n", "no request"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "no request"),
        (b"GET / HTTP/1.1\r\nA\r\n\r\n", "no header"),
        (b"GET / HTTP/1.1\r\nA : b\r\n\r\n", "no header"),
        (b"GET / HTTP/1.1\r\n A: b\r\n\r\n", "no header"),
        (b"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "no header"),
        (b"GET / HTTP/1.1\r\nA: b\nB: c\r\n\r\n", "no header"),
        (b"GET / HTTP/1.1\r\nA: b\rB: c\r\n\r\n", "no header"),
        (b"GET / HTTP/1.1\r\nA: \x00\r\n\r\n", "no header"),
        (b"GET / HTTP/1.1\r\n: b\r\n\r\n", "no header"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "no length"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", "no length"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "no length"),
        (b"POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na", "no length"),
        (b"POST / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\na", "no length"),
        (b"POST / HTTP/1.1\r\nContent-Length: \r\n\r\n", "no length"),
        (b"POST / HTTP/1.1\r\nContent-Length: 501\r\n\r\n", "long body"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999\r\n\r\n", "no length"),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 1000 + b"\r\n\r\n", "long head"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 10_000, "long head"),
        (b"a" * 100_000, "long head"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_request_ends_its_connection(patient, data, why):
    before = len(patient.asked)
    said = patient.talk(data + b"GET /smuggled HTTP/1.1\r\n\r\n")
    if said:  # who has sent much may be reset before he reads
        assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert b"Connection: close" in said
        assert said.endswith(why.encode())
        assert said.count(b"HTTP/1.1") == 1
    assert patient.ended[-1] == why
    assert len(patient.asked) == before


def test_the_largest_that_is_taken(patient):
    head = b"POST / HTTP/1.1\r\nContent-Length: 500\r\nA: "
    head += b"a" * (1000 - len(head) - 4) + b"\r\n\r\n"
    with patient.connect() as link:
        link.sendall(head + b"b" * 500)
        assert answer(link)[0].startswith(b"HTTP/1.1 200")


def test_who_is_slow_is_ended(start):
    running = start(Bounds(seconds=0.1, idle_seconds=60))
    for data in (
        b"G",
        b"GET / HTTP/1.1\r\nA: b\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\na",
    ):
        with running.connect() as link:
            link.sendall(data)
            assert everything(link) == b""
        assert running.ended.pop() == "slow request"
    with running.connect() as link:  # drop by drop is no faster
        with contextlib.suppress(OSError):
            while True:
                link.sendall(b"a")
                time.sleep(0.01)
        assert everything(link) == b""
    assert running.ended == ["slow request"]
    assert running.asked == []


def test_who_says_nothing_is_ended(start):
    running = start(Bounds(seconds=60, idle_seconds=0.1))
    with running.connect() as link:
        assert everything(link) == b""
    with running.connect() as link:
        link.sendall(b"GET / HTTP/1.1\r\n\r\n")
        answer(link)
        assert everything(link) == b""
    assert running.ended == ["idle", "idle"]


def test_who_does_not_take_his_answers_is_ended(start):
    large = Answer(200, "x" * 30_000_000)  # more than any system holds for a connection
    running = start(Bounds(seconds=1, idle_seconds=60), lambda _request: large)
    sent = 0
    with running.connect() as link, contextlib.suppress(OSError):
        while True:
            sent += link.send(b"GET / HTTP/1.1\r\n\r\n" * 10_000)
    assert running.ended == ["slow reader"]
    assert len(running.asked) == 1  # nothing is made for him that he does not take
    assert sent < 20_000_000  # and nothing is read but by the system
    with running.connect() as link:  # also of the last answer
        link.sendall(b"GET / HTTP/1.0\r\n\r\n" * 3)
        while len(running.ended) < 2:
            time.sleep(0.01)
    assert running.ended == ["slow reader"] * 2
    assert len(running.asked) == 2


def test_there_is_a_bound_of_connections(start):
    running = start(Bounds(connections=3, seconds=60, idle_seconds=60))
    with contextlib.ExitStack() as stack:
        links = [stack.enter_context(running.connect()) for _ in range(3)]
        for link in links:
            link.sendall(b"GET / HTTP/1.1\r\n\r\n")
            answer(link)
        for _ in range(5):
            assert running.talk(b"GET /more HTTP/1.1\r\n\r\n") == b""
        assert running.ended == ["too many"] * 5
        links.pop().close()
        while len(running.server.connections) == 3:
            pass
        assert b" 200 OK" in running.talk(b"GET / HTTP/1.1\r\n\r\n")
    assert not [request for request in running.asked if request.target == "/more"]


def test_a_fault_lets_nobody_in(start):
    def fault(_request):
        raise LookupError("secret")

    running = start(answer=fault)
    with running.connect() as link:
        link.sendall(b"GET / HTTP/1.1\r\n\r\n" * 2)
        for _ in range(2):
            head, body = answer(link)
            assert head.startswith(b"HTTP/1.1 500 ")
            assert b"secret" not in head + body
    assert running.ended == ["fault LookupError"] * 2


def test_who_goes_away_in_the_middle_is_forgotten(patient):
    for data in (b"", b"GET", b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"):
        with patient.connect() as link:
            link.sendall(data)
    while patient.server.connections:
        pass


@settings(max_examples=300)
@given(st.binary(max_size=300) | st.lists(
    st.sampled_from([b"GET / HTTP/1.1", b"\r\n", b"\r\n\r\n", b"\n", b"POST /x HTTP/1.0", b"A: b",
                     b"Content-Length: 3", b"Content-Length: 600", b"abc", b"\x00", b" ",
                     b"Transfer-Encoding: chunked", b"Connection: close", b":", b"\xff"]),
    max_size=20).map(b"".join))  # fmt: skip
def test_whatever_comes_is_answered_or_ended(patient, data):
    said = patient.talk(data)
    assert said == b"" or said.startswith(b"HTTP/1.1 ")
    whole = patient.talk(b"GET /after HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert whole.endswith(b"/after b''")


def test_a_socket_in_the_place_of_an_old_one(tmp_path, start):
    path = str(tmp_path / "s.sock")
    for _ in range(2):
        made = _answers.unix_socket(path)
        made.close()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o660
    assert stat.S_ISSOCK(os.stat(path).st_mode)


def test_no_file_of_another_kind_is_removed_for_a_socket(tmp_path):
    path = tmp_path / "s.sock"
    path.write_text("x")
    before = os.umask(0o022)
    try:
        with pytest.raises(OSError):
            _answers.unix_socket(str(path))
        assert os.umask(0o022) == 0o022  # as it was
    finally:
        os.umask(before)
    assert path.read_text() == "x"


def test_it_answers_on_a_socket_in_a_folder(tmp_path, start):
    path = str(tmp_path / "s.sock")
    running = start()
    found = _answers.unix_socket(path)
    asyncio.run_coroutine_threadsafe(running.server.listen(found), running.loop).result()
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(path)
        link.sendall(b"GET /unix HTTP/1.1\r\n\r\n")
        assert answer(link)[1] == b"/unix b''"


def test_a_request_is_a_value():
    assert Request("GET", "/", {}) == Request("GET", "/", {}, b"")
