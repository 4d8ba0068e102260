# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `copies-with-secrets`: an old copy of a settings file has secrets.

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

STEP = "Delete it. Where its secrets still hold and others may have read it, rotate them."


def judge(evidence: Evidence) -> Finding:
    """Whether copies hold secrets, and whether these are still in force."""
    faults, unknown = [], []
    held = _held(evidence)
    for row in evidence.found.rows("copies"):
        path = shown(row.text("path"))
        if not row.known("secrets"):
            unknown.append(f"{path} could not be read")
            continue
        secrets = row.part("secrets")
        found = {name: secrets.text(name) for name in secrets.names()}
        if found:
            now = sorted(name for name, fingerprint in found.items() if fingerprint in held)
            still = f"; still in force: {', '.join(map(shown, now))}" if now else ""
            line = f"{path} has {len(found)} secrets{still}"
            faults.append(Fault(line, step=STEP))
    return _control.found(faults, "no copy with secrets was found", unknown=unknown)


def _held(evidence):
    """Fingerprints of all secrets in the files."""
    secrets = evidence.found.part("secrets")
    parts = [secrets.part("server"), *secrets.parts("apps").values()]
    return {part.part(name).text("fingerprint") for part in parts for name in part.names()}


CONTROL = Control(
    id="copies-with-secrets",
    title="A copy of a settings file with secrets in it was left on the host",
    severity="low",
    topic="secrets",
    judge=judge,
    page=Page(
        what=(
            "Copies of settings files that were left beside them, and the fingerprints of secrets"
            " in them, against those in force."
        ),
        why=(
            "A rotation does not reach a copy. Whoever restores it brings an old secret back, and"
            " whoever reads it has one that may still hold."
        ),
        attack=(
            "Files such as `red5-web.properties.bak` travel along with every backup of the folder,"
            " into places that nobody closed."
        ),
        remedy="Delete them. The collection itself removes what it made.",
        references=(
            "docs/rotation.md",
            "docs/automation.md",
        ),
    ),
)
