# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `keys-readable`: every account of the host may read a private key.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    modes as _modes,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
)

KIND = "keys"
STEP = "chmod 0640 the file, owned by root, of the server's group; then exchange the key."
ENDINGS = (".key", ".jks", ".p12", ".pfx", ".keystore", "privkey.pem", "/SECRET_KEY")


def judge(evidence: Evidence) -> Finding:
    """Whether other accounts of the host may read one."""
    rows = [row for row in _modes.of_kinds(evidence, KIND) if _counts(row)]
    faults = [Fault(line, step=STEP) for line in _modes.open_to_others(rows, _modes.READ)]
    if not rows:
        return _control.not_applicable("there is none")
    return _control.found(faults, "no other account may read one")


def _counts(row):
    return row.text("path").endswith(ENDINGS)


CONTROL = Control(
    id="keys-readable",
    title="Every account of the host may read a private key",
    severity="high",
    topic="secrets",
    judge=judge,
    page=Page(
        what=(
            "Modes of keystores and private keys in `conf`, of `SECRET_KEY`, and of the folders on"
            " the way. Certificates are public and do not count."
        ),
        why=(
            "Whoever has the key can be the server, to every client that trusts its certificate. A"
            " keystore is no better where its password is the shipped one."
        ),
        attack=(
            "The key is copied, and used from another machine in the same network. Nobody notices."
        ),
        remedy="Close the file, and get a new certificate: the old key may have been read.",
        references=("docs/security.md",),
    ),
)
