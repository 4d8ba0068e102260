# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who fills in the values of settings: of several the first is asked, and nobody else.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import posixpath
from typing import Callable, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    beans as _beans,
    entry as _entry,
    files as _files,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule.scene import (
    ROOT,
    Scene,
)

# Nobody is named: then Spring asks what it asks without any file.
NOBODY = _beans.Filler(())


def first(fillers: Sequence[_beans.Filler]) -> _beans.Filler:
    """The one that is asked."""
    return min(fillers, key=lambda filler: filler.order, default=NOBODY)


def others(
    scene: Scene,
    app: str,
    filler: _beans.Filler,
    ours: Sequence[str],
    file: _files.File,
    path_of: Callable[[str], str],
    setting_of: Callable[[str], Sequence[str]],
) -> None:
    """Find what wins over the settings file of an application by who fills in its values.

    :arg ours: the locations that mean the settings file.
    :arg file: the file of beans that names the one who is asked.
    :arg path_of: the path that a location means, empty if that is not known.
    :arg setting_of: names of the settings that a key of a file gives.
    """
    when = scene.when(file)
    places = [index for index, location in enumerate(filler.files) if location in ours]
    if not places:
        key = ", ".join(filler.files) or "no properties file"
        scene.whole(app, key, _entry.OTHER_FILE, file.path, when)
        return
    if filler.inline:
        scene.whole(app, "properties of its own", _entry.OTHER_FILE, file.path, when)
    for location in scene.files.few(file.path, filler.files[places[-1] + 1 :]):
        path = path_of(location)
        found = scene.keys_of(path, file.author) if path else None
        if found is None and (not path or path in " ".join(scene.files.unread)):
            scene.whole(app, location, _entry.OTHER_FILE, file.path, when)
        if found is None:
            continue
        other, keys = found
        last = _later(when, scene.when(other))
        for key in keys:
            for setting in setting_of(key):
                scene.entries.append(
                    _entry.Entry(app, setting, key, _entry.OTHER_FILE, other.path, last)
                )


def _later(*moments):
    return _entry.NEXT if _entry.NEXT in moments else _entry.ALWAYS


def path_in(scene: Scene, location: str, resources: Sequence[str], folder: str = "") -> str:
    """The path that a location of Spring's means; empty if that cannot be told.

    :arg resources: folders that ``classpath:`` means, the first first.
    :kwarg folder: the one that a location without a prefix is in; empty for none.
    """
    location = location.replace(ROOT, scene.home)
    prefix, colon, rest = location.partition(":")
    if "${" in location or any(sign in location for sign in "*?#"):
        return ""
    if not colon:
        inner = posixpath.normpath("/" + location.lstrip("/"))
        return folder + inner if folder else ""
    if prefix == "file":
        return "/" + rest.lstrip("/") if rest.startswith("/") else ""
    if prefix == "classpath":
        paths = [os.path.join(place, rest.lstrip("/")) for place in resources]
        return next((path for path in paths if scene.files.read(path, quiet=True)), "")
    return ""
