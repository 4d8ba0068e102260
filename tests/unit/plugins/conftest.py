"""A made-up home of the server, shaped like a shipped one, for tests that need no server."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import stat
import threading
import zipfile
from pathlib import Path

import hypothesis
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils import _installation
from ansible_collections.streamward.antmedia.plugins.module_utils._properties import Document

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
        return _installation.SettingsFile(path, data, Document.parse(data), 0o600, 0, 0)

    options = {"home": "/ams", "clustered": False, "uid": 0, "gid": 0, **more}
    return _installation.Installation(
        version=_installation.parse_version(version),
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
