# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tokens a probe shows. They are made when they are sent, so that they live for a minute.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256

TOKEN_SECONDS = 60


def fresh() -> str:
    """A name no stream, and a key no server, ever had: 32 hexadecimal digits."""
    return os.urandom(16).hex()


@dataclass(frozen=True)
class Jwt:
    """A token to be made when it is sent; ``seconds`` from then on it expires."""

    secret: str = field(repr=False)
    claims: dict[str, str] = field(default_factory=dict)
    seconds: int = TOKEN_SECONDS
    unsigned: bool = False

    def text(self, now: float) -> str:
        """The token at a moment in Unix seconds."""
        claims = dict(self.claims, exp=int(now) + self.seconds)
        if self.unsigned:
            token = _hs256.sign(claims, self.secret, {"alg": "none", "typ": "JWT"})
            return token.rpartition(".")[0] + "."
        return _hs256.sign(claims, self.secret)


@dataclass(frozen=True)
class Plain:
    """A token that is the same whenever it is sent."""

    value: str = field(repr=False)

    def text(self, dummy: float) -> str:
        """The token."""
        return self.value
