# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `keystore-password`: the keystore has the shipped password.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    shown,
)

SETTING = "rtmps.keystorepass"
STEP = "keytool -storepasswd on the keystore, and the same word in rtmps.keystorepass."


def judge(evidence: Evidence) -> Finding:
    """Whether RTMPS has a keystore that anybody can open."""
    told = evidence.found.part("certificates")
    if not told.flag("rtmps"):
        return _control.not_applicable("RTMPS is off")
    secret = evidence.server.secret(SETTING)
    faults, unknown = [], []
    if secret and secret.flag("shipped"):
        faults.append(Fault(f"{SETTING} is the shipped one", step=STEP))
    for row in told.rows("files"):
        path = shown(row.text("path"))
        if "rtmps" not in row.texts("used_for") or not row.flag("there"):
            continue
        if not row.known("open"):
            unknown.append(f"nobody says whether a known password opens {path}")
        elif row.flag("open"):
            faults.append(Fault(f"a known password opens {path}", step=STEP))
    return _control.found(faults, "no known password opens the keystore", unknown=unknown)


CONTROL = Control(
    id="keystore-password",
    title="The keystore of RTMPS opens with a password that everybody knows",
    severity="medium",
    topic="tls",
    judge=judge,
    page=Page(
        what=(
            "Where RTMPS is on: `rtmps.keystorepass`, and whether a shipped password opens the"
            " keystore itself."
        ),
        why=(
            "As shipped it is `password`. Then the mode of the file is all that guards the private"
            " key."
        ),
        attack="Whoever gets the file, from a backup or by its mode, has the key.",
        remedy="Give the keystore a password of its own.",
        references=("docs/security.md",),
    ),
)
