# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `secret-known`: a secret is one that everybody can look up.

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
)


def judge(evidence: Evidence) -> Finding:
    """Whether a secret that matters is printed somewhere."""
    return _control.in_files(
        evidence,
        _faults,
        says="no secret is one that is printed in documentation or shipped",
    )


def _faults(place: Place) -> list[Fault]:
    found = []
    for use in _remedy.secrets_in_use(place):
        secret = place.secret(use.setting)
        if secret and (secret.flag("sample") or secret.flag("shipped")):
            text = f"{place.title}: {use.setting} is a secret that is published"
            found.append(Fault(text, place.name, use.policy, _remedy.ROTATE))
    return found


CONTROL = Control(
    id="secret-known",
    title="A secret is one that everybody can look up",
    severity="critical",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "The secrets that servers verify tokens with, against those printed in the vendor's"
            " documentation or shipped with the server. Only secrets of switches that are on count."
        ),
        why="Whoever has the secret makes any token, for any stream and any time.",
        attack=(
            "The samples of the documentation are the first that somebody tries, on a token that a"
            " player of yours shows."
        ),
        remedy=(
            "Rotate the secret: `streamward.antmedia.rotate` puts a new one into the store and on"
            " all hosts at the same moment. Then find out what was signed with the old one."
        ),
        references=("docs/rotation.md",),
    ),
)
