# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `secret-unfit`: a secret is not the same text to everybody.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
    shown,
)

# Faults that have controls of their own.
TOLD_ELSEWHERE = ("characters, at least", "published sample", "is empty")


def judge(evidence: Evidence) -> Finding:
    """Whether a secret that matters is one that the collection would not write."""
    return _control.in_files(
        evidence,
        _faults,
        says="every secret is plain text",
    )


def _faults(place: Place) -> list[Fault]:
    found = []
    for use in _remedy.secrets_in_use(place):
        secret = place.secret(use.setting)
        for fault in secret.texts("faults") if secret else ():
            if not any(text in fault for text in TOLD_ELSEWHERE):
                line = f"{place.title}: {use.setting} {shown(fault)}"
                found.append(Fault(line, place.name, use.policy, _remedy.ROTATE))
    return found


CONTROL = Control(
    id="secret-unfit",
    title="A secret has characters that not everybody reads alike",
    severity="medium",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Secrets that are on, and have quotes, backslashes, blanks, letters beyond ASCII, `${`"
            " or `#{`, or next to no different characters."
        ),
        why=(
            "The server reads the file with rules of its own: it takes backslashes away, expands"
            " `${`, runs `#{`, and reads an umlaut as two characters. Who signs with what stands in"
            " the file signs with another secret."
        ),
        attack=(
            "Few different characters are quickly guessed. The rest breaks things: at the next"
            " start an application with `${` in its secret does not come up."
        ),
        remedy=(
            "Rotate the secret: `streamward.antmedia.rotate` makes new ones of letters, digits,"
            " `-` and `_`."
        ),
        references=(
            "docs/values.md",
            "docs/rotation.md",
        ),
    ),
)
