# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `version-holes`: the version has public faults.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    known as _known,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Finding,
    Page,
)


def judge(evidence: Evidence) -> Finding:
    """Whether the version has faults that everybody can read about."""
    return _known.finding(evidence, _known.OF_SERVER)


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
