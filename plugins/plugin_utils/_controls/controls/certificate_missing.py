# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `certificate-missing`: the file of a certificate is not there.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    certificates as _certificates,
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


def judge(evidence: Evidence) -> Finding:
    """Whether every file that TLS is made of has something in it."""
    told = evidence.found.part("certificates")
    if not told.flag("https") and not told.flag("rtmps"):
        return _control.not_applicable(_certificates.OFF)
    faults = [
        Fault(f"{shown(row.text('path'))} {why}", step=_certificates.STEP)
        for row in _certificates.used(evidence)
        for why in _wrong(row)
    ]
    return _control.found(faults, "the files of certificates are there")


def _wrong(row):
    if not row.flag("there"):
        yield "is not there, or not readable"
    elif not row.text("kind"):
        yield "is no certificate"


CONTROL = Control(
    id="certificate-missing",
    title="TLS is on, and the file of its certificate is not there",
    severity="medium",
    topic="tls",
    judge=judge,
    page=Page(
        what=(
            "The files that `http.ssl_certificate_file`, `http.ssl_certificate_chain_file` and"
            " `rtmps.keystorefile` name, where their TLS is on."
        ),
        why=(
            "There is no TLS then where there should be. People use the port without it, which"
            " answers."
        ),
        attack="None by itself.",
        remedy="Put the files there, readable for the server's account, and restart it.",
        references=("docs/proxies.md",),
    ),
)
