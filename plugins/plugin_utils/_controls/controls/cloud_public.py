# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `cloud-public`: recordings are uploaded for everybody.

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
    Place,
    shown,
)

ON, SETTING, PRIVATE = "s3RecordingEnabled", "s3Permission", "private"
# Of any other word the server makes public-read.
CLOSED = (
    *("private", "log-delivery-write", "bucket-owner-read", "bucket-owner-full-control"),
    "aws-exec-read",
)


def judge(evidence: Evidence) -> Finding:
    """Whether what is uploaded to S3 is for everybody."""
    return _control.in_apps(
        evidence,
        _faults,
        says="what is uploaded is not for everybody",
    )


def _faults(app: Place) -> list[Fault] | None:
    if not app.on(ON):
        return None
    if not app.has(SETTING):
        text = "this version uploads everything for everybody"
        return [Fault(f"{app.title}: {text}", app.name, step="Upgrade the server.")]
    permission = app.text(SETTING)
    if permission in CLOSED:
        return []
    policy = _control.of_app(app, settings={SETTING: PRIVATE})
    return [Fault(f"{app.title}: {SETTING} is {shown(permission)}", app.name, policy)]


CONTROL = Control(
    id="cloud-public",
    title="Recordings are uploaded so that everybody may read them",
    severity="medium",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "`s3Permission` of applications that upload to S3. As shipped it is `public-read`, and"
            " of a word that S3 does not have the server makes that, too."
        ),
        why=(
            "Every recording and every segment is then readable by its address, whatever token the"
            " application asks for."
        ),
        attack=(
            "Names of recordings can be guessed, and a bucket that lists its files needs no guess."
        ),
        remedy=(
            "Upload as `private`, and give players signed addresses, or let them come through the"
            " server. What is there already keeps its permission: change that in the bucket."
        ),
        references=("docs/doors.md",),
    ),
)
