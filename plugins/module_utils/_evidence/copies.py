# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Copies of files with secrets that somebody left beside them, or in the usual places.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import re
import stat
from typing import Any, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import (
    Document,
    PropertiesError,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import paths as _paths
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place

# Beside the files themselves, and what upgrades and scripts of people leave elsewhere.
_COPY = re.compile(
    r"(?:red5(?:-web)?\.properties|jee-container\.xml|keystore\.jks|.*\.(?:pem|db))[.~_-].+"
    r"|(?:red5(?:-web)?\.properties|jee-container\.xml)~"
    r"|.*\.(?:bak|backup|orig|old|save|rpmsave|rpmorig|dpkg-old|dpkg-dist|swp)"
    r"|.*(?:copy|backup|bak).*\.(?:properties|xml)"
)
_ARCHIVE = re.compile(r".*\.(?:tar|tgz|tar\.gz|tar\.xz|tar\.zst|zip|7z|gz)")
_OF_SERVER = re.compile(r".*(?:antmedia|ant-media|ant_media|red5).*", re.IGNORECASE)
ELSEWHERE = ("/tmp", "/var/tmp", "/var/backups", "/root", "/opt", "/usr/local")
_OURS = ".streamward-"
_SHIPPED = re.compile(r"StreamApp-.*\.war")
MOST = 50


def look(scene: Scene) -> list[dict[str, Any]]:
    """Each copy with its mode, owner and when it was written.

    secrets: fingerprints of secrets in it by setting, where it is a settings file that can be read.
    """
    found = []
    for path in _few(scene):
        try:
            row = _row(path)
        except OSError as error:
            scene.files.cannot(path, error)
            continue
        if row:
            found.append(row)
    return found


def _few(scene: Scene) -> list[str]:
    found = sorted(set(_candidates(scene)))
    if len(found) > MOST:
        scene.files.cannot("copies", f"there are more than {MOST}; the others were left out")
    return found[:MOST]


def _candidates(scene: Scene) -> Iterator[str]:
    apps = scene.installation.apps if scene.installation else {}
    folders = ["", "conf", *(os.path.join("webapps", app, "WEB-INF") for app in apps)]
    for folder in folders:
        for name in scene.files.folder(scene.path(folder))[0]:
            copy = _COPY.fullmatch(name) or (not folder and _ARCHIVE.fullmatch(name))
            if copy and _OURS not in name and not _SHIPPED.fullmatch(name):
                yield scene.path(folder, name)
    home = scene.home.rstrip("/")
    for folder in dict.fromkeys((os.path.dirname(home), *ELSEWHERE)):
        for name in scene.files.folder(folder)[0]:
            path = os.path.join(folder, name)
            if path != home and _OF_SERVER.fullmatch(name) and _kept(name):
                yield path


def _kept(name: str) -> bool:
    """Whether a name is that of a copy: an archive, or what calls itself a backup."""
    return bool(
        _ARCHIVE.fullmatch(name)
        or _COPY.fullmatch(name)
        or re.search(r"backup|bak|old|copy|save", name, re.IGNORECASE)
    )


def _row(path: str) -> dict[str, Any] | None:
    row = _paths.shown(path)
    if not row:
        return None
    with _place.find(path) as at:
        seen = at.status()
    row["folder"] = bool(seen and stat.S_ISDIR(seen.st_mode))
    row["written"] = int(seen.st_mtime) if seen else 0
    row["secrets"] = {} if row["folder"] else _secrets(path)
    return row


def _secrets(path: str) -> dict[str, str] | None:
    """Fingerprints of what a copy of a settings file holds; None where it cannot be read."""
    if "properties" not in os.path.basename(path):
        return {}
    try:
        document = Document.parse(_place.read(path).data)
    except (OSError, PropertiesError):
        return None
    found = {}
    for key, text in document.as_dict().items():
        for kind in (_catalogue.APP, _catalogue.SERVER):
            setting = _catalogue.by_key(kind, key)
            if setting and setting.secret and text:
                found[setting.name] = _secret.fingerprint(text)
    return found
