# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Everything by which a server takes a value before that of its settings files.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Container, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    conf as _conf,
    entry as _entry,
    resolve as _resolve,
    start as _start,
    told as _told,
    webapp as _webapp,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule.scene import Scene

LOG = "logback.configurationFile"


@dataclass(frozen=True)
class Overruled:
    """What overrules settings files.

    unread: what could not be looked at, with the reasons. unit: whether systemd's unit of the
    server was read, of which the next start is made.
    """

    entries: tuple[_entry.Entry, ...] = ()
    unread: tuple[str, ...] = ()
    unit: bool = False

    def concerning(self, names: Mapping[str, Container[str]], written: bool = True) -> list[str]:
        """What overrules settings that a policy names, in sentences.

        :arg names: names of settings by application, empty for the server itself.
        :kwarg written: whether the files are going to say what the policy does; else what counts
            is what they say now.
        """
        found = [
            entry
            for entry in self.entries
            if any(entry.concerns(app, wanted, written) for app, wanted in names.items())
        ]
        return _told.sentences(found, self.unit)


def look(installation: _installation.Installation, process: _process.Process | None) -> Overruled:
    """Find it, by the running process and by the files that the next one will read."""
    scene = Scene(installation, process)
    starts = _start.look(scene)
    logs = [
        (start.java.values[LOG].replace("file:", "", 1), start.account)
        for start in starts
        if start.java.values.get(LOG, "").replace("file:", "", 1).startswith("/")
    ]
    fillers = {"": _conf.look(scene, logs)}
    for app in installation.apps:
        fillers[app] = _webapp.look(scene, app)
    _webapp.look_at_panel(scene, _installation.PANEL)
    found = [
        *scene.entries,
        *_resolve.entries(installation, scene.named, fillers),
        *_resolve.references(installation),
    ]
    if installation.clustered:
        path = scene.path("conf", "jee-container.xml")
        key = "tomcat.cluster"
        found += [
            _entry.Entry(app, _entry.EVERY, key, _entry.DATABASE, path) for app in installation.apps
        ]
    unit = any(start.when == _entry.NEXT for start in starts)
    return Overruled(tuple(sorted(set(found))), tuple(scene.files.unread), unit)
