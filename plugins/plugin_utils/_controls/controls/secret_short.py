# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `secret-short`: a secret can be guessed from a token.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secret as _secret,
)
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
    """Whether a secret that matters is shorter than the collection would make it."""
    return _control.in_files(
        evidence,
        _faults,
        says=f"every secret has {_secret.MIN_LENGTH} characters or more",
    )


def _faults(place: Place) -> list[Fault]:
    found = []
    for use in _remedy.secrets_in_use(place):
        secret = place.secret(use.setting)
        length = int(secret.number("length")) if secret else _secret.MIN_LENGTH
        if length < _secret.MIN_LENGTH:
            text = f"{place.title}: {use.setting} has {length} characters"
            found.append(Fault(text, place.name, use.policy, _remedy.ROTATE))
    return found


CONTROL = Control(
    id="secret-short",
    title="A secret is short enough to be guessed",
    severity="high",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "The length of the secrets that servers verify tokens with, where their switch is on."
            " 32 characters are enough."
        ),
        why=(
            "The server takes a secret of a single character. Who has one token can try secrets on"
            " it without asking the server, some billions each second."
        ),
        attack="A token from a player's address, `hashcat -m 16500`, and a list of words.",
        remedy="Rotate the secret: `streamward.antmedia.rotate` makes new ones of 43 characters.",
        references=("docs/rotation.md", "docs/values.md"),
    ),
)
