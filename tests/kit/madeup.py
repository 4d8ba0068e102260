"""Made-up homes of the server, shaped like shipped ones, for tests that need no server."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    filters as _filters,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    installation as _installation,
)

from .accounts import snapshot  # noqa: F401 - what a home is before and after

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


def web_xml(where, version="2.17.1", without=()):
    """What wires the panel or an application: the filters that enforce something, and no more.

    :arg where: ``panel`` or ``application``.
    :kwarg without: classes of filters that are left out.
    """
    number = _versions.parse(version)
    lines = ['<?xml version="1.0" encoding="ISO-8859-1"?>', '<web-app version="3.0">']
    for row in _filters.of(where, number):
        if row.shipped_in(number) and row.name not in without:
            name = row.name.rpartition(".")[2]
            patterns = (f"<url-pattern>{text}</url-pattern>" for text in row.addresses(number))
            named = f"<filter-name>{name}</filter-name>"
            lines += [
                f"<filter>{named}<filter-class>{row.name}</filter-class></filter>",
                f"<filter-mapping>{named}{''.join(patterns)}</filter-mapping>",
            ]
    return "\n".join([*lines, "</web-app>", ""])


def home(root, version="2.17.1", apps=("LiveApp", "events"), edition="community"):
    """Lay out a home.

    :arg apps: names, or a dictionary of what is appended to the shipped text of each.
    """
    home = Path(root)
    for folder in ("conf", "plugins", "webapps/root/WEB-INF"):
        (home / folder).mkdir(parents=True)
    with zipfile.ZipFile(home / _installation.JAR, "w") as jar:
        jar.writestr(
            "META-INF/MANIFEST.MF",
            f"Manifest-Version: 1.0\r\nImplementation-Version: {version}\r\nBuild-Number: 1\r\n",
        )
    (home / "conf" / "red5.properties").write_bytes(SERVER)
    (home / "webapps/root/WEB-INF/red5-web.properties").write_bytes(b"webapp.contextPath=/\n")
    (home / "webapps/root/WEB-INF/web.xml").write_text(web_xml(_filters.PANEL, version))
    for name in apps:
        folder = home / "webapps" / name / "WEB-INF"
        folder.mkdir(parents=True)
        more = apps[name] if isinstance(apps, dict) else b""
        (folder / "red5-web.properties").write_bytes(app_text(name) + more)
        (folder / "web.xml").write_text(web_xml(_filters.APP, version))
    if edition == "enterprise":
        (home / "plugins" / "ant-media-enterprise.jar").write_bytes(b"")
    return home


def installation(version="2.17.1", server=SERVER, apps=None, edition="community", **more):
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
            name: file(f"/ams/webapps/{name}/WEB-INF/red5-web.properties", data)
            for name, data in apps.items()
        },
        **options,
    )
