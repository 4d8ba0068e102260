# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many tokens as a table, and the file of it that nobody else can read.

The file comes into being under another name and replaces the old one only when every row went well.

PRIVATE to the collection.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Protocol

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.lifetime import utc
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted, Order


def columns(order: Order, strings: Iterable[str] = (), keep: Sequence[str] = ()) -> list[str]:
    """Names of a file's columns for tokens like those of an order."""
    names = ["app", "stream", "type"]
    names += ["room"] if order.room else []
    names += ["subscriber"] if _words.KINDS[order.kind].subscriber else []
    return [*names, *keep, "expires_at", "expires", "token", *strings]


def values(
    names: Sequence[str], minted: Minted, strings: Mapping[str, str], kept: Sequence[str]
) -> list:
    """A row of a file in the order of its columns.

    :arg names: as of :func:`columns`.
    :arg kept: the values of the columns that are carried along, in their order.
    """
    order, expires = minted.order, minted.expires
    end = "never" if expires is None else utc(expires)
    start = [order.app, order.stream, order.type]
    start += [order.room] if "room" in names else []
    start += [order.subscriber] if "subscriber" in names else []
    return [*start, *kept, end, expires, minted.value, *strings.values()]


class _Writer(Protocol):
    """Writes a table's rows to a stream, one after the other."""

    def __init__(self, stream: IO[str], names: Sequence[str]) -> None: ...

    def row(self, values: Sequence) -> None: ...

    def end(self) -> None: ...


class _Csv:
    def __init__(self, stream: IO[str], names: Sequence[str]) -> None:
        self._write = csv.writer(stream, lineterminator="\n").writerow
        self._write(names)

    def row(self, values: Sequence) -> None:
        self._write(values)

    def end(self) -> None:
        pass


class _Json:
    """``{"tokens": [...]}``, an object as ``include_vars`` wants one."""

    def __init__(self, stream: IO[str], names: Sequence[str]) -> None:
        self._stream, self._names, self._mark = stream, names, '{"tokens": [\n'
        self._dump = json.JSONEncoder(ensure_ascii=False).encode

    def row(self, values: Sequence) -> None:
        self._stream.write(self._mark + self._dump(dict(zip(self._names, values))))
        self._mark = ",\n"

    def end(self) -> None:
        self._stream.write(("\n" if self._mark == ",\n" else self._mark) + "]}\n")


WRITERS: dict[str, type[_Writer]] = {"csv": _Csv, "json": _Json}


def write(
    path: str,
    rows: Iterable[Sequence],
    names: Sequence[str],
    form: str,
    encrypt: Callable[[bytes], bytes] | None = None,
) -> int:
    """Write rows to a file.

    :arg rows: an iterable of lists, in the order of ``names``.
    :arg form: ``csv`` or ``json``.
    :kwarg encrypt: a function of bytes that returns bytes; without it the file is plain text.
    :returns: how many rows there were.
    :raises OSError, ValueError: and then the old file is as it was.
    """
    count = 0
    with _files.replaced(path, 0o600) as target:
        clear = io.BytesIO()  # what is to be encrypted is in memory as a whole
        text = io.TextIOWrapper(
            clear if encrypt else target, encoding="utf-8", newline="", write_through=False
        )
        writer = WRITERS[form](text, names)
        for values in rows:
            writer.row(values)
            count += 1
        writer.end()
        text.flush()
        text.detach()
        if encrypt:
            target.write(encrypt(clear.getvalue()))
    return count
