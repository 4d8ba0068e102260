from __future__ import annotations

import socket
import threading

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils import _http


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
