# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `rest-open`: everybody may use the REST API of an application.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    lists as _lists,
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

LIST, FILTER, TOKENS = "remoteAllowedCIDR", "ipFilterEnabled", "jwtControlEnabled"


def judge(evidence: Evidence) -> Finding:
    """Whether an application lets everybody in without a token."""
    return _control.in_apps(
        evidence,
        _faults,
        says="every application has a list of addresses, or asks for a token",
    )


def _faults(app: Place) -> list[Fault]:
    if app.on(TOKENS):
        return []
    text = app.text(LIST)
    if not app.on(FILTER):
        why = f"{FILTER} is {shown(app.text(FILTER))}"
    elif _lists.everybody(text):
        why = f"{LIST} is {shown(text)}"
    else:
        return []
    policy = _control.of_app(app, rest_cidrs=["127.0.0.1"])
    return [Fault(f"{app.title}: {why}, and no token is asked for", app.name, policy)]


CONTROL = Control(
    id="rest-open",
    title="The REST API of an application is open to everybody",
    severity="critical",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "The list of addresses `remoteAllowedCIDR` of each application, whether"
            " `ipFilterEnabled` has it looked at, and whether `jwtControlEnabled` asks for a token."
        ),
        why=(
            "The REST API makes streams, deletes recordings, sends streams to any other address,"
            " pulls from any address, and makes tokens for every stream. Whatever guards publishing"
            " and playing is worth nothing beside an open one."
        ),
        attack=(
            "`GET /LiveApp/rest/v2/broadcasts/list/0/50` lists what is on air, and `POST"
            " .../rtmp-endpoint` has the server send it elsewhere."
        ),
        remedy=(
            "Let in the host itself, which the web panel needs, and the machines of your backend."
            " Where those have no fixed address, set `rest_jwt: true` instead."
        ),
        references=("docs/doors.md", "docs/tokens.md"),
    ),
)
