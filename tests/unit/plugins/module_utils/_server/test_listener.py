"""Who listens on a port, with real processes of two accounts."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
    sockets as _sockets,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    ask as _ask,
    run as _run,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    audience as _audience,
    http as _http,
    link as _link,
    listener as _listener,
    management as _management,
    ready as _ready,
)
from ansible_collections.streamward.antmedia.plugins.modules import settings

from tests.kit.accounts import ACCOUNT as EVE, give, only_root
from tests.kit.fake_server import ADMIN
from tests.kit.seeming import Seeming
from tests.unit.plugins.module_utils._host.bound import bind


@pytest.fixture
def at(home, fake):
    """The home's installation when its file names a port and has every secret."""

    def observe(port):
        path = home / "conf" / "red5.properties"
        with path.open("ab") as stream:
            stream.write(f"\nhttp.port={port}\nserver.jwtServerControlEnabled=true\n".encode())
            stream.write(f"server.jwtServerSecretKey={fake.SECRETS['management']}\n".encode())
        for app in ("LiveApp", "events"):
            with open(_installation.app_path(str(home), app), "ab") as stream:
                stream.write(b"\njwtControlEnabled=true\nremoteAllowedCIDR=127.0.0.1\n")
                stream.write(f"jwtSecretKey={fake.SECRETS['rest']}\n".encode())
        return _installation.observe(str(home))

    return observe


def ask_everything(installation):
    """Everything that sends a secret; returns what was said of it."""
    said = []
    for admin in (None, ADMIN):
        management = _management.Management(installation, admin)
        management.secret = "" if admin else management.secret
        for ask in (
            lambda management=management: management.claim() if management.admin else None,
            management.applications,
            management.server_settings,
            lambda management=management: management.settings("LiveApp"),
            lambda management=management: management.post_settings("LiveApp", {"jwtSecretKey": 1}),
        ):
            try:
                ask()
            except _management.RestError as error:
                said.append(str(error))
    said.append(_app.ask(installation, "LiveApp").error)
    _audience.count(installation)
    return said


# --- A6: a process of another account with the server's command line and port ---


def test_somebody_elses_server_is_sent_nothing(seeming, at):
    eve = seeming(uid=EVE)
    said = ask_everything(at(eve.port))
    assert eve.heard == []
    assert len(said) == 10
    assert all(f"process {eve.pid})" in text and "nothing was sent" in text for text in said)


def test_the_server_is_sent_what_it_is_to_have(seeming, at, fake):
    server = seeming()
    said = ask_everything(at(server.port))
    assert not any("nothing was sent" in text for text in said)
    heard = "\n".join(server.heard)
    assert "ProxyAuthorization" in heard
    assert ADMIN["email"] in heard
    assert "POST" in heard
    assert "Authorization: eyJ" in heard


def test_a_port_that_another_account_has_beside_the_server(seeming, at):
    seeming()
    eve = seeming(uid=EVE)
    said = ask_everything(at(eve.port))
    assert eve.heard == []
    account = f"(account {EVE}, process {eve.pid}), not by the server: nothing was sent"
    assert f"port {eve.port} is held by another process {account}" in said[0]


def test_a_run_brings_no_admin_to_somebody_else(seeming, at, home, call):
    """The very run of A6: nobody is admin, the server is down, its log says that it started."""
    eve = seeming(uid=EVE)
    at(eve.port)
    log = home / "log" / "ant-media-server.log"
    log.parent.mkdir()
    (home / "conf" / "logback.xml").write_text("<File>log/ant-media-server.log</File>")
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() + 5))
    with log.open("w") as stream:
        for app in ("LiveApp", "events"):
            stream.write(f"{when},1 [main] INFO x - {app} started\n")
    result = call(
        settings, home=str(home), service_manager="none", secrets={"admin": ADMIN}, ready_timeout=5
    )
    assert eve.heard == []
    assert result["failed"] and not result["changed"]
    assert result["msg"].endswith("; nothing was changed")
    for said in (
        f"port {eve.port} (http.port) is held by ",
        f" (process {eve.pid} of account {EVE})",
        f"process {eve.pid} runs as account {EVE}, which owns nothing of {home}",
    ):
        assert said in result["msg"]


def test_a_run_beside_somebody_elses_port_ends_before_it_changes_anything(
    seeming, at, home, call, fake
):
    server = seeming()
    eve = seeming(uid=EVE)
    at(eve.port)
    long_ago = _process.find(str(home))
    assert long_ago.pid == server.pid
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_ready, "START_SECONDS", 0)
        before = fake.snapshot(home)
        result = call(
            settings,
            home=str(home),
            service_manager="none",
            secrets={"admin": ADMIN},
            app_defaults={"rest_cidrs": ["127.0.0.1"]},
        )
    assert result["failed"]
    assert f"process {eve.pid}), not by the server: nothing was sent" in result["msg"]
    assert "nothing was changed" in result["msg"]
    assert fake.snapshot(home) == before
    assert eve.heard == []


def test_the_proof_sends_no_token_to_somebody_else(seeming, at, home, fake):
    server = seeming()
    eve = seeming(uid=EVE)
    with (home / "conf" / "red5.properties").open("ab") as stream:
        stream.write(f"\nrtmp.port={eve.port}\n".encode())
    installation = at(eve.port)
    assert _process.find(str(home)).pid == server.pid
    params = {
        "ready_timeout": 0,
        "secrets": {
            "management": fake.SECRETS["management"],
            "app_defaults": {"rest": fake.SECRETS["rest"], "stream": fake.SECRETS["stream"]},
        },
        "management_jwt": True,
        "app_defaults": {"rest_jwt": True, "play": "jwt", "publish": "jwt"},
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_ready, "START_SECONDS", 0)
        result = _run.Run(params, installation).run()
    assert eve.heard == []
    assert result["probes"]
    assert all("nothing was sent" in probe["answer"] for probe in result["probes"])


def test_another_machine_asks_whoever_is_there(web):
    asker = _ask.Asker(("127.0.0.1", web.port), ("127.0.0.1", 1))
    assert asker.peer is None


# --- exchanged between the look and the word ---


def hook(monkeypatch, before=None, after=None):
    connect = _link.Link.connect

    def hooked(link, place):
        if before:
            before()
        connect(link, place)
        if after:
            after()

    monkeypatch.setattr(_link.Link, "connect", hooked)


def test_a_listener_exchanged_before_the_connection(seeming, at, home, monkeypatch):
    server, taken = seeming(), []
    installation = at(server.port)

    def exchange():
        server.stop()
        taken.append(seeming(port=server.port, uid=EVE))

    assert _management.Management(installation).applications() == []
    hook(monkeypatch, before=exchange)
    with pytest.raises(_management.RestError, match="went from one process to another"):
        _management.Management(installation).applications()
    assert taken[0].heard == []


def test_a_connection_made_before_the_server_listened(home, listens, monkeypatch):
    """Whoever took the connection no longer listens when the listener is looked at."""
    eve = socket.create_server(("127.0.0.1", 0))
    port, servers, links = eve.getsockname()[1], [], []

    def exchange():
        links.append(eve.accept()[0])
        eve.close()
        servers.append(socket.create_server(("127.0.0.1", port)))

    hook(monkeypatch, after=exchange)
    answer = _http.request(port, "GET", "/", headers={"A": "b"}, peer=_listener.of(str(home)))
    assert answer.foreign
    assert "went from one process to another" in answer.error
    links[0].settimeout(1)
    assert links[0].recv(100) == b""
    links[0].close()
    servers[0].close()


def test_a_listener_that_ends_after_the_connection(home, listens, monkeypatch):
    server, links = socket.create_server(("127.0.0.1", 0)), []
    port = server.getsockname()[1]

    def end():
        links.append(server.accept()[0])
        server.close()

    hook(monkeypatch, after=end)
    answer = _http.request(port, "GET", "/", peer=_listener.of(str(home)))
    assert "leads to no port of this host" in answer.error
    links[0].close()


def test_a_listener_is_proved_once(home, web, listens, monkeypatch):
    finds = []
    monkeypatch.setattr(_process, "find", lambda home: finds.append(home) or listens)
    for _again in range(3):
        assert _http.request(web.port, "GET", "/", peer=_listener.Listener("x")).status == 404
    assert len(finds) == 3
    listener = _listener.Listener("x")
    for _again in range(3):
        assert _http.request(web.port, "GET", "/", peer=listener).status == 404
    assert len(finds) == 4


# --- where a connection leads ---


def test_every_listener_of_a_port_counts(home, listens, listed, monkeypatch):
    """Two that share a port: a connection may come to either."""
    both = [socket.socket() for _each in range(2)]
    for one in both:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind(("127.0.0.1", both[0].getsockname()[1] if one is both[1] else 0))
        one.listen()
    port = both[0].getsockname()[1]
    inodes = [os.fstat(one.fileno()).st_ino for one in both]
    assert sorted(one.inode for one in _sockets.listening(port)) == sorted(inodes)
    held = _sockets.held
    monkeypatch.setattr(_sockets, "held", lambda pid, wanted: held(pid, wanted) & {inodes[0]})
    with pytest.raises(_listener.Foreign, match="held by another"):
        _link.connect("127.0.0.1", port, 5, peer=_listener.Listener(str(home)))
    for one in both:
        one.close()


def test_by_ipv6(home, listens):
    with bind("::1", socket.AF_INET6) as server:
        port = server.getsockname()[1]
        listener = _listener.Listener(str(home))
        _link.connect("::1", port, 5, source="127.0.0.1", peer=listener).close()
        monkey = pytest.MonkeyPatch()
        monkey.setattr(_process, "find", lambda home: None)
        with pytest.raises(_listener.Foreign, match="of which none runs"):
            _link.connect("::1", port, 5, peer=_listener.Listener(str(home)))
        monkey.undo()


def test_an_address_of_another_host(home, listens):
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as link:
            sockets = _sockets.listening(port)
            elsewhere = ipaddress.ip_address("192.0.2.1")

            class There:
                family = link.family

                def getpeername(self):
                    return "192.0.2.1", port

            listener = _listener.Listener(str(home))
            listener.prove(link, sockets)
            assert not _listener._of_this_host(There(), elsewhere, sockets)
            with pytest.raises(_listener.Foreign, match="leads to no port of this host"):
                listener.prove(There(), sockets)


# --- whose it is ---


@pytest.fixture
def closed_handles(monkeypatch):
    def refuse(*_ignored):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(_sockets, "held", refuse)


def test_handles_that_may_not_be_looked_at(home, web, listens, closed_handles, monkeypatch):
    """Then the account has to do, if the process is in this network."""
    listener = _listener.Listener(str(home))
    _link.connect("127.0.0.1", web.port, 5, peer=listener).close()
    other = _process.Process(os.getpid(), 0, {}, 0, EVE)
    monkeypatch.setattr(_process, "find", lambda home: other)
    with pytest.raises(_listener.Foreign, match="held by another process"):
        _link.connect("127.0.0.1", web.port, 5, peer=_listener.Listener(str(home)))


def test_a_process_that_is_gone(home, web, monkeypatch):
    gone = _process.Process(1 << 30, 0, {}, 0, os.geteuid())
    monkeypatch.setattr(_process, "find", lambda home: gone)
    with pytest.raises(_listener.Foreign, match="held by another process"):
        _link.connect("127.0.0.1", web.port, 5, peer=_listener.Listener(str(home)))


@only_root
def test_several_that_ask_a_server_of_root_whose_files_are_an_accounts(base, fake, tmp_path):
    """As in the vendor's container: who looks for it takes the rights of that account."""
    home = fake.home(base / "antmedia")
    give(home)
    server = Seeming(home, tmp_path / "heard", named=False)  # in a container the name says nothing
    before = os.geteuid(), os.getegid(), os.getgroups()

    def ask(_number):
        _link.connect("127.0.0.1", server.port, 5, peer=listener).close()

    try:
        for _again in range(20):
            listener = _listener.Listener(str(home))
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(ask, range(8)))
    finally:
        server.stop()
    assert (os.geteuid(), os.getegid(), os.getgroups()) == before


@pytest.mark.parametrize("handles", ["open", "closed"])
def test_a_server_in_a_network_of_its_own(home, web, monkeypatch, handles, request):
    if os.geteuid() or not shutil.which("unshare"):
        pytest.skip("only root can make one")
    code = (
        "import socket, sys; s = socket.create_server(('0.0.0.0', int(sys.argv[1])));"
        "print(flush=True); sys.stdin.read()"
    )
    command = ["unshare", "-n", sys.executable, "-c", code, str(web.port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        if not child.stdout.readline():
            pytest.skip("no namespaces here")
        found = _process.Process(child.pid, 0, {}, 0, 0)
        monkeypatch.setattr(_process, "find", lambda home: found)
        if handles == "closed":
            request.getfixturevalue("closed_handles")
        with pytest.raises(_listener.Foreign, match="the server, which is in another network"):
            _link.connect("127.0.0.1", web.port, 5, peer=_listener.Listener(str(home)))
        child.stdin.close()
    assert web.requests == []


def test_nobody_says_who_listens(home, web, listens, monkeypatch):
    def refuse(*_ignored):
        raise OSError(1, "Operation not permitted")

    for name in ("_from_netlink", "_from_table"):
        monkeypatch.setattr(_sockets, name, refuse)
    answer = _http.request(web.port, "GET", "/", peer=_listener.Listener(str(home)))
    assert answer.foreign
    assert "nobody can tell who listens" in answer.error
    assert web.requests == []


def test_nobody_listens(home, listens):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = _http.request(port, "GET", "/", peer=_listener.Listener(str(home)))
    assert (answer.foreign, answer.error) == (False, "Connection refused")
