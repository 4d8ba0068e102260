"""A made-up home of the server, shaped like a shipped one, for tests that need no server."""

from __future__ import annotations

import os
import stat
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
