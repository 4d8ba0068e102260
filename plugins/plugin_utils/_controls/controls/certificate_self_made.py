# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `certificate-self-made`: nobody vouches for a certificate.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    certificates as _certificates,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Finding,
    Page,
    shown,
)


def judge(evidence: Evidence) -> Finding:
    """Whether somebody vouches for it."""

    def wrong(certificate):
        if certificate.flag("own"):
            yield f"{shown(certificate.text('subject'))} is its own issuer"

    return _certificates.judge(evidence, wrong, "somebody else signed every certificate")


CONTROL = Control(
    id="certificate-self-made",
    title="A certificate of the server was signed by itself",
    severity="medium",
    topic="tls",
    judge=judge,
    page=Page(
        what="Whether the server's own certificate names itself as its issuer.",
        why=(
            "No client can tell it from one that an attacker made, so clients either refuse it or"
            " take all."
        ),
        attack=(
            "Whoever is on the way shows a certificate of his own; the warning is the same that"
            " people click away every day."
        ),
        remedy=(
            "Get one that clients trust. Where you have an authority of your own, sign by that."
        ),
        references=("docs/proxies.md",),
    ),
)
