from __future__ import annotations

import contextlib
import socket
import threading
import tracemalloc

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    http as _http,
    link as _link,
)


def test_an_answer(web):
    web.answers["GET", "/a?b=c"] = (200, {"x": [1]}, ("X-Y", "z"))
    answer = _http.request(web.port, "GET", "/a?b=c", headers={"A": "b"})
    assert (answer.status, answer.json(), answer.text()) == (200, {"x": [1]}, '{"x": [1]}')
    assert answer.headers["x-y"] == "z"
    assert answer.error == ""
    assert answer.seconds >= 0
    (request,) = web.requests
    assert request["headers"]["A"] == "b"
    assert request["body"] is None
    assert "Content-Type" not in request["headers"]


def test_a_body_goes_as_json(web):
    web.answers["POST", "/"] = (204, b"")
    assert _http.request(web.port, "POST", "/", body={"\u00e4": None}).status == 204
    assert web.requests[0]["body"] == {"\u00e4": None}
    assert web.requests[0]["headers"]["Content-Type"] == "application/json"


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff"])
def test_a_body_that_is_no_json(web, body):
    web.answers["GET", "/"] = (500, body)
    answer = _http.request(web.port, "GET", "/")
    assert answer.status == 500
    assert answer.json() is None
    assert isinstance(answer.text(), str)


def test_from_another_address_of_this_host(web):
    web.answers["GET", "/"] = (200, b"")
    _http.request(web.port, "GET", "/", source="127.0.0.9")
    assert web.requests[0]["source"] == "127.0.0.9"


def test_an_ipv6_host_is_not_asked_from_an_ipv4_address():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with socket.socket(socket.AF_INET6) as taken:
        try:
            taken.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")
        port = taken.getsockname()[1]
        answer = _http.request(port, "GET", "/", host="::1", source="127.0.0.1")
    assert answer.error == "Connection refused"


def test_redirects_are_answers(web):
    web.answers["GET", "/"] = (302, b"", ("Location", "http://192.0.2.1/"))
    answer = _http.request(web.port, "GET", "/")
    assert (answer.status, answer.headers["location"]) == (302, "http://192.0.2.1/")
    assert len(web.requests) == 1


def test_proxies_of_the_environment_are_not_asked(web, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:9")
    web.answers["GET", "/"] = (200, b"")
    assert _http.request(web.port, "GET", "/").status == 200


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = _http.request(port, "GET", "/")
    assert (answer.status, answer.error) == (0, "Connection refused")


@pytest.mark.parametrize(
    "reply", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_an_answer_that_breaks_off(reply):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _address = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        answer = _http.request(server.getsockname()[1], "GET", "/")
        thread.join()
    assert answer.status == 0
    assert answer.error


def test_an_answer_that_never_comes():
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = _http.request(server.getsockname()[1], "GET", "/", timeout=0.2)
    assert (answer.status, answer.error) == (0, "timed out")
    assert answer.seconds < 5


# --- answers that would take all memory, or all time ---


@pytest.fixture
def serve():
    """Answer one connection by a function of it; returns the port."""
    threads, ends = [], threading.Event()

    def start(answer):
        server = socket.create_server(("127.0.0.1", 0))

        def run():
            link, _address = server.accept()
            with link, server, contextlib.suppress(OSError):
                link.recv(1000)
                answer(link, ends)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return server.getsockname()[1]

    yield start
    ends.set()
    for thread in threads:
        thread.join()


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
    "body that says its length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 1" + b"0" * 12,
        b"\r\n\r\nx",
    ),
    "chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"8000\r\n" + b"x" * 32770,
    ),
    "trailers": (CHUNKED + b"0\r\n", b"a: b\r\n" * 9999),
    "answers before the answer": (b"", b"HTTP/1.1 100 Go on\r\n\r\n" * 9999),
    "line": (b"HTTP/1.1 200 ", b"x" * 65536),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 9999),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_end(serve, kind):
    """It ends by what came, however long a busy machine takes for that."""
    begin, more = ENDLESS[kind]
    more *= max(1, 65536 // len(more))
    times = 8 * _link.MOST_BYTES // len(more)

    def answer(link, ends):
        nonlocal times
        link.sendall(begin)
        while not ends.is_set() and times:
            link.sendall(more)
            times -= 1

    port = serve(answer)
    tracemalloc.start()
    answer = _http.request(port, "GET", "/", timeout=600)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status == 0
    assert answer.error and "timed out" not in answer.error
    assert times
    assert most < 3 * _link.MOST_BYTES


def test_an_answer_that_is_too_long_says_so(serve):
    def answer(link, _ends):
        link.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * _link.MOST_BYTES)

    assert "longer than 8388608 bytes" in _http.request(serve(answer), "GET", "/").error


def test_a_long_answer(web):
    web.answers["GET", "/"] = (200, b"x" * (_link.MOST_BYTES - 1000))
    assert len(_http.request(web.port, "GET", "/").body) == _link.MOST_BYTES - 1000


@pytest.mark.parametrize(
    "begin",
    [b"", b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"],
)
def test_an_answer_byte_by_byte(serve, begin):
    def answer(link, ends):
        link.sendall(begin)
        while not ends.wait(0.05):
            link.sendall(b"x")

    answer = _http.request(serve(answer), "GET", "/", timeout=0.5)
    assert (answer.status, answer.error) == (0, "timed out")
    assert 0.4 < answer.seconds < 3


def test_a_server_that_does_not_read(serve):
    port = serve(lambda link, ends: ends.wait())
    answer = _http.request(port, "POST", "/", body="x" * 10000000, timeout=0.5)
    assert (answer.status, answer.error) == (0, "timed out")


@pytest.mark.parametrize("body", [b"[" * 200000, b"[" * 100 + b"]" * 100, b"1e999", b"9" * 99999])
def test_json_that_does_harm_is_none(body):
    assert _http.Answer(200, body).json() is None


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000,
        b"HTTP/1.1 200 OK\r\nContent-Length: -5",
        CHUNKED + b"-5\r\nx",
        CHUNKED + b"xyz\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 101,
        b"HTTP/1.1 200 OK\r\n" + b"a" * 70000,
        b"HTTP/1.1 99999999999 OK",
        b"HTTP/9.9 200 OK",
        b"\xff\x00" * 500,
    ],
)
def test_heads_that_are_none(serve, head):
    def answer(link, _ends):
        link.sendall(head + b"\r\n\r\n" + b"x" * 100)

    assert isinstance(_http.request(serve(answer), "GET", "/", timeout=5), _http.Answer)


@pytest.mark.parametrize(("host", "port"), [("a b", 80), ("x" * 300, 80), ("127.0.0.1", 99999)])
def test_addresses_that_are_none(host, port):
    answer = _http.request(port, "GET", "/", host=host)
    assert answer.status == 0
    assert answer.error
