# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who watches with which token: a token is good for so many addresses at a time.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections import OrderedDict

# Who has asked for nothing for so long has left his place to somebody else. Segments last a few
# seconds, and a decision is remembered in front of the gate for some more.
SILENCE_SECONDS = 20
MOST_TOKENS = 50_000


class Viewers:
    """The addresses of each token, as long as they ask.

    No token counts that was not found to be good, so only who has many of them can fill this. Then
    nobody with a new one is let in until somebody falls silent.
    """

    def __init__(self, most: int = MOST_TOKENS, silence: float = SILENCE_SECONDS) -> None:
        self._most = most
        self._silence = silence
        # Longest silent first, tokens as well as addresses of each.
        self._seen: OrderedDict[bytes, OrderedDict[str, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    def admit(self, token: bytes, address: str, limit: int, now: float) -> bool:
        """Whether a token is good for one who asks from an address, who is remembered if so.

        :arg token: what all spellings of the token have in common.
        :arg limit: how many addresses it is good for at a time.
        :arg now: seconds of a clock that never goes back.
        """
        self.forget(now)
        if token not in self._seen and len(self._seen) >= self._most:
            return False
        seen = self._seen.get(token) or OrderedDict()
        while seen and now - next(iter(seen.values())) > self._silence:
            seen.popitem(last=False)
        if address not in seen and len(seen) >= limit:
            return False
        seen[address] = now
        seen.move_to_end(address)
        self._seen[token] = seen
        self._seen.move_to_end(token)
        return True

    def forget(self, now: float) -> None:
        """Forget the tokens that nobody has asked with for long."""
        while self._seen:
            seen = next(iter(self._seen.values()))
            if now - next(reversed(seen.values())) <= self._silence:
                return
            self._seen.popitem(last=False)
