# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `secret-predictable`: a secret is made of what is public.

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

FILE = "/SECRET_KEY"
STEP = "Rotate it, and delete SECRET_KEY in the server's folder."


def judge(evidence: Evidence) -> Finding:
    """Whether a secret that matters is of the kind that marketplaces make."""
    found = _control.in_files(
        evidence,
        _faults,
        says="no secret looks as if it was made of something public",
    )
    paths = (shown(row.text("path")) for row in evidence.found.rows("paths"))
    there = [Fault(f"{path} is there", step=STEP) for path in paths if path.endswith(FILE)]
    return _control.found((*found.faults, *there), *found.lines) if there else found


def _faults(place: Place) -> list[Fault]:
    found = []
    for use in _remedy.secrets_in_use(place):
        secret = place.secret(use.setting)
        if secret and secret.flag("digest"):
            text = f"{place.title}: {use.setting} is 32 hexadecimal digits, as an MD5 is"
            found.append(Fault(text, place.name, use.policy, _remedy.ROTATE))
    return found


CONTROL = Control(
    id="secret-predictable",
    title="A secret looks like one that is made of a public number",
    severity="high",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Secrets that are on and look like an MD5, and the file `SECRET_KEY` in the server's"
            " folder."
        ),
        why=(
            "Images of marketplaces make the secret of the management of the MD5 of the machine's"
            " id, write it into that file, and make the id the first password. The id is no secret:"
            " it is in consoles, in logs, in names of machines."
        ),
        attack="`printf i-0123456789abcdef0 | md5sum` signs tokens for everything.",
        remedy=(
            "Rotate it, delete the file, and change the password of the first admin, `JamesBond`."
        ),
        references=(
            "docs/rotation.md",
            "docs/first-hour.md",
        ),
    ),
)
