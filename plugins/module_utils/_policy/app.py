# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The words of a policy for an application, and what each compiles to: a table.

PRIVATE to the collection.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils import _near
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    doors as _doors,
    gate as _gate,
    hatch as _hatch,
    hook as _hook,
    kinds as _kinds,
    needed as _needed,
    secrets as _secrets,
    setting as _setting,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.layers import Part

# What a word does with a draft, an application, its variable and its value.
Word = Callable[[Draft, str, str, Any], object]


def _sets(name: str, **along: str) -> Word:
    """A word whose value one setting gets, with texts of settings that go along."""

    def put(draft: Draft, app: str, variable: str, value: Any) -> None:
        if _setting.put(draft, app, variable, name, value):
            draft.wanted.apps[app].update(along)

    return put


def _guards(direction: str) -> Word:
    """A word whose value is the kind of token that guards a direction."""
    return partial(_kinds.guard, direction=direction)


WORDS: dict[str, Word] = {
    "rest_cidrs": _sets("remoteAllowedCIDR", ipFilterEnabled="true"),
    "rest_jwt": _sets("jwtControlEnabled"),
    "publish": _guards("publish"),
    "publish_hook": _hook.ask,
    "play": _guards("play"),
    "publisher_cidrs": _sets("allowedPublisherCIDR"),
    "settings": _hatch.further,
}


def compile_app(draft: Draft, app: str, part: Part) -> None:
    """Compile what is said of an application."""
    # Further settings last, so that they are held against all that the words say.
    for word, said in sorted(part.items(), key=lambda pair: pair[0] == "settings"):
        variable = f"{said.origin}.{word}"
        if word in WORDS:
            WORDS[word](draft, app, variable, said.value)
        else:
            draft.fault(variable, f"is not known; {_remedy(word)}")
    _kinds.check(draft, app, part)
    _hook.check(draft, app, part)
    _gate.ask(draft, app)
    _doors.check(draft, app, part)
    _secrets.of_app(draft, app)
    _needed.by_app(draft, app, part)


def _remedy(word: str) -> str:
    """What to write instead of a word that is none."""
    name = _catalogue.nearest(_catalogue.APP, word)
    close = _near.nearest(word, WORDS)
    if close:
        return f"did you mean {close}?"
    if name:
        return f"for the server's setting {name} write settings: {{{name}: ...}}"
    return f"known are {', '.join(sorted(WORDS))}"
