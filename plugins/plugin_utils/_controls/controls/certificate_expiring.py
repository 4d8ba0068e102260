# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `certificate-expiring`: a certificate ends soon.

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

DAYS = 14


def judge(evidence: Evidence) -> Finding:
    """Whether it will hold for long enough to be renewed in peace."""
    now = evidence.found.part("clock").number("now")

    def wrong(certificate):
        left = certificate.number("ends") - now
        if 0 < left <= DAYS * 86400:
            yield f"{shown(certificate.text('subject'))} ends in {int(left // 86400)} days"

    return _certificates.judge(evidence, wrong, f"no certificate ends within {DAYS} days")


CONTROL = Control(
    id="certificate-expiring",
    title="A certificate of the server ends within two weeks",
    severity="medium",
    topic="tls",
    judge=judge,
    page=Page(
        what="The end of the server's own certificate, by the host's clock.",
        why=(
            "Certificates of Let's Encrypt are renewed a month before they end. One that has less"
            " than two weeks has missed that, mostly because port 80 is closed or nothing restarts"
            " the server."
        ),
        attack="None by itself.",
        remedy="See why it was not renewed: `certbot renew --dry-run`.",
        references=("docs/proxies.md",),
    ),
)
