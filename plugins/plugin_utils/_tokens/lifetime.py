# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How long a token lives, as an operator writes it.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from datetime import datetime

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import stamp

NEVER = "none"
LONGEST = 3650 * 86400

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DURATION = re.compile(r"(?:[0-9]{1,10}[smhdw])+")
_PART = re.compile(r"([0-9]+)([smhdw])")
_ABSOLUTE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXAMPLE = "2030-01-31T18:00:00+01:00"


class LifetimeError(ValueError):
    """A lifetime that is not valid; the message says what to write instead."""


def utc(seconds: float) -> str:
    """Unix seconds as an ISO 8601 text in UTC, or as the bare number where no calendar reaches."""
    try:
        return stamp(seconds)
    except (OverflowError, OSError, ValueError):
        return str(seconds)


def words(seconds: float) -> str:
    """A span of time in its two largest units: ``2 days 3 hours``."""
    seconds = int(abs(seconds))
    parts = []
    for name, size in (
        ("year", 365 * 86400),
        ("day", 86400),
        ("hour", 3600),
        ("minute", 60),
        ("second", 1),
    ):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:,} {name}{'s' if count != 1 else ''}")
    return " ".join(parts[:2]) or "0 seconds"


def duration(text: str) -> int:
    """Seconds of a duration.

    :arg text: such as ``90s``, ``2h``, ``1d12h``.
    :returns: whole seconds, above zero.
    :raises LifetimeError: for anything else.
    """
    text = str(text).strip().lower()
    if text.startswith(("-", "+")) and _DURATION.fullmatch(text[1:]):
        raise LifetimeError(f"{text!r} is negative or has a sign; write for example 2h")
    if re.fullmatch(r"[0-9]+ms", text):
        raise LifetimeError(f"{text!r} is in milliseconds; the server counts seconds: write 2h")
    if re.fullmatch(r"[-+]?[0-9.]+", text):
        hint = "; if these are milliseconds, divide by 1,000" if len(text) > 6 else ""
        raise LifetimeError(f"{text!r} has no unit; write for example {text.strip('-+')}s{hint}")
    if not _DURATION.fullmatch(text):
        raise LifetimeError(f"{text!r} is not a duration; write for example 90s, 30m, 2h or 7d")
    seconds = sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(text))
    if seconds == 0:
        raise LifetimeError(f"{text!r} is zero: the token would never work")
    if seconds > LONGEST:
        raise LifetimeError(f"{text!r} is longer than ten years; if it must not expire, write none")
    return seconds


def _moment(text, now):
    try:
        moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text))
    except ValueError:
        raise LifetimeError(f"{text!r} is not a time; write it like {_EXAMPLE}") from None
    if moment.tzinfo is None:
        raise LifetimeError(f"{text!r} has no zone; write it like {text}Z or {_EXAMPLE}")
    try:
        seconds = int(moment.timestamp())
    except (OverflowError, ValueError):
        raise LifetimeError(f"{text!r} is out of range") from None
    if seconds <= now:
        raise LifetimeError(f"{text!r} is in the past, by {words(now - seconds)}")
    if seconds - now > LONGEST:
        raise LifetimeError(
            f"{text!r} is more than ten years away; if it must not expire, write none"
        )
    return seconds


def expiry(lifetime: str, now: int, cap: int | None = None) -> int | None:
    """When a token minted now expires.

    :arg lifetime: a duration, an absolute time with its zone, or ``none``.
    :arg now: Unix seconds.
    :kwarg cap: the longest lifetime allowed, in seconds; ``None`` for no limit.
    :returns: Unix seconds, or ``None`` for a token that never expires.
    :raises LifetimeError: if the text is not valid or breaks the cap.
    """
    text = str(lifetime).strip()
    if text.lower() == NEVER:
        if cap is not None:
            raise LifetimeError(
                f"'none' is not allowed: the longest lifetime here is {words(cap)} (max_lifetime)"
            )
        return None
    if not text:
        raise LifetimeError(
            "is empty; write a duration such as 30m, 2h or 7d, a time with a zone such as"
            f" {_EXAMPLE}, or none"
        )
    end = _moment(text, now) if _ABSOLUTE.match(text) else now + duration(text)
    if cap is not None and end - now > cap:
        raise LifetimeError(
            f"{text!r} is {words(end - now)};"
            f" the longest allowed here is {words(cap)} (max_lifetime)"
        )
    return end
