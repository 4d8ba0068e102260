# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A policy on its way to settings: what it asks for so far, and all that is wrong with it.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import values as _values
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted


class Used(NamedTuple):
    """A secret that the policy uses: where it stands, and the word of what it serves."""

    place: str
    word: str
    secret: str


class Draft:
    """What the chapters of a policy are written into, one after the other.

    policy: the module's options. widest: the shortest prefixes that blocks may have, by family.
    """

    def __init__(self, policy: Mapping[str, Any], installation: Installation) -> None:
        self.policy = policy
        self.installation = installation
        self.wanted = Wanted(apps={app: {} for app in installation.apps})
        self.faults: list[str] = []
        self.used: list[Used] = []
        self.widest: dict[str, int] = {}

    def fault(self, variable: str, why: str) -> None:
        """Write down what is wrong with a variable."""
        self.faults.append(f"{variable}: {why}")

    def has_fault(self, variable: str) -> bool:
        """Whether something is wrong with a variable, or with what it is part of."""
        places = {fault.partition(":")[0] for fault in self.faults}
        parts = variable.split(".")
        return any(".".join(parts[:count]) in places for count in range(1, len(parts) + 1))

    def text(self, variable: str, setting: _catalogue.Setting, value: Any) -> str | None:
        """The text of a value for a setting; None, and a fault, where it has none."""
        try:
            return _values.text_of(setting, value)
        except ValueError as error:
            self.fault(variable, f"{_options.shown(value)} {error}")
            return None

    def cidrs(self, variable: str, value: Any, keep_loopback: bool = False) -> str | None:
        """The text of a list of addresses; None, and its faults, where it has none."""
        deny_all = value == _words.DENY_ALL
        try:
            return _cidr.compile_cidrs(
                [] if deny_all else value,
                deny_all=deny_all,
                widest=self.widest,
                keep_loopback=keep_loopback,
            )
        except _cidr.CidrError as error:
            for why in error.faults:
                self.fault(variable, why)
            return None

    def will_be(self, app: str, name: str) -> str | None:
        """The text a setting will have when the policy is carried out."""
        wanted = self.wanted.of(app)
        return wanted[name] if name in wanted else self.installation.effective(app, name)

    def on(self, app: str, name: str) -> bool:
        """Whether a setting will be on when the policy is carried out."""
        setting = _catalogue.by_name(_catalogue.file_of(app), name)
        return _catalogue.same(setting, self.will_be(app, name), "true")
