# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `token-kinds-clash`: two kinds of token are on for one direction.

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
    """Whether a direction has more than one kind of those that exclude each other."""
    if not evidence.enterprise:
        return _control.not_applicable("this edition asks for no token")
    return _control.in_apps(
        evidence,
        _faults,
        says="no direction has two kinds of token",
    )


def _faults(app: Place) -> list[Fault]:
    found = []
    for direction in _words.DIRECTIONS:
        on = [kind for kind in _guards.tokens(app, direction) if kind in _words.EXCLUSIVE]
        if len(on) > 1:
            kept = "jwt" if "jwt" in on else on[0]
            line = f"{app.title}: {direction}: {' and '.join(on)} are on together"
            found.append(Fault(line, app.name, *_remedy.guarded(app, direction, kept)))
    return found


CONTROL = Control(
    id="token-kinds-clash",
    title="Two kinds of token are on at once, so no token is right",
    severity="medium",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Switches of tokens: the server takes one kind for publishing and one for playing,"
            " beside hashes."
        ),
        why=(
            "The panel refuses to save two; a file with two is taken. Then one token would have to"
            " be right for both, and none is: nobody publishes, or nobody plays."
        ),
        attack="None: it fails closed. But people turn all of it off to get back on air.",
        remedy="Keep one kind.",
        references=(
            "docs/tokens.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/6042",
        ),
    ),
)
