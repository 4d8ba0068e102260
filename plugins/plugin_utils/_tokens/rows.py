# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rows of a list or a file, and the orders they are.

Rows flow through one by one, so that the memory a batch takes does not grow with it.

PRIVATE to the collection.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order

COLUMNS = ("app", "stream", "type", "lifetime", "room", "subscriber")
# Of rows that flow through, and of a list that is in memory as a whole.
MOST_CSV = 1 << 30
MOST_YAML = 64 * _files.MIB
MOST_HEADER = 1 << 16

# A row's name for messages, its order or what is wrong with it, and what is carried along.
Ordered = tuple[str, Order | list[str], Sequence[str]]


class BatchError(Faults):
    """The rows or the file are of no use."""


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
        raise BatchError([f"streams_file: {path}: is not a CSV file: {error}"]) from None


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
) -> Iterator[Ordered]:
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
