# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a direction of streams is guarded by something that the host's edition enforces.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    open_doors as _open_doors,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import Fault
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Place


def tokens(app: Place, direction: str) -> tuple[str, ...]:
    """The kinds of token that players or publishers are really asked for.

    :arg direction: ``publish`` or ``play``.
    """
    switches = _words.SWITCHES[direction]
    on = tuple(kind for kind, setting in switches.items() if app.on(setting))
    return on if app.evidence.enterprise else ()


def beside(app: Place, door: _open_doors.Door | None) -> list[Fault]:
    """The fault of a door that is open, with what closes it; none where there is no such door."""
    if not door:
        return []
    return [Fault(f"{app.title}: {door.why}", app.name, *_remedy.closed(app, door))]


def open_door(app: Place, direction: str, name: str) -> _open_doors.Door | None:
    """A door beside the first one, where the settings leave it open to those without a token."""

    def holds(setting):
        return app.text(setting) if app.has(setting) else None

    doors = _open_doors.open_doors(direction, app.evidence.version, holds)
    return next((door for door in doors if door.name == name), None)
