# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the operator asks of a rotation: what to do, when it is due, and with what of the fleet.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.quorum import (
    RotationError,
    need,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import Scope
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    lifetime as _lifetime,
)

MODES = ("auto", "now", "abort")


@dataclass(frozen=True)
class Options:
    """When a secret is exchanged or destroyed, and how many hosts it takes.

    ``max_age`` in seconds, None for never; ``grace`` in seconds; ``quorum`` is ``all``, a number of
    hosts, or a percentage.
    """

    mode: str = "auto"
    max_age: float | None = None
    grace: float = 0.0
    quorum: str | int = "all"

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise RotationError(
                f"antmedia_rotation: {self.mode!r} is not one of {', '.join(MODES)}"
            )
        if self.max_age is not None and self.max_age <= 0:
            raise RotationError("antmedia_secret_max_age: has to be more than nothing")
        if self.grace < 0:
            raise RotationError("antmedia_previous_grace: cannot be negative")
        need(self.quorum, 1)

    @classmethod
    def of(cls, args: Mapping) -> Options:
        """The options of the module rotation.

        :raises ValueError: naming the variable.
        """
        age = args["max_age"]
        return cls(
            args["mode"],
            None if age is None else seconds(age, "antmedia_secret_max_age"),
            seconds(args["grace"], "antmedia_previous_grace"),
            args["quorum"],
        )


@dataclass(frozen=True)
class Selection:
    """Which scopes to work on: of all applications and the whole fleet for an empty ``apps``."""

    realms: tuple[str, ...]
    apps: tuple[str, ...] = ()

    def holds(self, scope: Scope) -> bool:
        return scope.realm in self.realms and (not self.apps or scope.app in self.apps)


def seconds(text: str | int, variable: str) -> float:
    """Seconds of a duration, where a bare 0 is allowed.

    :raises ValueError: naming the variable.
    """
    text = str(text).strip()
    if text == "0":
        return 0.0
    if text.isdigit():
        raise ValueError(
            f"{variable}: {text!r} has no unit; write {text}d for days, {text}h for hours"
        )
    try:
        return float(_lifetime.duration(text))
    except _lifetime.LifetimeError as error:
        raise ValueError(f"{variable}: {error}") from None
