# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The account the server runs as: its groups, its shell, and whether it can log in.

PRIVATE to the collection.
"""

from __future__ import annotations

import grp
import os
import pwd
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import rights as _rights

SHADOW = "/etc/shadow"


def look(scene: Scene) -> dict[str, Any] | None:
    """The account; None where nothing says which it is.

    running: whether a process says so, and not the owner of the files only. password: whether one
    can log in with it: ``set``, ``none``, or None where this run may not see it.
    """
    uid = scene.uid
    if uid is None:
        return None
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return {
            "uid": uid,
            "name": _rights.account(uid),
            "running": bool(scene.process),
            "shell": "",
            "home": "",
            "groups": [],
            "password": None,
        }
    return {
        "uid": uid,
        "name": entry.pw_name,
        "running": bool(scene.process),
        "shell": entry.pw_shell,
        "home": entry.pw_dir,
        "groups": sorted(map(_group, os.getgrouplist(entry.pw_name, entry.pw_gid))),
        "password": _password(scene, entry.pw_name),
    }


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _password(scene: Scene, name: str) -> str | None:
    if os.geteuid():
        return None
    file = scene.files.read(SHADOW)
    for line in file.text.split("\n") if file else ():
        words = line.split(":")
        if words[0] == name and len(words) > 1:
            return "none" if words[1].startswith(("!", "*")) else "set"
    return None
