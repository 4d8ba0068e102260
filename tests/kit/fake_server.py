"""A web server that answers as it is told, and on it a server as far as the collection sees one."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import os
import threading
import time
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    held as _held,
    hs256 as _hs256,
)

# The first admin of the made-up server.
ADMIN = {"email": "admin@example.net", "password": "a password that is nobody's"}


def digest(password):
    """What the server stores of a password."""
    return hashlib.md5(password.encode()).hexdigest()


class Web:
    """A web server on loopback that answers as it is told and remembers what it was asked.

    answers: by method and path, a pair of status and body (an object for JSON, or bytes), or a
    function of the request that returns one. Whatever is not there is 404.
    """

    def __init__(self):
        self.answers = {}
        self.requests = []
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def _answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                request = {
                    "method": self.command,
                    "path": self.path,
                    "headers": dict(self.headers),
                    "source": self.client_address[0],
                    "body": json.loads(self.rfile.read(size)) if size else None,
                }
                web.requests.append(request)
                answer = web.answers.get((self.command, self.path), (404, b"nothing"))
                if callable(answer):
                    answer = answer(request)
                status, body, *headers = answer
                if not isinstance(body, bytes):
                    body = json.dumps(body).encode()
                self.send_response(status)
                for name, text in headers:
                    self.send_header(name, text)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _answer

            def log_message(self, *_ignored):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def paths(self):
        """What was asked, as texts of method and path."""
        return ["{method} {path}".format(**request) for request in self.requests]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def this_process(started, environ, ticks=0):
    """The process of the tests as that of a server: here is what listens on the ports of fakes."""
    return _process.Process(os.getpid(), started, environ, ticks, os.geteuid())


class Ams:
    """A server in as far as the collection sees it: what it reads, holds, answers and rewrites.

    It reads its files when it starts, and never again; a settings save writes everything it holds.
    """

    def __init__(self, home, web):
        self.home, self.web = home, web
        self.process = None
        self.started = self.stopped = 0
        self.environ = {}
        self.users = {ADMIN["email"]: digest(ADMIN["password"])}
        self.log_ins = 0  # that were refused
        self.streams = {}  # by application, what its list of broadcasts says
        # Lines of the log when a start fails, as long as it does: given the installation.
        self.trouble = lambda installation: None
        self.open_starts = 0  # how many of the next starts leave applications at their defaults
        self.silent = []  # applications that do not come up
        self.deaf = []  # applications that forget what is posted to them
        self.refusing = {}  # by application, how many of the next posts are refused
        self.no_lists = False
        web.answers = self
        (home / "log").mkdir()
        self.log = home / "log" / "ant-media-server.log"
        (home / "conf" / "logback.xml").write_text("<File>log/ant-media-server.log</File>")
        path = home / "conf" / "red5.properties"
        path.write_bytes(path.read_bytes().replace(b"5080", str(web.port).encode()))

    # -- as a service --

    def find(self, _home):
        return self.process

    def start(self, _service=None):
        self.started += 1
        found = _installation.observe(str(self.home))
        lines = self.trouble(found)
        if lines:
            self._say(*lines)
            return
        self.version = found.version
        self.dashboard = found.effective("", "server.allowed_dashboard_CIDR")
        on = found.effective("", "server.jwtServerControlEnabled") == "true"
        self.secret = found.effective("", "server.jwtServerSecretKey") if on else None
        self.server = self._held(found, "", False)
        self.memory = {
            app: self._held(found, app, self.open_starts > 0)
            for app in found.apps
            if app not in self.silent
        }
        self.open_starts -= 1
        now = time.time()
        self.process = this_process(now, self.environ, self.started)
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now))
        self._say(*(f"{when},1 [main] INFO x - {app} started" for app in self.memory))

    def stop(self, _service=None):
        self.stopped += 1
        self.process = None

    def _say(self, *lines):
        with self.log.open("a") as stream:
            stream.writelines(line + "\n" for line in lines)

    @staticmethod
    def _held(found, app, opened):
        held = {}
        for setting in _catalogue.of_file(_catalogue.APP if app else _catalogue.SERVER):
            if setting.exists_in(found.version):
                text = found.effective(app, setting.name)
                text = setting.default_in(found.version) if opened else text
                held[setting.field] = None if text in (None, "") else _held.typed(setting, text)
        return held

    # -- as a web server --

    def get(self, key, otherwise):
        method, path = key
        parts = path.strip("/").split("/")
        if not self.process:
            return 503, b""
        if parts[:2] != ["rest", "v2"]:
            return lambda request: self._of_app(request, parts)
        if not _cidr.networks_of(self.dashboard):
            return 403, b"Not allowed IP"
        name = "_".join(parts[2:4]).replace("-", "_")
        return getattr(self, f"_{method.lower()}_{name}", otherwise)

    @staticmethod
    def _signed(request, header, secret):
        token = request["headers"].get(header, "")
        if token.count(".") != 2:
            return False
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        return bool(secret) and token == _hs256.sign(claims, secret)

    def _of_app(self, request, parts):
        app, rest = parts[0], parts[3:]
        held = self.memory.get(app)
        if held is None:
            return 404, b""
        if not _cidr.networks_of(held.get("remoteAllowedCIDR", _cidr.LOOPBACK) or ""):
            return 403, b"Not allowed IP"
        if held["jwtControlEnabled"] and not self._signed(
            request, "Authorization", held["jwtSecretKey"]
        ):
            return 403, b"Invalid App JWT Token"
        if rest == ["version"]:
            return 200, {"versionName": "x"}
        return 200, self.streams.get(app, [])

    def _managed(self, request):
        cookie = request["headers"].get("Cookie") == "JSESSIONID=1"
        return cookie or self._signed(request, "ProxyAuthorization", self.secret)

    def _get_liveness(self, _request):
        return 200, {"status": "ok"}

    @property
    def claimed(self):
        return bool(self.users)

    def _get_first_login_status(self, _request):
        return 200, {"success": not self.claimed}

    def _post_users_initial(self, request):
        user = request["body"]
        if self.claimed or user["email"] == "refused@example.net":
            return 200, {"success": False}
        self.users[user["email"]] = user["password"]
        return 200, {"success": True}

    def _post_users_authenticate(self, request):
        user = request["body"]
        if self.log_ins < 3 and self.users.get(user["email"]) == user["password"]:
            return 200, {"success": True}, ("Set-Cookie", "JSESSIONID=1; Path=/")
        self.log_ins += 1
        return 200, {"success": False}

    def _get_applications(self, request):
        if not self._managed(request) or self.no_lists:
            return 403, b""
        return 200, {"applications": [*self.memory, "root"]}

    def _get_server_settings(self, request):
        return (200, self.server) if self._managed(request) else (403, b"")

    def _get_applications_settings(self, request):
        held = self.memory.get(request["path"].rpartition("/")[2])
        if not self._managed(request):
            return 403, b""
        return (204, b"") if held is None else (200, held)

    def _post_applications_settings(self, request):
        app = request["path"].rpartition("/")[2]
        if not self._managed(request):
            return 403, b""
        if self.refusing.get(app):
            self.refusing[app] -= 1
            return 200, {"success": False, "message": "not today"}
        if app not in self.deaf:
            self.memory[app] = request["body"]
        path = Path(_installation.app_path(str(self.home), app))
        entries = Document.parse(path.read_bytes()).as_dict()
        for setting in _catalogue.of_file(_catalogue.APP):
            if setting.field in self.memory[app]:
                key = setting.key(self.version)
                entries[key] = _held.as_text(self.memory[app][setting.field])
        document = Document.parse(b"#date\n")
        for key, text in sorted(entries.items()):
            document.set(key, text)
        path.write_bytes(document.dump())
        return 200, {"success": True}
