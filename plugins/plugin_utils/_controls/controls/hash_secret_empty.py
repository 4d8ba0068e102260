# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `hash-secret-empty`: hashes are made of no secret.

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

SECRET = "tokenHashSecret"


def judge(evidence: Evidence) -> Finding:
    """Whether hashes are asked for without a secret."""
    if not evidence.enterprise:
        return _control.not_applicable("this edition asks for no token")
    return _control.in_apps(
        evidence,
        _faults,
        says="no hash is made without a secret",
    )


def _faults(app: Place) -> list[Fault]:
    asked = [way for way in _words.DIRECTIONS if "hash" in _guards.tokens(app, way)]
    if not asked or app.secret(SECRET):
        return []
    line = f"{app.title}: {SECRET} is empty, and hashes are asked for: "
    return [
        Fault(line + direction, app.name, *_remedy.guarded(app, direction, "hash"))
        for direction in asked
    ]


CONTROL = Control(
    id="hash-secret-empty",
    title="Hash tokens are asked for, and anybody can make them",
    severity="critical",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what="Applications that ask for hash tokens, and have no `tokenHashSecret`.",
        why=(
            "The hash is then made of the name of the stream and the word `play` or `publish`."
            " Everybody knows both."
        ),
        attack="`printf STREAMplay | sha256sum` is the token.",
        remedy="Give it a secret; better, use signed tokens, which end (`jwt`).",
        references=(
            "docs/values.md",
            "docs/tokens.md",
        ),
    ),
)
