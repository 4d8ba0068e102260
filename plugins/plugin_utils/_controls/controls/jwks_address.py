# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `jwks-address`: the address of a key server is not its base.

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
)

APP, SERVER = "jwksURL", "server.jwksURL"
TAIL = "/.well-known/jwks.json"
STEP = "Name the key server alone: the server puts /.well-known/jwks.json behind it."


def judge(evidence: Evidence) -> Finding:
    """Whether the server asks for a file that is not there."""
    return _control.in_files(
        evidence,
        _faults,
        says="no address of a key server is that of a file",
    )


def _faults(place: Place) -> list[Fault]:
    setting = APP if place.name else SERVER
    text = place.text(setting).strip()
    if not text.lower().endswith("jwks.json"):
        return []
    settings = {setting: text[: -len(TAIL)]}
    policy = (
        _control.of_app(place, settings=settings)
        if place.name
        else {"antmedia_server_settings": settings}
    )
    line = f"{place.title}: {setting} ends with jwks.json, so no token is taken"
    return [Fault(line, place.name, policy if text.endswith(TAIL) else {}, STEP)]


CONTROL = Control(
    id="jwks-address",
    title="The address of a key server is that of a file, so no key is found",
    severity="medium",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what="Addresses of key servers (`jwksURL`) that end with `jwks.json`.",
        why=(
            "The server puts `/.well-known/jwks.json` behind what it is given. With the address of"
            " the file itself it finds no key and takes no token; the REST API is closed, and"
            " somebody opens it by other means."
        ),
        attack="None by itself.",
        remedy="Name the base of the key server, such as `https://id.example.net`.",
        references=("docs/tokens.md",),
    ),
)
