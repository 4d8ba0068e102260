# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The certificates that a server shows to those who come with TLS.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Evidence,
    Fault,
    Finding,
    shown,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    Part,
)

STEP = "Get a certificate (enable_ssl.sh gets one of Let's Encrypt), and restart the server."
OFF = "the server has no TLS of its own"


def used(evidence: Evidence) -> list[Part]:
    """The files that its TLS is made of; none where it has none."""
    told = evidence.found.part("certificates")
    return [row for row in told.rows("files") if row.texts("used_for")]


def judge(
    evidence: Evidence, rule: Callable[[Part], Iterable[str]], says: str, step: str = STEP
) -> Finding:
    """What a rule finds in the server's own certificate of each file.

    :arg rule: what is wrong with one, in lines.
    """
    told = evidence.found.part("certificates")
    if not told.flag("https") and not told.flag("rtmps"):
        return _control.not_applicable(OFF)
    faults: list[Fault] = []
    unknown: list[str] = []
    for row in used(evidence):
        path = shown(row.text("path"))
        found = row.rows("certificates")
        if not found and row.flag("there"):
            unknown.append(f"the certificates in {path} cannot be seen without its password")
        for certificate in found[:1]:
            faults += [Fault(f"{path}: {line}", step=step) for line in rule(certificate)]
    if not faults and not unknown and not any(row.rows("certificates") for row in used(evidence)):
        return _control.cannot_tell("no certificate of the server was found")
    return _control.found(faults, says, unknown=unknown)
