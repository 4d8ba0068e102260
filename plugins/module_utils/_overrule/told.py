# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What overrules settings files, in sentences for people.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule.start import (
    ENVIRONMENT,
)

# What a place does with keys, by the way.
_WAYS = {
    _entry.ENVIRONMENT: "sets {} for the server",
    _entry.PROPERTY: "sets the system property {}",
    _entry.PARAMETER: "has the context parameter {}",
    _entry.NAMING: "has the JNDI entry {}",
    _entry.OTHER_FILE: "has {} in place of the settings file",
    _entry.BEAN: "sets {}",
    _entry.CLASS_PATH: "is on the class path before conf and has {}",
    _entry.FOLDER: "has the server read from elsewhere ({})",
    _entry.LITERAL: "has a value of its own for {}",
}
_REMEDIES = {
    _entry.CLASS_PATH: "take it off the class path",
    _entry.LITERAL: "put the placeholder back",
}
_MANY = 5


def sentences(entries: Iterable[_entry.Entry]) -> list[str]:
    """What overrules, one sentence for each place and way."""
    keys: dict[tuple, dict] = {}
    for entry in entries:
        if entry.way in _WAYS:
            whole = entry.setting == _entry.EVERY
            place = entry.where, entry.way, entry.when, whole, entry.app
            keys.setdefault(place, {})[entry.key] = None
    apps: dict[tuple, list[str]] = {}
    for (*place, app), found in keys.items():
        apps.setdefault((*place, tuple(found)), []).append(app)
    return [_sentence(*group, found) for group, found in apps.items()]


def _sentence(where, way, when, whole, keys, apps):
    text, remedy = _list(keys), _REMEDIES.get(way, "take it out there")
    if where == ENVIRONMENT and way == _entry.ENVIRONMENT:
        what, remedy = f"has {text}", "take it out of the unit and its drop-ins"
    elif whole and way == _entry.BEAN:
        what = f"has {text}"
    else:
        what = _WAYS[way].format(text)
    later = " from the next start on" if when == _entry.NEXT else ""
    return f"{where} {what}, which overrules {_files_of(apps)}{later}; {remedy}"


def _list(names):
    names = list(names)
    more = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + more


def _files_of(apps):
    if _entry.EVERY in apps:
        return "the files of all applications"
    if apps == [""]:
        return "the server's file"
    if len(apps) == 1:
        return f"the file of application {apps[0]}"
    return f"the files of applications {_list(apps)}"
