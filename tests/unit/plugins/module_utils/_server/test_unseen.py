"""What speaks for a server that is not seen, with real sockets and processes."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    process as _process,
    rights as _rights,
    sockets as _sockets,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import unseen as _unseen

from tests.kit.accounts import ACCOUNT as EVE

HTTPS = b'<beans><property name="address" value="${http.host}:${https.port}"/>SSLEnabled</beans>'
ME = _rights.account(os.geteuid())


@pytest.fixture
def at(fake):
    """An installation of no files, whose server file has certain lines."""

    def make(container=None, home="/ams", **lines):
        text = "".join(f"{key.replace('_', '.')}={value}\n" for key, value in lines.items())
        file = container and _files.PlainFile("/ams/x.xml", container, 0o644, 0, 0)
        return fake.installation(server=text.encode(), container=file, home=home)

    return make


@pytest.fixture
def free():
    """A port of this machine that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def listens(address="127.0.0.1", port=0):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        pytest.skip(f"{address}: {error.strerror}")


# --- which ports ---


def found(installation):
    return {
        (port.key, port.number, port.host and str(port.host))
        for port in _unseen.ports(installation)
    }


def test_the_ports_of_a_home_are_those_of_its_files(at):
    assert found(at()) == {("http.port", 5080, None), ("rtmp.port", 1935, None)}
    shown = at(http_port=80, http_host="192.0.2.1", rtmp_port=" 19350 ", rtmp_host="::")
    assert found(shown) == {("http.port", 80, "192.0.2.1"), ("rtmp.port", 19350, None)}


def test_ports_for_tls_count_where_it_is_on(at):
    both = {("http.port", 5080, None), ("rtmp.port", 1935, None)}
    assert found(at(https_port=443)) == both
    assert found(at(b"<!-- " + HTTPS + b" -->", https_port=443)) == both
    assert found(at(HTTPS, https_port=443)) == both | {("https.port", 443, None)}
    assert found(at(rtmps_enabled="false", rtmps_port=1)) == both
    on = at(rtmps_enabled="true", rtmps_host="127.0.0.1")
    assert found(on) == both | {("rtmps.port", 8443, "127.0.0.1")}


def test_what_is_no_port_or_address_is_left_out(at):
    odd = at(http_port="${port}", http_host="media.example.net", rtmp_port=0)
    assert found(odd) == {("http.port", 5080, None)}
    assert found(at(http_port=70000, rtmp_port=-1)) == set()


# --- what answers ---


def test_nothing_answers_of_a_stopped_server(at, free):
    assert _unseen.signs(at(http_port=free, rtmp_port=free)) == ""


def test_who_holds_a_port_is_told(at, free):
    with listens() as link:
        port = link.getsockname()[1]
        said = _unseen.signs(at(http_port=free, rtmp_port=port))
    holder = f"{_process.program(os.getpid())} (process {os.getpid()} of {ME})"
    assert said.startswith(f"port {port} (rtmp.port) is held by {holder}; but no server is seen")
    assert ". A server that is not seen is not a stopped one. " in said
    for way in ("ansible_connection", "antmedia_service_manager: command", "docs/containers.md"):
        assert way in said
    assert str(free) not in said


def test_a_program_that_names_itself_oddly(at, free, monkeypatch):
    monkeypatch.setattr(_process, "program", lambda pid: "\x1b[31mx")
    with listens() as link:
        said = _unseen.signs(at(http_port=link.getsockname()[1], rtmp_port=free))
    assert "\x1b" not in said


def test_a_holder_that_is_not_seen(at, free, monkeypatch):
    """As in another namespace, or with a /proc that hides it."""
    monkeypatch.setattr(_sockets, "holder", lambda inode: None)
    with listens() as link:
        port = link.getsockname()[1]
        said = _unseen.signs(at(http_port=port, rtmp_port=free))
    assert f"port {port} (http.port) is held by a process of {ME} that is not seen" in said


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_port_that_is_led_elsewhere(at, free, monkeypatch, address):
    """As one of a container is by the kernel alone."""
    monkeypatch.setattr(_sockets, "listening", lambda port: [])
    with listens(address) as link:
        port = link.getsockname()[1]
        said = _unseen.signs(at(http_port=port, rtmp_port=free))
    assert f"port {port} (http.port) answers at {address}, where nothing that is seen" in said


def test_nobody_says_who_listens(at, free, monkeypatch):
    def refuse(port):
        raise OSError("no")

    monkeypatch.setattr(_sockets, "listening", refuse)
    with listens() as link:
        port = link.getsockname()[1]
        assert f"port {port} (http.port) answers at" in _unseen.signs(
            at(http_port=port, rtmp_port=free)
        )


@pytest.mark.parametrize(
    ("own", "theirs", "signs"),
    [
        ("127.0.0.5", "127.0.0.5", True),
        ("127.0.0.5", "127.0.0.6", False),
        ("127.0.0.5", "0.0.0.0", True),
        ("127.0.0.5", "::1", False),
        ("0.0.0.0", "127.0.0.6", True),
        ("0.0.0.0", "::1", True),
        ("::1", "::1", True),
        ("::1", "127.0.0.1", False),
        ("media.example.net", "127.0.0.6", True),
    ],
)
def test_a_server_of_one_address_has_that_one_only(at, free, own, theirs, signs):
    with listens(theirs) as link:
        port = link.getsockname()[1]
        said = _unseen.signs(at(http_host=own, http_port=port, rtmp_port=free))
    assert bool(said) == signs


def test_a_server_of_another_home_on_the_same_port(at, free, seeming, home, fake, tmp_path):
    one = seeming()
    other = fake.home(tmp_path / "other")
    said = _unseen.signs(at(home=str(other), http_port=one.port, rtmp_port=free))
    assert f"(process {one.pid} of {ME}); but no server is seen that runs from {other}" in said
    assert f"process {one.pid} runs from {home}" in said
    # On other ports it is nobody's business.
    assert _unseen.signs(at(home=str(other), http_port=free, rtmp_port=free)) == ""


def test_a_server_that_only_looks_like_one_is_named(at, free, seeming, home):
    eve = seeming(uid=EVE)
    said = _unseen.signs(at(home=str(home), http_port=eve.port, rtmp_port=free))
    assert f"process {eve.pid} runs as account {EVE}, which owns nothing of {home}" in said
    # Nobody keeps a run from its work by looking like a server that listens nowhere.
    assert _unseen.signs(at(home=str(home), http_port=free, rtmp_port=free)) == ""


@pytest.mark.parametrize(
    "name", ["conf/red5.properties", "webapps/LiveApp/WEB-INF/red5-web.properties"]
)
def test_a_process_that_has_a_part_of_the_home(at, free, seeming, home, fake, tmp_path, name):
    """As in a container with a part of the home mounted, whose ports have other numbers here."""
    one = seeming()
    other = fake.home(tmp_path / "other")
    (home / name).unlink()
    (home / name).symlink_to(other / name)
    said = _unseen.signs(at(home=str(other), http_port=free, rtmp_port=free))
    assert f" has settings of {other} among its files; but no server is seen" in said
    assert f"process {one.pid} runs from {home}" in said


def test_an_account_that_may_not_see_all_is_told_so(at, free, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: EVE)
    with listens() as link:
        said = _unseen.signs(at(http_port=link.getsockname()[1], rtmp_port=free))
    assert f"(account {EVE}) may not look at every process: set ansible_become. If it" in said


# --- after a start ---


def test_why_a_server_that_was_started_is_gone(at, free):
    stopped = at(http_port=free, rtmp_port=free)
    assert _unseen.gone(stopped, True).startswith("the server ended by itself; it does so, without")
    assert _unseen.gone(stopped, False).endswith("as in a container (docs/containers.md)")
    with listens() as link:
        running = at(http_port=link.getsockname()[1], rtmp_port=free)
        assert _unseen.gone(running, True).startswith("the server was started: port ")


# --- connections ---


def test_what_answers_is_told_from_what_does_not(free):
    with listens() as link, listens() as other:
        places = {link.getsockname(), other.getsockname(), ("127.0.0.1", free)}
        assert _unseen.reached(places) == places - {("127.0.0.1", free)}
    assert _unseen.reached(set()) == set()


def test_what_says_nothing_is_not_waited_for_long(free):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as link, contextlib.ExitStack() as held:
        place = link.getsockname()
        for _each in range(3):  # until nobody is taken any more
            caller = held.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(place)
        begin = time.monotonic()
        with listens() as other:
            assert _unseen.reached({place, other.getsockname()}, 0.3) == {other.getsockname()}
        assert 0.2 < time.monotonic() - begin < 5


def test_a_connection_to_oneself_is_none():
    class Link:
        def getsockopt(self, *_asked):
            return 0

        def getsockname(self):
            return "127.0.0.1", 40000

        getpeername = getsockname

    assert not _unseen._made(Link())


def test_addresses_of_this_machine(monkeypatch):
    tables = {
        "/proc/net/fib_trie": "  |-- 127.0.0.1\n     /32 host LOCAL\n  |-- 192.0.2.7\n"
        "     /32 host LOCAL\n  |-- 192.0.2.255\n     /32 link BROADCAST\n",
        "/proc/net/if_inet6": "20010db8000000000000000000000007 02 40 00 80 eth0\n"
        "fe800000000000000000000000000001 02 40 20 80 eth0\n"
        "00000000000000000000000000000001 01 80 10 80 lo\n",
    }
    monkeypatch.setattr(_unseen, "_table", tables.get)
    assert list(map(str, _unseen.own_addresses())) == ["192.0.2.7", "2001:db8::7"]
    assert _unseen._tried(ipaddress.ip_address("192.0.2.9"), []) == [
        ipaddress.ip_address("192.0.2.9")
    ]


def test_a_table_that_is_not_there(tmp_path):
    assert _unseen._table(str(tmp_path / "none")) == ""
