# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `library-holes`: libraries of the version have public faults.

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
    return _known.finding(evidence, _known.OF_LIBRARIES)


CONTROL = Control(
    id="library-holes",
    title="Libraries that the server comes with have faults that are public",
    severity="medium",
    topic="operation",
    judge=judge,
    page=Page(
        what=(
            "The version of the server, against faults of the libraries that it ships, where the"
            " vendor names them in reports: Tomcat, Spring, MINA, SnakeYAML. The list is part of"
            " the collection and as old as that is."
        ),
        why=(
            "A version keeps its libraries. Whether a fault can be used in the server is mostly"
            " not shown by anybody; the vendor exchanges the library all the same."
        ),
        attack="Scanners tell libraries by the version of the server.",
        remedy="Upgrade.",
        references=(
            "docs/upgrade.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/7815",
            "https://github.com/ant-media/Ant-Media-Server/issues/7830",
        ),
    ),
)
