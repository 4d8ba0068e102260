"""A made-up home of the server, shaped like a shipped one, for tests that need no server."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.server
import json
import os
import stat
import threading
import time
import zipfile
from pathlib import Path

import hypothesis
import pytest
from ansible.module_utils import basic
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    installation as _installation,
    process as _process,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    hs256 as _hs256,
    listener as _listener,
    ready as _ready,
)

# A busy machine is no defect.
hypothesis.settings.register_profile("unit", deadline=None)
hypothesis.settings.load_profile("unit")

# One before the bare spelling, its last, its first, the newest with both, one with bare only.
ERAS = ("2.4.3", "2.6.1", "2.6.2", "2.17.1", "3.0.3")

SERVER = b"""\
# HTTP
http.host=0.0.0.0
http.port=5080
https.port=5443
#http.ssl_certificate_file=conf/fullchain.pem

# RTMP
rtmp.host=0.0.0.0
rtmp.port=1935
rtmps.keystorepass=password
server.name=
server.licence_key=
server.cpu_limit=75
server.allowed_dashboard_CIDR=0.0.0.0/0
## JWT of the management
server.jwtServerControlEnabled=false
server.jwtServerSecretKey=
server.jwksURL=
logLevel=INFO
"""

# Blank lines with blanks, a value with blanks behind it, and no newline at the end.
APP = b"""\
webapp.contextPath=/NAME
webapp.virtualHosts=*

#below propert is not used with datastore factory structure.\x20
webapp.dbName=NAME.db
        \x20
settings.webRTCEnabled=true
settings.hlsTime=2
settings.acceptOnlyStreamsInDataStore=false
settings.tokenControlEnabled=false
# period in milliseconds
settings.createPreviewPeriod=5000    \x20
settings.previewOverwrite=false
settings.hashControlPublishEnabled=false
settings.hashControlPlayEnabled=false
tokenHashSecret=
settings.webrtc.portRangeMin=50000

db.app.name=NAME
db.name=NAME
db.type=mapdb
db.host=
db.user=
db.password="""

# Fit for every realm, and one for each.
SECRETS = {
    "management": "mAnagement-0123456789-abcdefghij-x",
    "rest": "rEst-secret-0123456789-abcdefghij-x",
    "stream": "sTream-secret-0123456789-abcdefghij",
    "hash": "hAsh-secret-0123456789-abcdefghij-xx",
    "totp_publish": "tOtp-publish-0123456789-abcdefghij",
    "totp_play": "tOtp-play-0123456789-abcdefghij-xxx",
}


# The first admin of the made-up server.
ADMIN = {"email": "admin@example.net", "password": "a password that is nobody's"}


def digest(password):
    """What the server stores of a password."""
    return hashlib.md5(password.encode()).hexdigest()


def app_text(name):
    """What a shipped application's settings file holds."""
    return APP.replace(b"NAME", name.encode("latin-1"))


def make_home(home, version="2.17.1", apps=("LiveApp", "events"), edition="community"):
    """Lay out a home.

    :arg apps: names, or a dictionary of what is appended to the shipped text of each.
    """
    home = Path(home)
    for folder in ("conf", "plugins", "webapps/root/WEB-INF"):
        (home / folder).mkdir(parents=True)
    with zipfile.ZipFile(home / _installation.JAR, "w") as jar:
        jar.writestr(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\r\nImplementation-Version: {0}\r\nBuild-Number: 1\r\n".format(
                version
            ),
        )
    (home / "conf" / "red5.properties").write_bytes(SERVER)
    (home / "webapps/root/WEB-INF/red5-web.properties").write_bytes(b"webapp.contextPath=/\n")
    for name in apps:
        folder = home / "webapps" / name / "WEB-INF"
        folder.mkdir(parents=True)
        more = apps[name] if isinstance(apps, dict) else b""
        (folder / "red5-web.properties").write_bytes(app_text(name) + more)
    if edition == "enterprise":
        (home / "plugins" / "ant-media-enterprise.jar").write_bytes(b"")
    return home


def make_installation(version="2.17.1", server=SERVER, apps=None, edition="community", **more):
    """An observed installation without files.

    :arg apps: the bytes of each application's file by name.
    """
    if apps is None:
        apps = {name: app_text(name) for name in ("LiveApp", "events")}

    def file(path, data):
        return _files.SettingsFile(path, data, Document.parse(data), 0o600, 0, 0)

    options = {"home": "/ams", "clustered": False, "uid": 0, "gid": 0, **more}
    return _installation.Installation(
        version=_versions.parse(version),
        version_text=version,
        edition=edition,
        server=file("/ams/conf/red5.properties", server),
        apps={
            name: file("/ams/webapps/{0}/WEB-INF/red5-web.properties".format(name), data)
            for name, data in apps.items()
        },
        **options,
    )


def snapshot(folder):
    """Everything below a folder: kind, mode, owner, attributes and content of each entry."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            content, attributes = os.readlink(path), ()
        else:
            content = path.read_bytes() if path.is_file() else None
            attributes = tuple((n, os.getxattr(path, n)) for n in sorted(os.listxattr(path)))
        found[str(path.relative_to(folder))] = (
            oct(status.st_mode),
            status.st_uid,
            status.st_gid,
            attributes,
            content,
        )
    return found


class Fake:
    """What tests make homes and installations with."""

    ERAS = ERAS
    SECRETS = SECRETS
    SERVER = SERVER
    app_text = staticmethod(app_text)
    home = staticmethod(make_home)
    installation = staticmethod(make_installation)
    snapshot = staticmethod(snapshot)


@pytest.fixture(scope="session")
def fake():
    return Fake


@pytest.fixture
def home(tmp_path):
    """A home of the newest version that reads both spellings, with two applications."""
    return make_home(tmp_path / "antmedia")


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


@pytest.fixture
def web():
    with contextlib.closing(Web()) as server:
        yield server


def this_process(started, environ, ticks=0):
    """The process of the tests as that of a server: here is what listens on the ports of fakes."""
    return _process.Process(os.getpid(), started, environ, ticks, os.geteuid())


@pytest.fixture
def listens(monkeypatch):
    """The process of the tests is the server of every home, and has run for an hour."""
    found = this_process(time.time() - 3600, {})
    monkeypatch.setattr(_process, "find", lambda home: found)
    return found


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
        self._say(*("{0},1 [main] INFO x - {1} started".format(when, app) for app in self.memory))

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
                held[setting.field] = None if text in (None, "") else _ready.typed(setting, text)
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
        return getattr(self, "_{0}_{1}".format(method.lower(), name), otherwise)

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
                entries[key] = _ready.held_text(self.memory[app][setting.field])
        document = Document.parse(b"#date\n")
        for key, text in sorted(entries.items()):
            document.set(key, text)
        path.write_bytes(document.dump())
        return 200, {"success": True}


@pytest.fixture
def ams(home, web, monkeypatch):
    """A server that runs from the home, and does not know what is in its files yet."""
    server = Ams(home, web)
    monkeypatch.setattr(_process, "find", server.find)
    # Its port is that of a fake, which stays open while the server is stopped.
    listening = _listener.listening
    monkeypatch.setattr(
        _listener, "listening", lambda port: listening(port) if server.process else []
    )
    monkeypatch.setattr(_service.Service, "start", server.start)
    monkeypatch.setattr(_service.Service, "stop", server.stop)
    monkeypatch.setattr(_ready, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(_ready, "FORK_SECONDS", 0.05)
    server.start()
    server.started = 0
    return server


@contextlib.contextmanager
def _arguments(values):
    """What a module finds as its arguments, with any ansible-core."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:
        data = json.dumps({"ANSIBLE_MODULE_ARGS": values}).encode()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(basic, "_ANSIBLE_ARGS", data)
            yield
    else:
        with patch_module_args(values):
            yield


@pytest.fixture
def call(capfd, monkeypatch):
    """Call a module in this process: `call(module, check=False, **arguments)` is its result."""
    warnings = []
    # In a process that has loaded the controller's side too, they would go to its display.
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _self, text: warnings.append(text))

    def run(module, check=False, **arguments):
        arguments["_ansible_check_mode"] = check
        arguments["_ansible_remote_tmp"] = "/tmp"
        del warnings[:]
        with _arguments(arguments), pytest.raises(SystemExit):
            module.main()
        result = json.loads(capfd.readouterr().out)
        result["failed"] = bool(result.get("failed"))
        result["warnings"] = list(warnings)
        return result

    return run
