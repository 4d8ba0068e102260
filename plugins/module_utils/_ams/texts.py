# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Forms of texts: what the server reads out of a setting that it calls a text.

It takes any text into such a setting, and fails over it later, or means something else by it.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils import _json

# What Java's int holds.
MOST = 2**31 - 1
_WHOLE = re.compile("[+-]?[0-9]+")


@dataclass(frozen=True)
class Form:
    """A form of texts.

    fits: whether a text has it. what: what such a text is, behind "is not". does: what the server
    does of any other text, behind "with it". choices: the texts there are, where they are few.
    """

    fits: Callable[[str], bool] = field(repr=False)
    what: str
    does: str
    choices: tuple[str, ...] = ()

    def fault(self, text: str) -> str:
        """Why a text is none of this form; empty if it is."""
        return "" if self.fits(text) else f"is not {self.what}; {self.does}"


def whole(least: int, most: int, does: str) -> Form:
    """A whole number as Java's ``Integer.valueOf`` takes it, which no blank may be beside."""

    def fits(text: str) -> bool:
        digits = len(text) <= _json.LONGEST_NUMBER and _WHOLE.fullmatch(text)
        return bool(digits) and least <= int(text) <= most

    bounds = f"from {least} on" if most == MOST else f"from {least} to {most}"
    return Form(fits, f"a whole number {bounds}", does)


def like(pattern: str, what: str, does: str) -> Form:
    """A text of a pattern."""
    compiled = re.compile(pattern)
    return Form(lambda text: bool(compiled.fullmatch(text)), what, does)


def seconds(does: str) -> Form:
    """A duration in seconds."""
    return like(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", "a number of seconds", does)


def one_of(words: str, does: str, blank: bool = True, any_case: bool = False) -> Form:
    """A word of some; nothing at all, where that means what holds by default."""
    choices = tuple(words.split())
    known = {word.lower() for word in choices} if any_case else set(choices)

    def fits(text: str) -> bool:
        return (text.lower() if any_case else text) in known or (blank and not text)

    return Form(fits, f"one of {', '.join(choices)}", does, choices)


def flags(words: str, what: str, does: str) -> Form:
    """Words of some with + or - between them, as FFmpeg takes them; nothing at all, too."""
    choices = tuple(words.split())
    # The longest first, since one may begin as another does.
    word = "|".join(sorted(choices, key=len, reverse=True))
    one = f"(?:{word}|[0-9]{{1,9}})"
    compiled = re.compile(rf"(?:[+-]? *{one}(?: *[+-] *{one})*)?")
    return Form(lambda text: bool(compiled.fullmatch(text)), what, does, choices)


def address(does: str) -> Form:
    """An address that the server listens at, of the host itself."""

    def fits(text: str) -> bool:
        try:
            return text == "localhost" or bool(ipaddress.ip_address(text))
        except ValueError:
            return False

    return Form(fits, "an IP address", does)


def encoders(does: str) -> Form:
    """What the server encodes streams to: three numbers each, or JSON."""
    return Form(
        _are_encoders,
        "a list of three numbers for each encoder (height, video and audio bitrate)",
        does,
    )


def _are_encoders(text):
    if not text.startswith("["):
        numbers = text.split(",") if text else []
        return len(numbers) % 3 == 0 and all(map(_is_number, numbers))
    try:
        entries = _json.parse(text)
    except ValueError:
        return False
    return all(isinstance(entry, dict) and _is_encoder(entry) for entry in entries)


def _is_encoder(entry):
    numbers = [entry.get(name) for name in ("height", "videoBitrate", "audioBitrate")]
    forced = isinstance(entry.get("forceEncode"), bool)
    return forced and all(_is_number(str(number)) for number in numbers)


def _is_number(text):
    digits = len(text) <= _json.LONGEST_NUMBER and _WHOLE.fullmatch(text)
    return bool(digits) and -MOST - 1 <= int(text) <= MOST
