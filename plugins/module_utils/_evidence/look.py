# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the audit judges beside an installation's facts, as plain data: one part a file.

Nothing here changes anything, runs a program or asks another host. Each part is bounded; one that
cannot be looked at is None, and the reason is among what was not read.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    account as _account,
    certificates as _certificates,
    clock as _clock,
    copies as _copies,
    headers as _headers,
    java as _java,
    keys as _keys,
    listens as _listens,
    machine as _machine,
    names as _names,
    paths as _paths,
    secrets as _secrets,
    settings as _settings,
    sudo as _sudo,
    unit as _unit,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene

# What every host has, and what needs an installation.
OF_HOST: dict[str, Callable[[Scene], Any]] = {
    "machine": _machine.look,
    "listens": _listens.look,
    "account": _account.look,
    "sudo": _sudo.look,
    "unit": _unit.look,
    "java": _java.look,
    "clock": _clock.look,
}
OF_HOME: dict[str, Callable[[Scene], Any]] = {
    "paths": _paths.look,
    "copies": _copies.look,
    "certificates": _certificates.look,
    "settings": _settings.look,
    "secrets": _secrets.look,
    "headers": _headers.look,
    "keys": _keys.look,
    "names": _names.look,
}


def look(scene: Scene) -> dict[str, Any]:
    """Look at all of it; ``unread`` says what could not be looked at, and why."""
    found = {name: _part(scene, name, part) for name, part in OF_HOST.items()}
    for name, part in OF_HOME.items():
        found[name] = _part(scene, name, part) if scene.installation else None
    found["unread"] = list(scene.files.unread)
    return found


def _part(scene: Scene, name: str, part: Callable[[Scene], Any]) -> Any:
    try:
        return part(scene)
    except (OSError, ValueError) as error:
        scene.files.cannot(name, error)
        return None
