# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the server asks its hook before a publisher is let in, in the words of each version.

It says the application wrong where a publisher has entered a scope inside of one, so the address of
the hook says it, and the two must agree. Parameters come as Java shows a map, which nobody can take
apart with certainty: every text in it that may be a token counts as one.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.doors import PUBLISH
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    decide as _decide,
    token as _token,
)

# An entry ends where another begins or the map does.
_TOKEN = re.compile(rf"(?:^\{{|, ){_token.PARAMETER}=(.*?)(?=, |\}}$|$)", re.DOTALL)


class Unread(ValueError):
    """A body that no version sends for an application; the message says why in a few words."""


def read(app: str, body: bytes) -> _decide.Ask:
    """What a publisher asks for.

    :arg app: the application whose hook was called.
    :raises Unread: of a body that is not about a stream of that application.
    """
    try:
        found = _json.parse(body.decode("utf-8"))
    except ValueError:
        raise Unread("not the server's question") from None
    if not isinstance(found, dict):
        raise Unread("not the server's question")
    stream = _text(found, "streamId")
    if not stream or _text(found, "name") not in ("", stream):
        raise Unread("no stream's name")
    if _text(found, "appName") != app:
        raise Unread("another scope")
    tokens = set(_TOKEN.findall(_text(found, "queryParams")))
    tokens.update(filter(None, (_text(found, _token.PARAMETER),)))
    return _decide.Ask(PUBLISH, app, stream, _token.one(tokens), None, _decide.HOOK)


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unread("not the server's question")
    return value
