# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keys of the settings files that say something to people, and nothing to the server.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
from typing import Any, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils import _near
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    xml_keys as _xml_keys,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene

# Why a key says nothing: this version reads no spelling of it that is in the file, and its default
# is something else; another spelling that is there, too, says something else and wins; nobody ever
# read it.
DEAD, TWIN, MISSPELT = "dead", "twin", "misspelt"
MOST, LONGEST = 100, 100
_LEGACY = "settings."
# What others read of the files of applications.
_OTHERS = ("webapp.", "db.")


def look(scene: Scene) -> dict[str, Any]:
    """Of the server and by application: each such ``key``, the ``setting`` it stands for or is
    near to, the ``fault``, and the key that ``wins`` over a twin. No values."""
    installation = scene.there
    return {
        "server": list(_of(scene, ""))[:MOST],
        "apps": {app: list(_of(scene, app))[:MOST] for app in installation.apps},
    }


def _of(scene: Scene, app: str) -> Iterator[dict[str, str]]:
    kind, version = _catalogue.file_of(app), scene.there.version
    document = scene.there.file(app).document
    for setting in _catalogue.of_file(kind):
        there = [key for key in (setting.name, setting.legacy) if key and key in document]
        read = setting.spellings(version) if setting.exists_in(version) else ()
        wins = next((key for key in read if key in document), "")
        default = setting.default_in(version)
        for key in dict.fromkeys(there):
            if not wins and not _catalogue.same(setting, document.get(key), default):
                yield _row(key, setting.name, DEAD)
            elif (
                wins
                and key != wins
                and not _catalogue.same(setting, document.get(key), document.get(wins))
            ):
                yield _row(key, setting.name, TWIN, wins)
    yield from _misspelt(kind, document.as_dict())


def _misspelt(kind: str, keys: Any) -> Iterator[dict[str, str]]:
    for key in list(keys)[: 10 * MOST]:
        near = _near_to(kind, key)
        if near and near not in keys:
            yield _row(key, near, MISSPELT)


# Applications have much the same keys.
@functools.lru_cache(maxsize=2000)
def _near_to(kind: str, key: str) -> str:
    """The setting that a key which nobody reads is near to; empty for none."""
    settings = _catalogue.of_file(kind)
    names = [setting.name for setting in settings]
    bare = key[len(_LEGACY) :] if key.startswith(_LEGACY) else key
    # The server itself writes these beside the keys that it reads.
    known = {setting.field for setting in settings} | set(_xml_keys.KINDS)
    if _catalogue.by_key(kind, key) or bare in known or bare in names or bare.startswith(_OTHERS):
        return ""
    return _near.nearest(bare, names) or ""


def _row(key: str, setting: str, fault: str, wins: str = "") -> dict[str, str]:
    return {"key": key[:LONGEST], "setting": setting, "fault": fault, "wins": wins}
