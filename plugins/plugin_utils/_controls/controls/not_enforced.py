# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `not-enforced`: the server lets in somebody whom its settings keep out.

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

NOT_ENFORCED, ENFORCED = "not enforced", "enforced"
STEP = "Run streamward.antmedia.verify: it shows what was asked and what came."


def judge(evidence: Evidence) -> Finding:
    """Whether what was asked of the running server came out as the policy, or its files, say."""
    if evidence.proofs is None:
        return _control.not_applicable("the server was not asked; antmedia_audit_probe does that")
    faults = [
        Fault(_text(proof), shown(proof.app, 100), step=STEP)
        for proof in evidence.proofs
        if proof.outcome == NOT_ENFORCED
    ]
    unknown = [
        _text(proof) for proof in evidence.proofs if proof.outcome not in (NOT_ENFORCED, ENFORCED)
    ]
    return _control.found(faults, "the server enforces what it was asked about", unknown=unknown)


def _text(proof):
    whose = f"{shown(proof.app, 100)}: " if proof.app else ""
    return f"{whose}{shown(proof.control)}: {shown(proof.outcome)}: {shown(proof.reason)}"


CONTROL = Control(
    id="not-enforced",
    title="The server lets in somebody whom its settings keep out",
    severity="critical",
    topic="access",
    judge=judge,
    page=Page(
        what=(
            "What the running server lets in and refuses, by requests, where `antmedia_audit_probe:"
            " true` has it asked. What is asked is what the policy says, or else what the server's"
            " files say."
        ),
        why=(
            "A start can come up with its security off, and a setting can be overruled by what no"
            " file shows. Only a request tells."
        ),
        attack="The address is open, whatever the settings say.",
        remedy=(
            "Run `secure`, which brings the running server to its files, and look at its output."
        ),
        references=("docs/verify.md", "docs/boot-guard.md"),
    ),
)
