# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The hook that the server asks who may publish, and what is known of it, so that it can be tried.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import setting as _setting
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.layers import (
    Part,
    origin_of,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Hook

# What the server itself waits for a connection, and then for an answer.
_SECONDS = 5.0
_TEXTS = ("url", "known_stream", "unknown_stream")


def ask(draft: Draft, app: str, variable: str, value: Any) -> None:
    """Have the server ask a hook, given by its address or with what is known of it."""
    about = {"url": value} if isinstance(value, str) else value
    if not isinstance(about, Mapping):
        draft.fault(variable, f"{_options.shown(value)} is neither an address nor a mapping")
        return
    known = [*_TEXTS, "timeout"]
    for name in about:
        if name not in known:
            draft.fault(f"{variable}.{name}", f"is not known; known are {', '.join(known)}")
    texts = {name: about.get(name, "") for name in _TEXTS}
    for name, text in texts.items():
        if not isinstance(text, str):
            draft.fault(f"{variable}.{name}", f"{_options.shown(text)} is not a text")
    seconds = about.get("timeout", _SECONDS)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds <= 60:
        draft.fault(
            f"{variable}.timeout", f"{_options.shown(seconds)} is not more than 0 and up to 60 s"
        )
    if draft.has_fault(variable) or any(draft.has_fault(f"{variable}.{name}") for name in known):
        return
    if _setting.put(draft, app, variable, _words.HOOK, texts["url"]):
        draft.wanted.hooks[app] = Hook(
            texts["known_stream"], texts["unknown_stream"], float(seconds)
        )


def check(draft: Draft, app: str, part: Part) -> None:
    """A hook that is to be asked has to have an address."""
    said = part.get("publish")
    if said is None or said.value != _words.HOOKED:
        return
    if draft.will_be(app, _words.HOOK):
        draft.wanted.hooks.setdefault(app, Hook(timeout=_SECONDS))
    else:
        draft.fault(
            origin_of(part, ["publish"]),
            f"'{_words.HOOKED}' needs the address of a hook; set publish_hook: {{url: http://...}}",
        )
