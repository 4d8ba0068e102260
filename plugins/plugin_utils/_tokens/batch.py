# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many tokens at once: rows in, a file that nobody else can read out.

Rows flow through one by one, so that the memory a batch takes does not grow with it. The file comes
into being under another name and replaces the old one only when every row went well.

PRIVATE to the collection.
"""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.lifetime import utc
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Minted,
    Order,
    TokenError,
)

COLUMNS = ("app", "stream", "type", "lifetime", "room", "subscriber")
SHOWN_FAULTS = 20
# Of rows that flow through, and of a list that is in memory as a whole.
MOST_CSV = 1 << 30
MOST_YAML = 64 * _files.MIB
MOST_HEADER = 1 << 16
PROGRESS_SECONDS = 5


class BatchError(Faults):
    """The rows or the file are of no use."""


# -- rows in ----------------------------------------------------------------------------------


def rows_of_list(items: Iterable) -> Iterator[tuple[str, dict]]:
    """Rows of a list.

    :arg items: stream ids, or mappings of columns.
    :returns: an iterator of tuples of the row's name for messages and a plain dictionary.
    """
    for number, item in enumerate(items, 1):
        cells = item if isinstance(item, Mapping) else {"stream": item}
        row = {}
        for key, value in cells.items():
            if isinstance(value, (Mapping, list, tuple, set)):
                row[""] = f"{key} is a list or a mapping, not a text"
            else:
                row[str(key)] = "" if value is None and cells is item else str(value)
        yield f"row {number}", row


def rows_of_file(path: str, keep: Sequence[str] = ()) -> Iterator[tuple[str, dict]]:
    """Rows of a CSV file with a header line, or of a YAML or JSON list.

    :kwarg keep: names of columns that are carried along.
    :raises BatchError: if the file as a whole cannot be read.
    """
    listed = str(path).endswith((".yml", ".yaml", ".json"))
    try:
        with _files.opened(path, MOST_YAML if listed else MOST_CSV) as binary:
            stream = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
            if listed:
                yield from rows_of_list(_yaml(path, stream))
            else:
                yield from _csv(path, stream, keep)
    except OSError as error:
        raise BatchError([f"streams_file: {path}: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise BatchError([f"streams_file: {path}: is not UTF-8"]) from None
    except csv.Error as error:
        raise BatchError([f"streams_file: {path}: is no CSV file: {error}"]) from None


def _yaml(path, stream):
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        data = yaml.load(stream, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        raise BatchError([f"streams_file: {path}{where}: is not YAML"]) from None
    except RecursionError:
        raise BatchError([f"streams_file: {path}: is nested too deep"]) from None
    if isinstance(data, Mapping) and set(data) == {"streams"}:
        data = data["streams"]
    if not isinstance(data, list):
        raise BatchError(
            [f"streams_file: {path}: is neither a list nor a mapping with just streams"]
        )
    return data


def _csv(path, stream, keep):
    first = stream.readline(MOST_HEADER)
    # A spreadsheet of another language separates by semicolons.
    delimiter = max(",;\t", key=first.count)
    header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    faults = [
        f"streams_file: {path}: column {name!r} is not known; known are {', '.join(COLUMNS)};"
        " to carry it along, name it in keep_columns"
        for name in header
        if name not in COLUMNS and name not in keep
    ]
    faults += [
        f"streams_file: {path}: column {name!r} is there twice"
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    if "stream" not in header:
        faults.append(
            f"streams_file: {path}: the first line must name the columns, one of them stream"
        )
    if faults:
        raise BatchError(faults)
    reader = csv.reader(stream, delimiter=delimiter)
    for cells in reader:
        if any(cells):
            row = dict(zip(header, (cell.strip() for cell in cells)))
            if len(cells) != len(header):
                row[""] = f"has {len(cells)} cells, the header has {len(header)}"
            yield f"line {reader.line_num + 1}", row


def orders(
    rows: Iterable[tuple[str, dict]], base: Order, keep: Sequence[str] = ()
) -> Iterator[tuple[str, Order | list[str], Sequence[str]]]:
    """Orders of rows.

    :arg base: the order that holds what a row leaves out.
    :returns: an iterator of tuples of the row's name, its order, or a list of faults for a row with
        a cell too many or a name that is not known, and the values of ``keep``.
    """
    known = frozenset(COLUMNS)
    for name, row in rows:
        strange = row.keys() - known
        if strange and not strange.issubset(keep):
            yield name, [_strange(row, key) for key in sorted(strange.difference(keep))], ()
            continue
        yield (
            name,
            Order(
                base.realm,
                base.kind,
                row.get("app") or base.app,
                row.get("stream") or base.stream,
                row.get("type") or base.type,
                row.get("lifetime") or base.lifetime,
                row.get("room") or base.room,
                row.get("subscriber") or base.subscriber,
                base.claims,
                base.time_claims,
            ),
            [row.get(column, "") for column in keep],
        )


def _strange(row, key):
    return row[key] if key == "" else f"{key!r} is not known; known are {', '.join(COLUMNS)}"


def mint_all(
    ordered: Iterable[tuple[str, Order | list[str], Sequence[str]]],
    mint: Callable[[Order], Minted],
    progress: Callable[[int], None] = lambda count: None,
) -> Iterator[tuple[Minted, Sequence[str]]]:
    """Mint every order; go on after a bad one, so that one message lists them all.

    :arg ordered: as of :func:`orders`.
    :arg mint: a function of an order that returns a ``Minted`` or raises :class:`TokenError`.
    :kwarg progress: called now and then with the number of rows done.
    :returns: an iterator of tuples of a ``Minted`` and the values to carry along.
    :raises BatchError: at the end, with the faults of all rows.
    """
    faults, count, told = [], 0, time.monotonic()
    for name, order, kept in ordered:
        try:
            if isinstance(order, list):
                raise TokenError(order)
            minted = mint(order)
        except TokenError as error:
            faults += [f"{name}: {fault}" for fault in error.faults]
            continue
        count += 1
        if not count % 1000 and time.monotonic() - told > PROGRESS_SECONDS:
            told = time.monotonic()
            progress(count)
        if not faults:
            yield minted, kept
    if faults:
        more = len(faults) - SHOWN_FAULTS
        raise BatchError(faults[:SHOWN_FAULTS] + ([f"and {more:,} more"] if more > 0 else []))


# -- file out ---------------------------------------------------------------------------------


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


class _Csv:
    def __init__(self, stream, names):
        self._write = csv.writer(stream, lineterminator="\n").writerow
        self._write(names)

    def row(self, values):
        self._write(values)

    def end(self):
        pass


class _Json:
    """``{"tokens": [...]}``, an object as ``include_vars`` wants one."""

    def __init__(self, stream, names):
        self._stream, self._names, self._mark = stream, names, '{"tokens": [\n'
        self._dump = json.JSONEncoder(ensure_ascii=False).encode

    def row(self, values):
        self._stream.write(self._mark + self._dump(dict(zip(self._names, values))))
        self._mark = ",\n"

    def end(self):
        self._stream.write(("\n" if self._mark == ",\n" else self._mark) + "]}\n")


WRITERS = {"csv": _Csv, "json": _Json}


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
    :raises OSError, BatchError: and then the old file is as it was.
    """
    count = 0
    with _files.replaced(path, 0o600) as target:
        binary = io.BytesIO() if encrypt else target
        text = io.TextIOWrapper(binary, encoding="utf-8", newline="", write_through=False)
        writer = WRITERS[form](text, names)
        for values in rows:
            writer.row(values)
            count += 1
        writer.end()
        text.flush()
        text.detach()
        if encrypt:
            target.write(encrypt(binary.getvalue()))
    return count
