# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `certificate-weak`: a certificate can be forged.

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

LEAST = {"RSA": 2048, "EC": 224}


def judge(evidence: Evidence) -> Finding:
    """Whether its key and its signature hold."""

    def wrong(certificate):
        name, kind = shown(certificate.text("subject")), certificate.text("key")
        bits = int(certificate.number("bits"))
        if 0 < bits < LEAST.get(kind, 0):
            yield f"{name} has a key of {bits} bits ({shown(kind, 20)})"
        if certificate.text("weak"):
            yield f"{name} is signed with {shown(certificate.text('weak'), 20)}"

    return _certificates.judge(evidence, wrong, "keys and signatures are strong enough")


CONTROL = Control(
    id="certificate-weak",
    title="A certificate of the server has a short key or a broken digest",
    severity="high",
    topic="tls",
    judge=judge,
    page=Page(
        what=(
            "The key of the server's own certificate, less than 2048 bits (RSA) or 224 (elliptic"
            " curves), and a signature with MD5 or SHA-1."
        ),
        why=("Such keys can be computed, and such signatures can be had for another certificate."),
        attack="It takes money rather than skill.",
        remedy="Get a new one; every authority makes strong ones only.",
        references=("docs/proxies.md",),
    ),
)
