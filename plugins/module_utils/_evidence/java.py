# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ways into the Java process that no setting of the server has: debuggers, management, agents.

Of the running process, by its command line and its environment, and of the next one, by the unit.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from typing import Any, Iterable, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    jvm as _jvm,
    unit as _unit,
)

# Options that are told as they are: none of them can hold a secret.
TOLD = re.compile(
    r"-agentlib:jdwp|-Xrunjdwp|-Xdebug|-javaagent:|-agentpath:|-agentlib:"
    r"|-Dcom\.sun\.management\.jmxremote|-Djava\.rmi\.server\.hostname"
    r"|-Xmx|-Xms|-XX:MaxRAMPercentage|-XX:[+-]HeapDumpOnOutOfMemoryError|-XX:HeapDumpPath"
    r"|-XX:[+-]DisableAttachMechanism|-XX:[+-]EnableDynamicAgentLoading"
    r"|-Djava\.net\.preferIPv[46]|-Djava\.io\.tmpdir|-Djava\.security\.manager"
)
MOST, LONGEST = 100, 300


def look(scene: Scene) -> dict[str, list[str] | None]:
    """The options that are told, of the process that runs (now) and of the unit (next).

    None where there is no such start, or it shows nothing.
    """
    return {"now": _now(scene), "next": _next(scene)}


def _now(scene: Scene) -> list[str] | None:
    process = scene.process
    if not process or not process.arguments:
        return None
    return _told(_jvm.of_words(process.arguments), process.environ)


def _next(scene: Scene) -> list[str] | None:
    found = _unit.look(scene.files, scene.home)
    if not found:
        return None
    words = list(_jvm.of_words(found.command))
    for name, value, _path in found.assigned:
        words += _jvm.split(value) if name in _jvm.SCRIPT_VARIABLES else ()
    if not words:
        for name in _jvm.SCRIPT_VARIABLES:
            words += _jvm.split(found.environment.get(name, ""))
    return _told(words, found.environment)


def _told(words: Iterable[str], environment: Any) -> list[str]:
    said = [*_of_variables(environment), *words]
    return [word[:LONGEST] for word in said if TOLD.match(word)][:MOST]


def _of_variables(environment: Any) -> Iterator[str]:
    for name in _jvm.VARIABLES:
        yield from _jvm.split(environment.get(name, ""))
