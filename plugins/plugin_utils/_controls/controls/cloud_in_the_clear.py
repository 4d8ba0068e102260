# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `cloud-in-the-clear`: recordings are uploaded without TLS.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    reach as _reach,
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

ON, SETTING = "s3RecordingEnabled", "s3Endpoint"


def judge(evidence: Evidence) -> Finding:
    """Whether the cloud is asked in the clear."""
    return _control.in_apps(
        evidence,
        _faults,
        says="what is uploaded goes by TLS",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not app.on(ON):
        return None
    host = _reach.plain_host(app.text(SETTING))
    if not host:
        return []
    policy = _control.of_app(app, settings={SETTING: _reach.secured(app.text(SETTING))})
    return [Fault(f"{app.title}: {SETTING} is {shown(host)} by http://", app.name, policy)]


CONTROL = Control(
    id="cloud-in-the-clear",
    title="Recordings are uploaded without TLS",
    severity="medium",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what="`s3Endpoint` of applications that upload to S3.",
        why=(
            "With `http://` recordings and names go over the network in the clear, and whoever is"
            " on the way can exchange them."
        ),
        attack="A machine between the server and the cloud keeps a copy of everything.",
        remedy="Write `https://`.",
        references=("docs/doors.md",),
    ),
)
