# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What overrules settings files, in sentences for people.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any, Sequence

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
    _entry.REFERENCE: "has a reference to elsewhere as the value of {}",
}
_REMEDIES = {
    _entry.CLASS_PATH: "take it off the class path",
    _entry.LITERAL: "put the placeholder back",
    _entry.REFERENCE: "write the value itself",
}
_MANY = 5
# What the unit does not have any more.
_PASSING = "until the next start"


def sentences(entries: Sequence[_entry.Entry], unit: bool = False) -> list[str]:
    """What overrules, one sentence for each place and way.

    :kwarg unit: whether the unit is known that the next start is made of.
    """
    lasting = {(entry.app, entry.setting) for entry in entries if entry.when != _entry.NOW}
    keys: dict[tuple[Any, ...], dict[str, None]] = {}
    for entry in entries:
        if entry.way in _WAYS:
            whole = entry.setting == _entry.EVERY
            when = entry.when
            if unit and when == _entry.NOW and (entry.app, entry.setting) not in lasting:
                when = _PASSING
            place = entry.where, entry.way, when, whole, entry.fills, entry.app
            keys.setdefault(place, {})[entry.key] = None
    apps: dict[tuple[Any, ...], list[str]] = {}
    for (*shared, app), found in keys.items():
        apps.setdefault((*shared, tuple(found)), []).append(app)
    return [_sentence(*(*group, named)) for group, named in apps.items()]


def _sentence(
    where: str, way: str, when: str, whole: bool, fills: bool, keys: Any, apps: list[str]
) -> str:
    text, remedy = _list(keys), _REMEDIES.get(way, "take it out there")
    if where == ENVIRONMENT and way == _entry.ENVIRONMENT:
        what, remedy = f"has {text}", "take it out of the unit and its drop-ins"
    elif whole and way == _entry.BEAN:
        what = f"has {text}"
    else:
        what = _WAYS[way].format(text)
    if when == _PASSING:
        remedy = "the unit does not have it: restart the server first"
    later = " from the next start on" if when == _entry.NEXT else ""
    if way == _entry.REFERENCE:
        return f"{where} {what}; {remedy}"
    does = f"for lack of it in {_files_of(apps)}" if fills else f"which overrules {_files_of(apps)}"
    return f"{where} {what}, {does}{later}; {remedy}"


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
