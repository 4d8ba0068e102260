# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `chunked-open`: everybody may put files in the place of streams.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    guards as _guards,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)

LIST, FILTER, TOKENS = "remoteAllowedCIDR", "ipFilterEnabled", "jwtControlEnabled"


def judge(evidence: Evidence) -> Finding:
    """Whether a list is open in the belief that the REST API's token guards all of it."""
    return _control.in_apps(
        evidence,
        _faults,
        says="files of streams are taken from the addresses of a list only",
    )


def _faults(app: Place) -> list[Fault]:
    # Without a token the whole API is open, which is another control's.
    door = _guards.open_door(app, "publish", "chunked") if app.on(TOKENS) else None
    return _guards.beside(app, door)


CONTROL = Control(
    id="chunked-open",
    title="Everybody may put files in the place of streams",
    severity="high",
    topic="streams",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Applications whose REST API asks for a token, and whose list of addresses has"
            " everybody or is not looked at."
        ),
        why=(
            "The token guards `/rest`. `/chunked` takes files for streams, and only the list"
            " stands before it, whatever token is on."
        ),
        attack=(
            "`curl -T evil.m3u8 http://HOST:5080/LiveApp/chunked/STREAM.m3u8` and viewers of the"
            " stream see what the attacker wants."
        ),
        remedy=(
            "Narrow the list to your backends and encoders. Where those have no fixed address,"
            " have a front not pass `/chunked/`."
        ),
        references=("docs/doors.md",),
    ),
)
