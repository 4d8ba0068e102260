# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Ant Media Server on a host: its version, edition, applications and settings files.

Reads only; asks no running server.

PRIVATE to the collection.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from typing import Any, Callable, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import (
    Document,
    PropertiesError,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    jar as _jar,
    place as _place,
)

JAR = "ant-media-server.jar"
SERVER_FILE = os.path.join("conf", "red5.properties")
APP_FILE = os.path.join("WEB-INF", "red5-web.properties")
CONTAINER_FILE = os.path.join("conf", "jee-container.xml")

# The web panel; it has no settings of an application.
PANEL = "root"


class InstallationError(ValueError):
    """The home is no installation that can be secured. ``faults`` says why, one text each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Installation:
    """An installation.

    home: its folder. version: as numbers, for comparing; version_text: as the server writes it.
    edition: ``community`` or ``enterprise``. server: the file of the whole server. apps: the file
    of each application by name, in order. clustered: whether a database shared by the nodes
    overrules the applications' files. uid, gid: the account that owns the server's files.
    container: the file that configures the web server inside, None if there is none.
    """

    home: str
    version: tuple[int, ...]
    version_text: str
    edition: str
    server: _files.SettingsFile
    apps: dict[str, _files.SettingsFile]
    clustered: bool
    uid: int
    gid: int
    container: _files.PlainFile | None = None

    def number(self, key: str, default: int) -> int:
        """A port or other whole number of the server's file; the default where it holds none."""
        try:
            return int((self.server.document.get(key) or "").strip())
        except ValueError:
            return default

    def host(self, key: str) -> str:
        """Where this host reaches what listens at an address of the server's file."""
        text = (self.server.document.get(key) or "").strip()
        return "127.0.0.1" if text in ("", "0.0.0.0", "::") else text

    def files(self) -> Iterator[tuple[str, _files.SettingsFile]]:
        """Pairs of an application's name, empty for the server itself, and its file."""
        yield "", self.server
        yield from self.apps.items()

    def file(self, app: str) -> _files.SettingsFile:
        """The file of an application, or of the server itself for an empty name."""
        return self.apps[app] if app else self.server

    def effective(self, app: str, name: str) -> str | None:
        """The text of a setting that a server started now would use, its default included."""
        kind = _catalogue.APP if app else _catalogue.SERVER
        setting = _catalogue.by_name(kind, name)
        text = _catalogue.effective(setting, self.version, self.file(app).document)
        return setting.default_in(self.version) if text is None else text


def _read_version(home: str) -> str:
    with _place.find(os.path.join(home, JAR)) as at, os.fdopen(at.open(), "rb") as stream:
        manifest = _jar.manifest(stream)
    match = re.search(r"^Implementation-Version:[ \t]*(\S+)", manifest, re.MULTILINE)
    if not match:
        raise ValueError("its manifest has no Implementation-Version")
    return match.group(1)


def _clustered(container: _files.PlainFile | None) -> bool:
    return container is not None and b"tomcat.cluster" in _without_comments(container.data)


def serves_tls(container: _files.PlainFile | None) -> bool:
    """Whether the web server inside has a connector for TLS on ``https.port``."""
    text = _without_comments(container.data) if container else b""
    return b"${https.port}" in text and b"SSLEnabled" in text


def _without_comments(text: bytes) -> bytes:
    # Not by an expression: what is opened and never closed would be searched to the end each time.
    kept: list[bytes] = []
    before, opened, text = text.partition(b"<!--")
    while opened:
        _comment, closed, after = text.partition(b"-->")
        if not closed:
            return b"".join([*kept, before, opened, text])
        kept.append(before)
        before, opened, text = after.partition(b"<!--")
    return b"".join([*kept, before])


def _names(folder: str) -> list[str]:
    """What is in a folder; nothing if it is not there or shows nothing."""
    try:
        with _place.folder(folder) as at:
            return at.names()
    except OSError:
        return []


def is_there(path: str) -> bool:
    """Whether there is something at a path, be it a link that leads nowhere."""
    try:
        with _place.find(path) as at:
            return at.link or at.status() is not None
    except OSError:
        return False


def app_names(home: str) -> list[str]:
    """Names of the applications of a home, sorted."""
    return [
        name
        for name in _names(os.path.join(home, "webapps"))
        if name != PANEL and not name.startswith(".") and is_there(app_path(home, name))
    ]


def app_path(home: str, app: str) -> str:
    """Path of an application's settings file."""
    return os.path.join(home, "webapps", app, APP_FILE)


def _is_folder(path: str) -> bool:
    try:
        with _place.folder(path):
            return True
    except OSError:
        return False


def _owner(folder: str) -> tuple[int, int]:
    """The account and the group that own a folder."""
    with _place.folder(folder) as at:
        seen = at.status()
    if not seen:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    return seen.st_uid, seen.st_gid


@dataclass(frozen=True)
class Partly:
    """An installation as far as it could be read.

    installation: with the applications whose files could be read, and an empty file of the server
    where that could not; None where there is none at all. faults: why it is not whole. unread:
    paths of the files that could not be read.
    """

    installation: Installation | None
    faults: list[str]
    unread: tuple[str, ...] = ()


def observe(home: str) -> Installation:
    """Read an installation.

    :arg home: absolute path of its folder.
    :raises InstallationError: with every reason why it cannot be read.
    """
    found = observe_partly(home)
    if found.faults or not found.installation:
        raise InstallationError(found.faults)
    return found.installation


def observe_partly(home: str) -> Partly:
    """Read an installation as far as this account may, for those who change nothing."""
    home = home.rstrip("/") or "/"
    if not _is_folder(home):
        return Partly(
            None, [f"home: {home} is not a folder; set antmedia_home to where the server is"]
        )
    faults, unread = [], []
    version_text = ""
    version: tuple[int, ...] = ()
    try:
        version_text = _read_version(home)
        version = _versions.parse(version_text)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        faults.append(f"home: {home} is not an Ant Media Server: {os.path.join(home, JAR)}: {why}")

    def read(path: str, read_file: Callable[[str], Any] = _files.read_file) -> Any:
        try:
            return read_file(path)
        except PropertiesError as error:
            faults.append(f"{path} line {error.line}: {error.reason}")
        except OSError as error:
            faults.append(f"{path}: {error.strerror}")
        unread.append(path)
        return None

    server = read(os.path.join(home, SERVER_FILE))
    apps = {name: read(app_path(home, name)) for name in app_names(home)}
    container = read(os.path.join(home, CONTAINER_FILE), _files.read_plain)
    folder = os.path.join(home, "webapps") if apps else home
    try:
        uid, gid = _owner(folder)
    except OSError as error:  # it was there when its applications were read
        return Partly(None, [f"{folder}: {error.strerror}"])
    for file in filter(None, (server, *apps.values(), container)):
        if file.link and file.uid != uid:
            faults.append(
                f"{file.path}: is a link to a file of another account; writing there could change"
                " any file of the system"
            )
    if not version:
        return Partly(None, faults, tuple(unread))
    enterprise = any(
        name.startswith("ant-media-enterprise") for name in _names(os.path.join(home, "plugins"))
    )
    nothing = _files.SettingsFile(os.path.join(home, SERVER_FILE), b"", Document.parse(b""))
    installation = Installation(
        home=home,
        version=version,
        version_text=version_text,
        edition="enterprise" if enterprise else "community",
        server=server or nothing,
        apps={name: file for name, file in apps.items() if file},
        clustered=_clustered(container),
        uid=uid,
        gid=gid,
        container=container,
    )
    return Partly(installation, faults, tuple(unread))
