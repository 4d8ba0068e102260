# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a kind of token is, to whoever mints, asks for and judges tokens.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from typing import Any, Protocol
from urllib.parse import urlencode

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Minted, Order
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.verdict import Case


class Minting(Protocol):
    """What a kind takes of a ``Mint``: its instant, its period, and what it has made once."""

    now: int
    period: int

    def expiry(self, lifetime: str) -> int | None: ...

    def signer(self, secret: str) -> Any: ...


class Kind:
    """A kind of token. What is not so for a kind stays as it is here.

    looks: what its tokens look like, ``None`` if like no other. timed: whether an order says how
    long it works. kept: whether only the server makes it and keeps it, so that a new one changes
    the server. path: where below a stream the server makes one when asked, empty if it makes none.
    answer: where in the server's answer it stands.
    """

    looks: re.Pattern[str] | None = None
    timed = False
    kept = False
    path = ""
    answer = "tokenId"

    def make(self, mint: Minting, order: Order, secret: str | bytes) -> Minted:
        """A token for an order known to be without fault."""
        raise NotImplementedError

    def expiry(self, mint: Minting, order: Order) -> int | None:
        """When a token that the server makes now ends, ``None`` for never."""
        return mint.expiry(order.lifetime)

    def question(self, order: Order, expires: int | None) -> str:
        """What to ask the server for one: path and query below ``/APP``."""
        query = {"expireDate": expires, "type": order.type}
        if order.room:
            query["roomId"] = order.room
        return f"/rest/v2/broadcasts/{order.stream}/{self.path}?{urlencode(query)}"

    def judge(self, case: Case, text: str) -> None:
        """Say in the case's verdict what a server would say to a token."""
        raise NotImplementedError
