# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `value-ignored`: a value does not do what it says.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    remarks as _remarks,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Finding,
    Page,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import Remark

STEP = "Write a value that the server reads, by the policy."
_SECRETS = frozenset(secret.setting for secret in _words.SECRETS.values())


def judge(evidence: Evidence) -> Finding:
    """Whether a settings file has one."""
    return _remarks.finding(evidence, _counts, STEP)


def _counts(remark: Remark) -> bool:
    # Lists and secrets have controls of their own, and so has what stops something.
    elsewhere = remark.setting in _remedy.LISTS or remark.setting in _SECRETS
    return not (elsewhere or _remarks.expands(remark) or _remarks.stops(remark))


CONTROL = Control(
    id="value-ignored",
    title="A value does not do what it says",
    severity="low",
    topic="settings",
    judge=judge,
    page=Page(
        what=(
            "Values of both settings files that the server takes, and then makes something else"
            " of, or nothing: words that it does not know, numbers out of range, addresses without"
            " `https://`."
        ),
        why=(
            "Streams are not recorded, players get no HLS, nobody can publish, what is uploaded is"
            " open to all, a port is closed; the panel shows the value as if it held."
        ),
        attack="None by itself.",
        remedy="Write a value that the server reads; [values](../values.md) has them.",
        references=("docs/values.md",),
    ),
)
