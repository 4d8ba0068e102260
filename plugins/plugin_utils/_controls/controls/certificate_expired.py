# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `certificate-expired`: a certificate is over.

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
    """Whether it holds at this moment."""
    now = evidence.found.part("clock").number("now")

    def wrong(certificate):
        if certificate.number("ends") <= now:
            days = int((now - certificate.number("ends")) // 86400)
            yield f"{shown(certificate.text('subject'))} is over since {days} days"
        if certificate.number("begins") > now:
            yield f"{shown(certificate.text('subject'))} has not begun yet"

    return _certificates.judge(evidence, wrong, "every certificate holds now")


CONTROL = Control(
    id="certificate-expired",
    title="A certificate of the server is over, or has not begun",
    severity="high",
    topic="tls",
    judge=judge,
    page=Page(
        what="The times of the server's own certificate, by the host's clock.",
        why=(
            "Players and encoders refuse it. What is told to take it anyway takes any other as"
            " well."
        ),
        attack=(
            "People turn the check off in their players and encoders, and from then on anybody can"
            " stand between."
        ),
        remedy=(
            "Renew it, and have something renew it: certbot does, and the server has to be"
            " restarted with the new one."
        ),
        references=("docs/proxies.md",),
    ),
)
