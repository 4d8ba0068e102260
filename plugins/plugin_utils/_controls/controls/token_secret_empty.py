# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `token-secret-empty`: tokens are asked for that nobody can make.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    words as _words,
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

# Signed by a key that is kept elsewhere.
ELSEWHERE = {"rest": "jwksURL", "management": "server.jwksURL"}
# Without it everybody gets in, which is another control's.
OPEN = "hash"


def judge(evidence: Evidence) -> Finding:
    """Whether a switch is on whose secret is not there."""
    return _control.in_files(
        evidence,
        _faults,
        says="where tokens are asked for, there is a secret",
    )


def _faults(place: Place) -> list[Fault]:
    found = []
    for word, secret in _words.SECRETS.items():
        here = (secret.kept == _words.SERVER) != bool(place.name) and place.has(secret.setting)
        if not here or not secret.needed or word == OPEN or place.secret(secret.setting):
            continue
        elsewhere = ELSEWHERE.get(word, "")
        if elsewhere and place.text(elsewhere).strip():
            continue
        on = [switch for switch in secret.switches.values() if _enforced(place, switch)]
        if on:
            line = f"{place.title}: {on[0]} is on, and {secret.setting} is empty: nobody gets in"
            policy = _remedy.of_secret(place, secret.setting)
            found.append(Fault(line, place.name, policy))
    return found


def _enforced(place, switch):
    edition = _catalogue.by_name(_catalogue.file_of(place.name), switch).edition
    return place.on(switch) and (edition == "any" or place.evidence.enterprise)


CONTROL = Control(
    id="token-secret-empty",
    title="Tokens are asked for, and there is no secret to make them with",
    severity="medium",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Switches of tokens that are on while their secret is empty: of the management, of"
            " REST APIs, of streams."
        ),
        why=(
            "No token is right then, so nobody gets in; on some versions every request with a"
            " token ends with an error 500. It fails closed, and gets turned off in a hurry."
        ),
        attack="None by itself.",
        remedy="Give it a secret: `streamward.antmedia.secrets` makes it, `secure` writes it.",
        references=("docs/values.md",),
    ),
)
