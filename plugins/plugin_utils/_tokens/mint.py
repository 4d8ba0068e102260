# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Minting tokens from secrets.

Pure: an order and a secret in, a token or every fault out. Nothing here judges a secret, so that
the published samples can be tried; whoever serves real hosts does (``_secret.faults``).

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    jwt as _jwt,
    kinds as _kinds,
    lifetime as _lifetime,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Minted,
    Order,
    TokenError,
)


class Mint:
    """Mints any number of tokens at one instant.

    :arg now: Unix seconds.
    :kwarg cap: longest lifetime in seconds, or ``None``.
    :kwarg period: seconds a TOTP code lives.
    """

    def __init__(self, now: float, cap: int | None = None, period: int = 60) -> None:
        self.now, self.cap, self.period = int(now), cap, period
        self._signers: dict[str, _jwt.Signer] = {}
        self._expiries: dict[str, int | None] = {}

    def expiry(self, lifetime: str) -> int | None:
        """When a token of a lifetime ends, in Unix seconds; ``None`` for never.

        :raises LifetimeError:
        """
        if lifetime not in self._expiries:
            self._expiries[lifetime] = _lifetime.expiry(lifetime, self.now, self.cap)
        return self._expiries[lifetime]

    def signer(self, secret: str) -> _jwt.Signer:
        """What signs with a secret, made once."""
        signer = self._signers.get(secret)
        if signer is None:
            signer = self._signers[secret] = _jwt.Signer(secret)
        return signer

    def faults(self, order: Order) -> list[str]:
        """Every reason why an order cannot be carried out."""
        found = order.faults()
        if _kinds.known(order.kind) and _kinds.of(order.kind).timed:
            try:
                self.expiry(order.lifetime)
            except _lifetime.LifetimeError as error:
                found.append(f"lifetime: {error}")
        return found

    def mint(self, order: Order, secret: str | bytes) -> Minted:
        """Carry out an order.

        :arg secret: the secret as text; for TOTP that of the app, or the key of the subscriber as
            bytes.
        :raises TokenError: with every fault.
        """
        faults = self.faults(order)
        if _kinds.known(order.kind) and _kinds.of(order.kind).kept:
            faults.append(f"{_kinds.only_kept(order.kind)}: source: server")
        if faults:
            raise TokenError(faults)
        return _kinds.of(order.kind).make(self, order, secret)
