# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What in a settings file is no value, and what the server does of it.

A server takes most of it without a word, and then does not start, lets nobody in, or everybody.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils import _json, _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    java as _java,
    secret as _secret,
    words as _words,
    xml_keys as _xml_keys,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.catalogue import Setting

# From here on a backslash before ${ takes its meaning away.
_ESCAPES = (2, 12, 0)
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_ESCAPED = re.compile(r"\\\$\{[^}]*\}")
MOST_ENTRIES = 5

_PORTS = range(1, 2**16)
# Numbers that the server's classes hold in twice the room.
LONGS = frozenset(
    (
        *("iceGatheringTimeoutMs", "rtmpIngestBufferTimeMs", "webhookRetryAttemptDelay"),
        "webhookStreamStatusUpdatePeriodMs",
    )
)

_STOPS = {
    _catalogue.APP: "the application does not start with it",
    _catalogue.SERVER: "the server does not start with it",
}
# What its XML alone reads may be of a part that it starts without, as the one for RTMP is.
_XML = "xml"
_IN_PART = "the server does not start with it, or not all of it does"

# What an empty list means.
_NOBODY = "nobody gets in"
_EMPTY = {
    "server.allowed_dashboard_CIDR": f"is empty: {_NOBODY}",
    "remoteAllowedCIDR": f"is empty: {_NOBODY}",
}
# What an empty secret means where a switch has it matter.
_WITHOUT = {
    "management": "no token is taken",
    "rest": "no token is taken",
    "stream": "no token is taken",
    "hash": "anybody can make the tokens",
}
# Secrets that are not taken when they are too short; others are, and can be guessed.
_NOT_SHORT = ("stream",)


@dataclass(frozen=True)
class Remark:
    """Something that is no value. name: of the setting, or of a key that the catalogue has not.

    key: as the file has it, empty where it has none. what: what it is, and what the server does.
    """

    name: str
    key: str
    what: str

    def shown(self) -> dict[str, str]:
        """The remark as a result shows it."""
        return {"setting": self.name, "key": self.key, "what": self.what}


def remarks(kind: str, version: tuple[int, ...], document: Mapping[str, str]) -> list[Remark]:
    """What in a file is no value.

    :arg kind: ``server`` or ``app``.
    :arg document: the file's keys and their texts.
    """
    found = []
    for setting in _catalogue.of_file(kind):
        if setting.exists_in(version):
            found += _of_setting(setting, version, document)
    found += _of_secrets(kind, version, document)
    if kind == _catalogue.SERVER:
        found += _of_xml(version, document)
    return found


def _of_setting(setting, version, document):
    key = next((key for key in setting.spellings(version) if key in document), "")
    text = document.get(key) if key else None
    if text is None:
        # A list that is not there is one that nobody can read.
        default = setting.default_in(version)
        if setting.type == "cidrs" and default and not _cidr.networks_of(default):
            yield Remark(setting.name, "", f"is not there: {_NOBODY}")
        return
    what = _wrong(setting, text, version)
    if what:
        yield Remark(setting.name, key, what)


def _wrong(setting, text, version):
    """What is wrong with a text, and what the server does of it; empty if nothing is."""
    stops = _STOPS.get(setting.file, _IN_PART)
    if "#{" in text:
        return f"has #{{, which the server runs as a program at every start; if it cannot, {stops}"
    if _placeholder(text, version):
        return (
            "has ${...}, in whose place the server puts what its environment or the file says; if"
            f" neither does, {stops}"
        )
    shown = "" if setting.secret else _options.shown(text) + " "
    unread = _unread(setting, text)
    if unread:
        return f"{shown}{unread}; {stops}"
    if setting.type == "cidrs":
        return _list(setting, text)
    if _is_port(setting.name) and setting.type == "int" and _java.whole(text) not in _PORTS:
        return f"{shown}is not a port from 1 to 65535; nothing listens there"
    unfit = _catalogue.unfit(setting, _trimmed(setting, text))
    return f"{shown}{unfit}" if unfit else ""


def _placeholder(text, version):
    if version >= _ESCAPES:
        text = _ESCAPED.sub("", text)
    return _PLACEHOLDER.search(text) is not None


def _is_port(name):
    return name.lower().endswith(".port")


def _trimmed(setting, text):
    """A number as the server has read it; a text as it is."""
    number = _java.whole(text) if setting.type == "int" else None
    return text if number is None else str(number)


def _unread(setting, text):
    """Why the server cannot read a text at all; empty if it can."""
    if setting.type == "bool":
        try:
            _catalogue.normal(setting, text)
        except ValueError as error:
            return str(error)
    if setting.type == "int":
        number, most = _java.whole(text), _java.LONGS if setting.name in LONGS else _java.INTS
        return "is not a whole number" if number is None else _beyond(number, most)
    if setting.type == "float":
        return "" if _java.is_float(text) else "is not a number"
    if setting.type == "json":
        return "" if _is_object(text) else "is not a JSON object"
    return ""


def _beyond(number, most):
    return "" if number in most else f"is beyond what the server can hold, {most[-1]}"


def _is_object(text):
    try:
        return isinstance(_json.parse(text), (dict, type(None)))
    except ValueError:
        return False


def _list(setting, text):
    if not text:
        return _EMPTY.get(setting.name, "")
    odd = _cidr.oddities(text)
    if not odd:
        return ""
    more = [f"and {len(odd) - MOST_ENTRIES} more"] if len(odd) > MOST_ENTRIES else []
    named = any("looked up" in entry for entry in odd)
    nobody = [] if named or _cidr.networks_of(text) or not _EMPTY.get(setting.name) else [_NOBODY]
    return "; ".join(odd[:MOST_ENTRIES] + more + nobody)


def _of_secrets(kind, version, document):
    """Secrets that are none, where a switch in the same file has them matter."""
    for word, about in _words.SECRETS.items():
        if (about.kept == _words.SERVER) != (kind == _catalogue.SERVER) or word not in _WITHOUT:
            continue
        on = [name for name in about.switches.values() if _on(kind, name, version, document)]
        if not on or _elsewhere(word, kind, version, document):
            continue
        setting = _catalogue.by_name(kind, about.setting)
        if not setting.exists_in(version):
            continue
        text = _catalogue.effective(setting, version, document) or ""
        for what in _secret.faults(text)[:1]:
            if not text or (word in _NOT_SHORT and len(text) < _secret.MIN_LENGTH):
                what = f"{what} while {on[0]} is on: {_WITHOUT[word]}"
            key = next((key for key in setting.spellings(version) if key in document), "")
            yield Remark(setting.name, key, what)


def _on(kind, name, version, document):
    text = _catalogue.effective(_catalogue.by_name(kind, name), version, document)
    return text is not None and _catalogue.on(text)


def _elsewhere(word, kind, version, document):
    """Whether tokens are signed by a key that is kept elsewhere."""
    name = {"management": "server.jwksURL", "rest": "jwksURL"}.get(word)
    return bool(name and _catalogue.effective(_catalogue.by_name(kind, name), version, document))


def _of_xml(version: tuple[int, ...], document: Mapping[str, str]) -> Iterator[Remark]:
    """Keys that have to be there, and are not, or are not of their kind."""
    missing = []
    for key, kind in _xml_keys.read_in(version).items():
        if key not in document:
            missing.append(key)
        elif kind != "str":
            what = _wrong(_plain(key, kind), document.get(key), version)
            if what:
                yield Remark(key, key, what)
    if missing:
        named = ", ".join(missing[:MOST_ENTRIES])
        more = f" and {len(missing) - MOST_ENTRIES} more" if len(missing) > MOST_ENTRIES else ""
        what = f"without {named}{more} in the file the server does not start, or not all of it"
        yield Remark(missing[0], "", what)


def _plain(key: str, kind: str) -> Setting:
    """A key that the catalogue has not, as a setting."""
    about = (None, None, key, key, (2, 4, 0), None, "any", False, "restart")
    return Setting(key, _XML, kind, *about)
