# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The kinds of token that guard a direction: one at a time, by the server's own rule.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import enforce as _enforce
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.layers import (
    Part,
    origin_of,
)


def guard(draft: Draft, app: str, variable: str, value: Any, direction: str) -> None:
    """Have a direction guarded by one kind of token, or by none."""
    switches = _words.SWITCHES[direction]
    known = _known(direction)
    if isinstance(value, (list, tuple)):
        draft.fault(
            variable,
            f"{_options.shown(list(value))}: the server takes one kind of token a direction; name"
            f" one of {known}",
        )
        return
    words = _without_tokens(direction)
    if not isinstance(value, str) or (value not in words and value not in switches):
        draft.fault(variable, f"{_options.shown(value)} is not one of {known}")
        return
    if value in switches:
        setting = _catalogue.by_name(_catalogue.APP, switches[value])
        _enforce.enforceable(draft, app, variable, value, setting)
    for kind, name in switches.items():
        draft.wanted.apps[app][name] = "true" if kind == value else "false"


def check(draft: Draft, app: str, part: Part) -> None:
    """One kind a direction, whoever turned it on."""
    wanted = draft.wanted.apps[app]
    for direction, switches in _words.SWITCHES.items():
        names = [switches[kind] for kind in _words.EXCLUSIVE if draft.on(app, switches[kind])]
        if len(names) > 1 and any(wanted.get(name) == "true" for name in names):
            draft.fault(
                origin_of(part, [direction]),
                f"{' and '.join(names)} would be on together for application {app}, and the server"
                f" takes one kind of token a direction; write {direction}: with one of"
                f" {_known(direction)}",
            )


def _known(direction: str) -> str:
    return ", ".join((*_without_tokens(direction), *_words.SWITCHES[direction]))


def _without_tokens(direction: str) -> tuple[str, ...]:
    return (_words.UNGUARDED, *((_words.HOOKED,) if direction == "publish" else ()))
