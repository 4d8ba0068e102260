# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a publisher or player says over RTMP: of which application, which stream, with which token.

There is one way to read it, and what the server is told is written anew from what was read: it
cannot find anything else in it.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    decide as _decide,
    token as _token,
)

LONGEST = 4096
MOST_PARAMETERS = 16
_APP = re.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", re.ASCII)
# Nothing that ends a parameter for anybody who reads it later: the server, or its hook.
_KEY = re.compile("[A-Za-z0-9_.-]{1,64}", re.ASCII)
_TOKEN = re.compile("[A-Za-z0-9_.-]{1,2048}", re.ASCII)
_VALUE = re.compile("[A-Za-z0-9_.~%+:@-]{1,2048}", re.ASCII)


class NoName(ValueError):
    """It cannot be read as a name; the text says why, in words of a fixed set."""


@dataclass(frozen=True)
class Stream:
    """A stream, as it was asked for.

    :ivar token: None for none, ``_token.SEVERAL`` for more than one.
    :ivar others: the other parameters, in their order.
    """

    name: str
    token: str | None = field(default=None, repr=False)
    others: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def written(self) -> str:
        """As the server is told of a publisher: the token as a parameter, however it came."""
        pairs = list(self.others)
        if self.token and self.token != _token.SEVERAL:
            pairs.append((_token.PARAMETER, self.token))
        query = "&".join(f"{key}={value}" for key, value in pairs)
        return f"{self.name}?{query}" if query else self.name


def application(about: Any) -> tuple[str, str]:
    """The application that somebody connects to, and what stands behind it: see :func:`stream`.

    Some encoders take all of a long path but its last part for the application.
    """
    if not isinstance(about, dict):
        raise NoName("no application")
    app, url = about.get("app"), about.get("tcUrl")
    if not isinstance(app, str) or len(app) > LONGEST:
        raise NoName("no application")
    name, _slash, rest = app.partition("/")
    if not _APP.fullmatch(name):
        raise NoName("no application's name")
    if rest and not _decide.STREAM.fullmatch(rest):
        raise NoName("no stream's name")
    if url is not None and _path(url) != app.rstrip("/"):
        raise NoName("another application in tcUrl")
    return name, rest


def _path(url: Any) -> str:
    try:
        parts = urlsplit(url if isinstance(url, str) and len(url) <= LONGEST else "")
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("rtmp", "rtmps") or parts.query or parts.fragment:
        raise NoName("no tcUrl")
    return parts.path[1:].rstrip("/")


def stream(before: str, text: Any) -> Stream:
    """The stream that somebody names.

    :arg before: what stood behind the application's name.
    :arg text: the name, with its query: ``s1``, ``s1?token=T`` or, as a path, ``s1/T``.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        raise NoName("no stream's name")
    path, asks, query = text.partition("?")
    name, slash, behind = (f"{before}/{path}" if before else path).partition("/")
    if not _decide.STREAM.fullmatch(name):
        raise NoName("no stream's name")
    tokens = [behind] if slash else []
    others = []
    for key, value in _parameters(query) if asks else ():
        if key == _token.PARAMETER:
            tokens.append(value)
        else:
            others.append((key, value))
    if not all(map(_TOKEN.fullmatch, tokens)):
        raise NoName("no token's form")
    return Stream(name, _token.one(tokens), tuple(others))


def shown(before: str, text: Any) -> str:
    """Of a name that cannot be read, what may be shown: no token can be in it."""
    path = text.partition("?")[0] if isinstance(text, str) else ""
    return (before or path.partition("/")[0])[:100]


def _parameters(query):
    parts = query.split("&")
    if len(parts) > MOST_PARAMETERS:
        raise NoName("too many parameters")
    for part in parts:
        key, _equals, value = part.partition("=")
        if not _KEY.fullmatch(key) or (key != _token.PARAMETER and not _VALUE.fullmatch(value)):
            raise NoName("no parameter's form")
        yield key, value
