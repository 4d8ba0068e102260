# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Modes and owners of what holds secrets or code of the server, and who could reach it.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import stat
from typing import Any, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    place as _place,
    rights as _rights,
)

# What a path is to an attacker.
SETTINGS, KEYS, DATABASE, LOG, CODE, FOLDER = (
    "settings",
    "keys",
    "database",
    "log",
    "code",
    "folder",
)

# Below the home: names, or a folder and the endings of what counts in it.
NAMED = (
    ("conf/red5.properties", SETTINGS),
    ("conf/jee-container.xml", SETTINGS),
    ("conf/password.properties", KEYS),
    ("conf/access.properties", KEYS),
    ("conf/tomcat-users.xml", KEYS),
    ("SECRET_KEY", KEYS),
    ("ant-media-server.jar", CODE),
    ("ant-media-server-service.jar", CODE),
    ("start.sh", CODE),
    ("enable_ssl.sh", CODE),
    ("", FOLDER),
    ("conf", FOLDER),
    ("lib", FOLDER),
    ("plugins", FOLDER),
    ("webapps", FOLDER),
    ("log", FOLDER),
)
ENDINGS = (
    ("conf", (".pem", ".key", ".jks", ".p12", ".pfx", ".keystore"), KEYS),
    ("", (".db",), DATABASE),
    ("log", (".log",), LOG),
)
MOST = 100


def look(scene: Scene) -> list[dict[str, Any]]:
    """Each path with its kind, mode, owner and group.

    closed_by: the folder on the way that lets nobody else in, empty where all let everybody pass.
    """
    found = []
    for path, kind in _paths(scene):
        try:
            row = shown(path)
        except OSError as error:
            scene.files.cannot(path, error)
            continue
        if row:
            found.append({"kind": kind, **row})
    return found


def _paths(scene: Scene) -> Iterator[tuple[str, str]]:
    for name, kind in NAMED:
        yield scene.path(name).rstrip("/"), kind
    for folder, endings, kind in ENDINGS:
        names = scene.files.folder(scene.path(folder))[0]
        wanted = [name for name in names if name.endswith(endings)]
        for name in scene.files.few(scene.path(folder), wanted):
            yield scene.path(folder, name), kind
    apps = scene.installation.apps if scene.installation else {}
    for app in apps:
        yield scene.path("webapps", app, "WEB-INF", "red5-web.properties"), SETTINGS


def shown(path: str) -> dict[str, Any] | None:
    """The path with its mode and owners, followed where it is a link; None where nothing is."""
    with _place.find(path) as at:
        seen = at.status()
        if seen is None:
            return None
        return {
            "path": path,
            "mode": format(stat.S_IMODE(seen.st_mode), "04o"),
            "owner": _rights.account(seen.st_uid),
            "group": str(seen.st_gid),
            "link": at.link,
            "closed_by": closed_by(os.path.dirname(path)),
        }


def closed_by(folder: str) -> str:
    """The first folder on a way that other accounts may not pass; empty where they pass all."""
    way = "/"
    for name in ("", *filter(None, folder.split("/"))):
        way = os.path.join(way, name)
        try:
            with _place.folder(way) as at:
                seen = at.status()
        except OSError:
            return way
        if seen and not seen.st_mode & stat.S_IXOTH:
            return way
    return ""
