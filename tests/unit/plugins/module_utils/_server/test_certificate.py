"""Certificates as a browser judges them, with real ones."""

from __future__ import annotations

import socket
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    certificate as _certificate,
    link as _link,
    tls as _tls,
)


def words(port, host="localhost"):
    return _certificate.look(host, port, 10).words(time.time())


def test_a_good_certificate(authority, behind):
    port = behind(authority.issue("localhost", "127.0.0.1", days=90))
    assert words(port).startswith("valid for 90 days, until ")
    assert words(port, "127.0.0.1") == words(port)
    assert _certificate.look("localhost", port, 10).faults == ()


@pytest.mark.parametrize(("days", "soon"), [(0, True), (13, True), (14, False)])
def test_one_that_ends_soon_is_named(authority, behind, days, soon):
    said = words(behind(authority.issue("localhost", days=days)))
    assert said.startswith(f"{_certificate.SOON} {days} days, on " if soon else "valid for 14 days")


@pytest.mark.parametrize(
    ("options", "faults"),
    [
        ({"days": -3, "age": 30}, ["expired 3 days ago, on "]),
        ({"age": -2}, ["is not valid before "]),
        ({"self_signed": True}, ["is self-signed"]),
        (
            {"self_signed": True, "days": -40, "age": 50},
            ["expired 40 days ago, on ", "is self-signed"],
        ),
    ],
)
def test_what_is_wrong_is_told(authority, behind, options, faults):
    found = _certificate.look(
        "localhost", behind(authority.issue("localhost", **options)), 10
    ).faults
    assert len(found) == len(faults)
    for fault, start in zip(found, faults):
        assert fault.startswith(start)


def test_a_certificate_for_others(authority, behind):
    names = ["a.example.net", "b.example.net", "192.0.2.1", "c.example.net", "d.example.net"]
    port = behind(authority.issue(*names))
    assert _certificate.look("localhost", port, 10).faults == (
        "is for a.example.net, b.example.net, 192.0.2.1, c.example.net and 1 more, not for"
        " localhost",
    )
    assert "not for 127.0.0.1" in words(port, "127.0.0.1")
    assert _certificate.look("localhost", behind(authority.issue()), 10).faults == (
        "is for front, not for localhost",
    )


def test_an_authority_that_nobody_knows(stranger, behind):
    (fault,) = _certificate.look("localhost", behind(stranger.issue("localhost")), 10).faults
    assert fault.startswith("is of an authority that this machine does not trust")


def test_all_that_is_wrong_at_once(stranger, behind):
    port = behind(stranger.issue("other.example.net", days=-1, age=9))
    said = words(port)
    for text in ("it expired 1 day ago", "it is for other.example.net, not for localhost"):
        assert text in said
    assert "; it is of an authority" in said


def test_one_that_nothing_would_make_good(stranger, behind, monkeypatch):
    """As one with a key that is too weak."""
    monkeypatch.setattr(_certificate, "_trusting", lambda certificate, by_name: _tls.strict())
    found = _certificate.look("localhost", behind(stranger.issue("localhost")), 10)
    assert found.words(time.time()).startswith("it is refused: ")


def test_a_machine_that_trusts_nobody(authority, behind, monkeypatch, tmp_path):
    port = behind(authority.issue("localhost"))
    (tmp_path / "none.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(OSError, match="trusts no authority: install ca-certificates"):
        _certificate.look("localhost", port, 10)


def test_where_nobody_speaks_tls(web):
    with pytest.raises(OSError):
        _certificate.look("localhost", web.port, 10)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    with pytest.raises(OSError):
        _certificate.look("localhost", free, 10)


def test_one_limit_for_everything(stranger, behind, monkeypatch):
    seconds, connect = [], _link.connect

    def counted(host, port, left):
        seconds.append(left)
        return connect(host, port, left)

    monkeypatch.setattr(_link, "connect", counted)
    words(behind(stranger.issue("localhost")))
    assert len(seconds) > 3
    assert all(later < sooner for sooner, later in zip(seconds, seconds[1:]))


def test_who_never_answers():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(OSError, match="timed out"):
            _certificate.look("127.0.0.1", port, 0.3)
