# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many tokens at once, into a file or into the result: the module tokens.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import faults as _faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    ask as _ask,
    kinds as _kinds,
    maker as _maker,
    rows as _rows,
    table as _table,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.options import Options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Minted,
    Order,
    TokenError,
    variant,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.rows import (
    BatchError,
    Ordered,
)

SHOWN_FAULTS = 20
PROGRESS_SECONDS = 5
_OWN_COLUMNS = frozenset((*_rows.COLUMNS, "token", "expires", "expires_at"))


def run(options: Options) -> dict:
    """Mint a token for each row.

    :returns: the result, as the module's documentation has it.
    :raises ValueError: with every fault; many have them as ``faults``.
    """
    args, edge, base = options.args, options.edge, options.order()
    faults = _mixes(args) + _maker.faults(options)
    if faults:
        raise Faults(faults)
    maker, keep = _maker.Maker(options), args["keep_columns"]
    maker.refuse_unsupported()
    clash = sorted(_OWN_COLUMNS.intersection(keep))
    if clash:
        raise Faults(f"keep_columns: {name!r} is a column of its own" for name in clash)
    names = _names(maker, base)
    notes = _Counted()
    made = _made(maker, _rows.orders(_rows_of(options), base, keep), names, notes)
    result: dict[str, Any] = {"realm": base.realm, "kind": base.kind}
    if args["dest"]:
        result.update(_write(options, made, _table.columns(base, names, keep)))
    else:
        result["changed"] = _kinds.of(base.kind).kept
        tokens = [_listed(*row, keep) for row in made]
        if not _ask.leaves_alone(options, base):
            result.update(tokens=tokens, **maker.hidden())
    for text in notes.texts():
        edge.warn(text)
    return {**result, "count": notes.rows}


def _listed(minted, strings, kept, keep):
    values = {"token": minted.value, "strings": strings}
    return {**minted.summary(), **dict(zip(keep, kept)), **values}


def _mixes(args):
    listed = args["streams"] is not None
    found = []
    if listed == bool(args["streams_file"]):
        found.append("streams, streams_file: give one of them")
    if args["encrypt"] and not args["dest"]:
        found.append("encrypt: encrypts dest, which is not given")
    return found


def _rows_of(options):
    streams, path = options.args["streams"], options.args["streams_file"]
    if path:
        return _rows.rows_of_file(options.edge.path(path), options.args["keep_columns"])
    if isinstance(streams, str) or not isinstance(streams, (list, tuple)):
        raise Faults(["streams: must be a list of stream ids or mappings"])
    return _rows.rows_of_list(streams)


def _names(maker, base):
    """The names of the strings, checked with a token that does not exist."""
    names = maker.options.args["strings"]
    if not names:
        return []
    order = variant(base, app="x", stream="x", type=base.type or "play")
    return list(maker.strings(Minted(order, "x", None), names))


def _made(
    maker: _maker.Maker, orders: Iterable[Ordered], names: list[str], notes: _Counted
) -> Iterator[tuple[Minted, dict, Sequence[str]]]:
    """Tuples of token, strings and what is carried along, one a row."""
    edge = maker.options.edge

    def progress(count):
        edge.say(f"tokens: {count:,} made so far for {edge.host}")

    for minted, kept in mint_all(orders, _making(maker), progress):
        strings = maker.strings(minted, names) if names else {}
        notes.rows += 1
        notes.count(maker.notes(minted, strings))
        yield minted, strings, kept


def _making(maker):
    """What makes a row's token, every fault of it in one error."""
    from_server = maker.options.args["source"] == "server"

    def make(order):
        try:
            faults = maker.mint.faults(order) if from_server else []
            if faults:
                raise Faults(faults)
            return maker.make(order)
        except TokenError:
            raise
        except ValueError as error:
            found = maker.mint.faults(order) + _faults.of(error)
            raise TokenError(dict.fromkeys(found)) from None

    return make


def mint_all(
    ordered: Iterable[Ordered],
    mint: Callable[[Order], Minted],
    progress: Callable[[int], None] = lambda count: None,
) -> Iterator[tuple[Minted, Sequence[str]]]:
    """Mint every order; go on after a bad one, so that one message lists them all.

    :arg ordered: as of :func:`_rows.orders`.
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


# -- the file -------------------------------------------------------------------------------------


def _write(options: Options, made: Iterable, columns: list[str]) -> dict:
    args = options.args
    path = options.edge.path(args["dest"])
    if os.path.isdir(path):
        raise Faults([f"dest: {path} is a folder"])
    if not os.path.isdir(os.path.dirname(os.path.realpath(path))):
        raise Faults([f"dest: the folder of {path} does not exist"])
    encrypt = _encryption(options.edge.vault, args["vault_id"]) if args["encrypt"] else None
    rows = (_table.values(columns, *row) for row in made)
    if options.edge.check_mode:
        for _row in rows:
            pass
    else:
        try:
            _table.write(path, rows, columns, args["format"], encrypt)
        except OSError as error:
            raise Faults([f"dest: {path}: {error.strerror}"]) from None
    return {"changed": True, "dest": path}


def _encryption(vault, wanted):
    """What encrypts bytes with a vault identity of the run."""
    held = list(getattr(vault, "secrets", None) or [])
    for name, secret in held:
        if wanted in (None, name):
            return lambda data: vault.encrypt(data, secret=secret, vault_id=wanted)
    if held:
        names = ", ".join(name for name, _secret in held)
        raise Faults([f"vault_id: the run has no vault identity {wanted!r}, it has {names}"])
    raise Faults(["encrypt: the run has no vault password; give --vault-password-file"])


class _Counted:
    """Notes of many rows, each told once with how many rows it is about."""

    SHOWN = 10

    def __init__(self) -> None:
        self.rows = 0
        self._counts: dict[str, int] = {}

    def count(self, texts):
        for text in texts:
            self._counts[text] = self._counts.get(text, 0) + 1

    def texts(self):
        for text, count in list(self._counts.items())[: self.SHOWN]:
            yield f"{text} ({count:,} of {self.rows:,} tokens)"
        if len(self._counts) > self.SHOWN:
            yield f"and {len(self._counts) - self.SHOWN:,} more notes of this kind"
