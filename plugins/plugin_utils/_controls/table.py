# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The controls that there are: every file in ``controls/`` and ``fleet/`` is one.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.module_utils import _near
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    SEVERITIES,
    TOPICS,
    AnyControl,
)

FOLDERS = ("controls", "fleet")


@functools.cache
def controls() -> tuple[AnyControl, ...]:
    """All of them, by topic, the worst of each first."""
    topics = list(TOPICS)
    return tuple(
        sorted(
            (_of(folder, path.stem) for folder in FOLDERS for path in _files(folder)),
            key=lambda c: (topics.index(c.topic), SEVERITIES.index(c.severity), c.id),
        )
    )


def _files(folder):
    return sorted((Path(__file__).parent / folder).glob("[a-z]*.py"))


def _of(folder, name):
    return importlib.import_module(f"{__package__}.{folder}.{name}").CONTROL


def chosen(wanted: Iterable[str] = (), without: Iterable[str] = ()) -> tuple[AnyControl, ...]:
    """The controls that are wanted.

    :kwarg wanted: ids, as shell patterns; none means all.
    :kwarg without: those to leave out.
    """
    wanted, without = list(wanted), list(without)
    return tuple(
        control
        for control in controls()
        if (not wanted or any(fnmatchcase(control.id, each) for each in wanted))
        and not any(fnmatchcase(control.id, each) for each in without)
    )


def unknown(patterns: Iterable[str]) -> list[str]:
    """What is wrong with ids and patterns that stand for no control, a text each."""
    ids = [control.id for control in controls()]
    found = []
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in ids):
            near = _near.nearest(pattern, ids)
            hint = f"; did you mean {near}?" if near else ""
            found.append(f"there is no control {pattern}{hint}")
    return found
