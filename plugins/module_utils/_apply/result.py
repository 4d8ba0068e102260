# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the caller is told of a run: done, predicted, waiting or failed.

PRIVATE to the collection.
"""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._apply.done import Done
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import Busy
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    audience as _audience,
)


@dataclass
class Result:
    """What a module returns; what it does there is said in the documentation of ``settings``.

    Those that are None are left out.
    """

    installation: Mapping[str, Any]
    changes: list[dict[str, Any]]
    fingerprints: Mapping[str, Any]
    boot_guard: Mapping[str, bool]
    warnings: list[str] = field(default_factory=list)
    changed: bool = False
    way: str = "none"
    reasons: list[str] = field(default_factory=list)
    restart_required: bool = False
    drift: Mapping[str, list[str]] = field(default_factory=dict)
    healed: list[str] = field(default_factory=list)
    waiting: bool = False
    audience: list[dict[str, Any]] = field(default_factory=list)
    unproved: bool = False
    unclaimed: bool = False
    starts: int = 0
    ready_seconds: float | None = None
    switched_at: float | None = None
    cutover_pid: int | None = None
    server_log: list[str] | None = None
    msg: str | None = None
    failed: bool | None = None

    def as_dict(self) -> dict[str, Any]:
        """As Ansible takes it, with the diff of its changes."""
        found = {part.name: getattr(self, part.name) for part in dataclasses.fields(self)}
        told = {name: value for name, value in found.items() if value is not None}
        return dict(told, diff=diff(self.changes))

    def tell(self, done: Done, predicted: bool = False, claims: bool = False) -> None:
        """Tell what a run has come upon, however it ended.

        :kwarg predicted: whether it was not done.
        :kwarg claims: whether it would have made the first admin account.
        """
        self.audience = [audience.shown() for audience in done.audience]
        self.healed = sorted(set(done.healed))
        self.starts = done.starts
        self.unclaimed = done.unclaimed and not (predicted and claims)
        self.warnings.extend(done.warnings)
        if done.audience and (done.starts or predicted):
            verb = "would cut" if predicted else "cut"
            self.warnings.append(f"the restart {verb} off {_audience.total(done.audience)}")

    def wait(self, error: Busy, predicted: bool) -> None:
        """Tell that nothing was done because somebody is on air, or so that the caller can act.

        :arg predicted: whether a run in earnest would have something to do.
        """
        self.changed, self.waiting = predicted, True
        self.msg = str(error) or "nobody is on air; the drain hooks run first"

    def fail(self, error: Exception, done: Done | None = None) -> None:
        """Tell of a run that did not do its work.

        :kwarg done: None when it did not come to one.
        """
        text, lines = str(error), getattr(error, "lines", [])
        if isinstance(error, Busy):
            text = (
                f"a restart would cut off people on air, nothing was changed: {text}; wait, or set"
                " antmedia_live_streams to drain or drop"
            )
        self.server_log = lines or None
        self.msg = "\n".join([f"{platform.node()}: {text}", *lines])
        self.failed, self.changed = True, False
        if done:
            self.tell(done)
            self.changed = done.altered or done.claimed

    def warn_of_restart(self, predicted: bool) -> None:
        """Warn that a restart is due which the run does not do."""
        verb = "would be" if predicted and self.changed else "is"
        self.warnings.append(
            f"a restart {verb} due, but this run does not restart: {', '.join(self.reasons)}"
        )

    def warn_of_panel(self, allowed: str) -> None:
        """Warn that whoever comes first becomes the server's first admin.

        :arg allowed: who may open its panel.
        """
        self.warnings.append(
            "this server has no admin yet, and whoever reaches its panel first becomes the admin;"
            f" the panel is open to {allowed}; give antmedia_secrets.admin to create the account"
        )


def diff(changes: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """What changes, a file at a time."""
    files: dict[str, list[Mapping[str, Any]]] = {}
    for change in changes:
        files.setdefault(change["file"], []).append(change)

    def lines(found, side):
        return "".join(
            f"{change['key']}={change[side]}\n"
            for change in sorted(found, key=lambda change: change["key"])
            if change[side] is not None
        )

    return [
        {
            "before_header": path,
            "after_header": path,
            "before": lines(found, "old"),
            "after": lines(found, "new"),
        }
        for path, found in files.items()
    ]
