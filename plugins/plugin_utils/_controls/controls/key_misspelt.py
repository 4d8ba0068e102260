# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `key-misspelt`: a key is one that nobody reads.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    keys as _keys,
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
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Part

FAULT = "misspelt"
STEP = "Put the setting into the policy, and take the key out of the file."


def judge(evidence: Evidence) -> Finding:
    """Whether a settings file has a key that is near to one."""
    return _keys.finding(evidence, FAULT, _told, "no key is near to one that the server reads")


def _told(place: Place, row: Part) -> Fault:
    text = f"{place.title}: {shown(row.text('key'))} looks like {shown(row.text('setting'))}"
    return Fault(text, place.name, step=STEP)


CONTROL = Control(
    id="key-misspelt",
    title="A key is misspelt, and the server reads nothing of it",
    severity="medium",
    topic="settings",
    judge=judge,
    page=Page(
        what=(
            "Keys of both settings files that no version reads, and that are near to one, where"
            " that one is not there."
        ),
        why=(
            "The server takes no notice of what it does not know, without a word. The setting"
            " keeps its default. Letters of the wrong case are enough."
        ),
        attack="Nothing has to be done: what people believe to be on is off.",
        remedy="Write the key right; better, say it in the policy, where a slip is an error.",
        references=("docs/values.md",),
    ),
)
