# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Kinds of token by their word: each is a row of ``_words.KINDS`` and a file here of that name.

A file holds ``KIND``, a :class:`Kind`: how a token of it is made, asked for and judged.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
import importlib

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import shape as _shape
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.kind import Kind


def known(word: str) -> bool:
    """Whether there is such a kind."""
    return word in _words.KINDS


@functools.lru_cache(maxsize=None)
def of(word: str) -> Kind:
    """The kind of a word that is known."""
    return importlib.import_module(f"{__name__}.{word}").KIND


def asked() -> list[str]:
    """Words of the kinds that a server makes when asked."""
    return [word for word in _words.KINDS if of(word).path]


def only_kept(word: str) -> str:
    """Why nobody but the server makes a token of a kind."""
    name = word.replace("_", "-")
    return f"kind: only the server makes {name} tokens, as it keeps them"


def surely(token: str) -> str:
    """The word of the kind that a token is by its looks, empty if it may be of another."""
    for word in _words.KINDS:
        kind = of(word)
        if not kind.kept and kind.looks and kind.looks.fullmatch(token):
            return word
    return "jwt" if _shape.jwt(token) else ""


def seen(token: str) -> str:
    """The word of the kind that a token looks most like."""
    # A token that the server keeps may look like anything, so these come last.
    looked_for = sorted(_words.KINDS, key=lambda word: of(word).kept)
    for word in looked_for:
        looks = of(word).looks
        if looks and looks.fullmatch(token):
            return word
    return next(word for word in looked_for if not of(word).looks)
