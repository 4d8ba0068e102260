# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What one token and many have in common: who makes it, its strings, what to know about it.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    ask as _ask,
    kinds as _kinds,
    mint as _mint,
    served as _served,
    support as _support,
    urls as _urls,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.options import Options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted, Order

ALL = "all"


def faults(options: Options) -> list[str]:
    """What is wrong with options that say who makes a token of which kind."""
    order, found = options.order(), []
    kind, from_server = _kinds.of(order.kind), options.args["source"] == "server"
    if from_server and (not kind.path or order.realm != "stream"):
        *words, last = _kinds.asked()
        found.append(
            f"source: the server makes {', '.join(words)} and {last} tokens of the stream realm"
        )
    if kind.kept and not from_server:
        found.append(f"{_kinds.only_kept(order.kind)}; set source: server")
    return found + options.faults()


class Maker:
    """Makes the tokens of a task.

    :arg options: those of the task, of which :func:`faults` has found none.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.mint = _mint.Mint(options.now, options.cap(), options.args["totp_period"])

    def refuse_unsupported(self) -> None:
        """Stop, or warn, if the server can do nothing with such tokens."""
        args, order = self.options.args, self.options.order()
        found = _support.faults(
            order.realm,
            order.kind,
            self.options.version,
            args["edition"] or "",
            registered=bool(args.get("subscriber_secret")),
        )
        if found and self.options.given("unenforceable", "fail") == "warn":
            for fault in found:
                self.options.edge.warn(fault)
        elif found:
            raise Faults(found)

    def make(self, order: Order) -> Minted:
        """:raises TokenError: with every fault."""
        if self.options.args["source"] == "server":
            return _ask.ask(self.options, self.mint, order)
        return self.mint.mint(order, self.options.secret(order)[0])

    def strings(self, minted: Minted, names: Sequence[str]) -> dict[str, str]:
        """The strings of a token by name, those asked for."""
        if not names:
            return {}
        order, args, version = minted.order, self.options.args, self.options.version
        every = _urls.strings(
            order,
            self.options.endpoint(),
            minted.value,
            args["vod_file"],
            args["quality"],
            version,
        )
        made = _support.usable(every, version, order.type)
        known = ", ".join((*made, ALL))
        wrong = []
        for name in names:
            if name not in made and name != ALL:
                why = _support.missing(name, version, order.type)
                wrong.append(f"{name}: {why}" if why else f"{name!r} is not one of {known}")
        if wrong:
            raise Faults(f"strings: {text}" for text in wrong)
        return made if ALL in names else {name: made[name] for name in names}

    def notes(self, minted: Minted, strings: Mapping[str, str]) -> Iterator[str]:
        """What to know about a token; texts that do not name it, so that a batch can count them."""
        order = minted.order
        if minted.expires is None and _kinds.of(order.kind).timed:
            yield "the token never expires: it works until its secret is rotated"
        if order.room and (order.stream, order.type) != (order.room, "publish"):
            yield (
                "for a room the vendor describes a token to publish the room itself (the room as"
                " stream, publish as type); what another one opens only the server can tell"
            )
        yield from _urls.length_warnings(strings)
        if strings and order.realm == "stream" and order.type == "play":
            wrong = _served.mismatches(
                order.app,
                order.stream,
                self.options.args["vod_file"],
                self.options.args["quality"],
                self.options.version,
            )
            taken: dict[str | None, list[str]] = {}
            for name, read in wrong.items():
                if name in strings:
                    taken.setdefault(read, []).append(name)
            for read, names in taken.items():
                yield (
                    f"{', '.join(names)}: the server takes the file's name for that of stream"
                    f" {read!r}, not {order.stream!r}, and will refuse the token there"
                )

    def hidden(self) -> dict[str, bool]:
        """What keeps a result with tokens out of the output."""
        return {} if self.options.args["expose"] else {"_ansible_no_log": True}
