# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `version-holes`: the version has public faults.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    known as _known,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
)


def judge(evidence: Evidence) -> Finding:
    """Whether the version has faults that everybody can read about."""
    version = evidence.version
    faults = [
        Fault(
            f"{hole.numbers}: {hole.what} ({hole.where})",
            step=f"Upgrade to {_versions.shown(hole.until)} or later.",
        )
        for hole in _known.holes(_known.OF_SERVER, version, evidence.edition)
    ]
    return _control.found(faults, "this version has none of the faults that are listed here")


CONTROL = Control(
    id="version-holes",
    title="The version of the server has faults that are public",
    severity="high",
    topic="operation",
    judge=judge,
    page=Page(
        what=(
            "The version and the edition of the server, against faults of the server itself that"
            " have a public number. The list is part of the collection and as old as that is."
        ),
        why=(
            "What is public is tried. A fault here cannot be closed by a setting, or has a control"
            " of its own for that as well."
        ),
        attack="Scanners know version and fault.",
        remedy="Upgrade. [upgrade](../upgrade.md) says how settings come along.",
        references=(
            "docs/upgrade.md",
            "https://github.com/advisories/GHSA-qwhw-hh9j-54f5",
            "https://github.com/advisories/GHSA-g95v-3pj6-j433",
            "https://github.com/ant-media/Ant-Media-Server/issues/7254",
        ),
    ),
)
