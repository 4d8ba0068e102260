# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `hash-no-expiry`: hash tokens never end.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    guards as _guards,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)


def judge(evidence: Evidence) -> Finding:
    """Whether a direction is guarded by hashes."""
    if not evidence.enterprise:
        return _control.not_applicable("this edition asks for no token")
    return _control.in_apps(
        evidence,
        _faults,
        says="no direction is guarded by hashes",
    )


def _faults(app: Place) -> list[Fault]:
    return [
        Fault(
            f"{app.title}: {_words.SWITCHES[direction]['hash']} is on",
            app.name,
            *_remedy.guarded(app, direction),
        )
        for direction in _words.DIRECTIONS
        if "hash" in _guards.tokens(app, direction)
    ]


CONTROL = Control(
    id="hash-no-expiry",
    title="Tokens are hashes, which hold for ever",
    severity="medium",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what="Whether publishing or playing is guarded by hashes.",
        why=(
            "A hash is made of the stream, the direction and the secret, and of no time. Whoever"
            " has seen it once, in an address, a log or a referrer, can use it until the secret"
            " changes."
        ),
        attack=(
            "An address with its hash is passed on, and works next year for the next stream of"
            " that name."
        ),
        remedy="Use signed tokens (`jwt`) with an end.",
        references=("docs/tokens.md",),
    ),
)
