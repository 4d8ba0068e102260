"""The gate, its nginx and its daemon, as processes of this machine in front of a server."""

from __future__ import annotations

import contextlib
import dataclasses
import ipaddress
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    nginx as _nginx,
    policy as _policy,
)

from .gate_daemon import GateDaemon

SECRET = "test-only-stream-secret-of-the-gate-tests"
PREVIOUS = "test-only-former-secret-of-the-gate-tests"
JWT = _policy.Direction("jwt", (_policy.Secret(SECRET), _policy.Secret(PREVIOUS)))
NONE = _policy.Direction("none")
PATIENCE = 20


def program() -> str:
    found = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    assert found, "nginx is not installed: tests/tools/system.py"
    return found


def networks(*texts: str) -> tuple:
    return tuple(map(ipaddress.ip_network, texts))


def application(**changed) -> _policy.Application:
    """An application that is guarded in both directions, but for what is said."""
    given = {"publish": JWT, "play": JWT, "publishers": None, "rest": networks("127.0.0.1")}
    return _policy.Application(**{**given, **changed})


@dataclasses.dataclass
class Answer:
    """What came of a request: 0 for none."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(data: bytes, port: int, source="127.0.0.1", tls=False, wait=15, to="127.0.0.1") -> Answer:
    """Send bytes and read all that comes of them; the request has to ask for the end."""
    with contextlib.ExitStack() as stack:
        try:
            link = socket.create_connection((to, port), wait, (source, 0))
            stack.enter_context(link)
            if tls:
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                link = stack.enter_context(context.wrap_socket(link))
            link.sendall(data)
            received = b""
            while True:
                more = link.recv(65536)
                if not more:
                    break
                received += more
        except (ConnectionError, TimeoutError):
            return Answer(0, {}, b"")
    return parsed(received)


def parsed(received: bytes) -> Answer:
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) < 2 or not words[1].isdigit():
        return Answer(0, {}, received)
    headers = dict((name.lower(), value) for name, _, value in (x.partition(": ") for x in lines))
    if headers.get("transfer-encoding") == "chunked":
        body = joined(body)
    return Answer(int(words[1]), headers, body)


def joined(body: bytes) -> bytes:
    """A body that came in pieces."""
    found = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        found, body = found + body[:length], body[length + 2 :]
        if not length:
            break
    return found


def request(
    target: str, method: str = "GET", headers: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    given = {"Host": "gate.example", "Connection": "close", **(headers or {})}
    if body:
        given.setdefault("Content-Length", str(len(body)))
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body


class Gate:
    """A gate in front of a server.

    :arg folder: of its own.
    :arg server: the port of the server.
    """

    def __init__(self, folder: Path, server: int, port: int, version: str = "2.17.1") -> None:
        self.folder, self.port = folder, port
        folder.mkdir(parents=True, exist_ok=True)
        self.daemon = GateDaemon(folder, {"listen": {}})
        self.conf = folder / "nginx.conf"
        self.log = folder / "access.log"
        self.places = _nginx.Places(
            str(folder / "run"),
            str(folder / "cache"),
            str(folder / "answers.sock"),
            str(folder / "certificate.pem"),
            str(folder / "key.pem"),
            str(self.log),
        )
        self.policy = _policy.Policy(
            str(folder),
            version,
            _policy.Upstream(server, 1),
            _policy.Listen(port, None, rtmps=None, **self.daemon.ports),
            panel=networks("127.0.0.1"),
            applications={"LiveApp": application()},
        )
        self.nginx: subprocess.Popen | None = None

    def write(self, **changed) -> None:
        """Write the policy and what follows from it, with changes."""
        self.policy = dataclasses.replace(self.policy, **changed)
        self.daemon.write(_policy.written(self.policy))
        self.conf.write_text(_nginx.text(self.policy, self.places), "ascii")

    def start(self, **changed) -> None:
        self.write(**changed)
        self.daemon.start()
        self.start_nginx()

    def start_nginx(self) -> None:
        for place in (self.places.run, self.places.cache):
            Path(place).mkdir(mode=0o700, exist_ok=True)
        with (self.folder / "error.log").open("ab") as log:
            self.nginx = subprocess.Popen(
                [program(), "-c", str(self.conf), "-g", "daemon off; user root;"], stderr=log
            )
        until(lambda: self.state() == _nginx.mark(self.conf.read_text()), "nginx does not answer")

    def state(self) -> str:
        answer = send(request(_nginx.STATE_PATH), self.port)
        return answer.body.decode().strip() if answer.status == 200 else ""

    def reload(self, **changed) -> None:
        self.write(**changed)
        self.nginx.send_signal(signal.SIGHUP)
        until(lambda: self.state() == _nginx.mark(self.conf.read_text()), "nginx does not reload")

    def get(self, target: str, source: str = "127.0.0.1", **more) -> Answer:
        return send(request(target, **more), self.port, source)

    def logs(self) -> str:
        """All that was told of this gate."""
        files = (self.log, self.folder / "error.log", self.folder / "errors")
        return "".join(path.read_text("utf-8", "replace") for path in files if path.exists())

    def stop(self) -> None:
        end(self.nginx)
        self.daemon.close()


def end(process: subprocess.Popen | None) -> None:
    if process and process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(condition, what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
