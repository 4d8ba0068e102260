# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `jwks-in-the-clear`: keys that verify tokens come without TLS.

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

APP, SERVER = "jwksURL", "server.jwksURL"


def judge(evidence: Evidence) -> Finding:
    """Whether a key server is asked in the clear."""
    return _control.in_files(
        evidence,
        _faults,
        says="no keys are fetched in the clear",
    )


def _faults(place: Place) -> list[Fault]:
    setting = APP if place.name else SERVER
    text = place.text(setting)
    host = _reach.plain_host(text)
    if not host:
        return []
    settings = {setting: _reach.secured(text)}
    policy = (
        _control.of_app(place, settings=settings)
        if place.name
        else {"antmedia_server_settings": settings}
    )
    line = f"{place.title}: {setting} asks {shown(host)} by http://"
    return [Fault(line, place.name, policy)]


CONTROL = Control(
    id="jwks-in-the-clear",
    title="Keys that verify tokens are fetched without TLS",
    severity="high",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Addresses of key servers (`jwksURL`) that begin with `http://` and are not of the"
            " host itself."
        ),
        why=(
            "The keys are fetched anew for every request. Whoever is on the way answers with a key"
            " of his own, and signs any token."
        ),
        attack=(
            "A neighbour in the same network answers for the key server once, and is the admin of"
            " the REST API."
        ),
        remedy="Write `https://`.",
        references=("docs/tokens.md",),
    ),
)
