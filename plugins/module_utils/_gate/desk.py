# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where all who ask the gate are answered: the decision, the viewers of a token, counts, the log.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.doors import PLAY, PUBLISH
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    counts as _counts,
    decide as _decide,
    policy as _policy,
    refusals as _refusals,
    viewers as _viewers,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256

NOT_READ = "it was not read yet"


class Desk:
    """The policy in force, and what becomes of whoever asks.

    policy: None while there is no right one; why: the reason for that.
    """

    def __init__(
        self,
        say: Callable[[str], object],
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        :arg say: takes a line for the log.
        :kwarg now: Unix seconds. :kwarg clock: seconds that never go back.
        """
        self.policy: _policy.Policy | None = None
        self.why = NOT_READ
        self.mark = ""
        self.counts = _counts.Counts()
        self.viewers = _viewers.Viewers()
        self._refusals = _refusals.Refusals()
        self._say, self._now, self._clock = say, now, clock
        self.started = now()
        self.counts.put("start_time_seconds", self.started)
        self.counts.put("policy_good", 0)

    def take(self, text: str | None, why: str = "") -> None:
        """Take a policy's text; None where there is none that may be read, and why."""
        mark = _secret.fingerprint(text)
        try:
            policy = _policy.read(text) if text is not None else None
        except _policy.Broken as broken:
            policy, why = None, str(broken)
        known = (self.mark, self.why) if self.policy else ("", self.why)
        self.policy, self.why, self.mark = policy, "" if policy else why, mark if policy else ""
        self.counts.put("policy_good", int(policy is not None))
        self.counts.add("policy_reads_total", result="good" if policy else "broken")
        if (self.mark, self.why) != known:
            said = "in force" if policy else f"NOBODY GETS IN: {why}"
            self._say(f"policy: {said}")

    def decide(self, ask: _decide.Ask) -> _decide.Verdict:
        """Whether what somebody asks for is allowed."""
        verdict = _decide.decide(self.policy, ask, self._now())
        if verdict.allowed and ask.direction == PLAY and not self._has_place(ask):
            verdict = _decide.Verdict(False, "too many viewers")
        return self._told(ask, verdict)

    def enters(self, app: str, address: str) -> _decide.Verdict:
        """Whether somebody may connect to an application over RTMP, which alone is not counted."""
        verdict = _decide.enters(self.policy, app, address)
        if verdict.allowed:
            return verdict
        return self._told(_decide.Ask(PUBLISH, app, "", None, address, _decide.RTMP), verdict)

    def refuse(self, ask: _decide.Ask, reason: str) -> _decide.Verdict:
        """Refuse what cannot be asked for at all."""
        return self._told(ask, _decide.Verdict(False, reason))

    def tick(self) -> None:
        """What is due each second."""
        self.viewers.forget(self._clock())
        self.counts.put("viewers_tokens", len(self.viewers))
        for line in self._refusals.ended(self._clock()):
            self._say(line)

    def state(self) -> dict[str, Any]:
        """What there is to know, without anything secret."""
        return {
            "open": self.policy is not None,
            "why": self.why,
            "policy": self.mark,
            "started": self.started,
            "applications": sorted(self.policy.applications) if self.policy else [],
            "home": self.policy.home if self.policy else None,
        }

    def _has_place(self, ask):
        app = self.policy.applications.get(ask.app) if self.policy else None
        limit = app.viewers_per_token if app else 0
        if not app or not limit or app.play.kind == _policy.NONE or ask.token is None:
            return True
        mark = _hs256.signature(ask.token)
        return self.viewers.admit(mark, ask.address or "", limit, self._clock())

    def _told(self, ask, verdict):
        known = self.policy is not None and ask.app in self.policy.applications
        self.counts.add(
            "decisions_total",
            via=ask.via,
            direction=ask.direction,
            app=ask.app if known else "",
            reason=verdict.reason,
        )
        if not verdict.allowed:
            line = self._refusals.line(ask, verdict.reason, known, self._clock())
            if line:
                self._say(line)
        return verdict
