# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `jwks-no-expiry`: tokens that a key server signs hold for ever.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)

APP, SERVER = ("jwtControlEnabled", "jwksURL"), ("server.jwtServerControlEnabled", "server.jwksURL")


def judge(evidence: Evidence) -> Finding:
    """Whether tokens are verified by a key server."""
    return _control.in_files(
        evidence,
        _faults,
        says="no tokens are verified by a key server",
    )


def _faults(place: Place) -> list[Fault]:
    switch, setting = APP if place.name else SERVER
    if not place.on(switch) or not place.text(setting).strip():
        return []
    line = f"{place.title}: {setting} is set, and the end of a token is not looked at"
    return [Fault(line, place.name, _without(place, setting))]


def _without(place, setting):
    if not place.name:
        words = {"antmedia_management_jwt": True, "antmedia_server_settings": {setting: ""}}
        return _remedy.with_store(words)
    return _remedy.with_store(_control.of_app(place, rest_jwt=True, settings={setting: ""}))


CONTROL = Control(
    id="jwks-no-expiry",
    title="Tokens by a key server are taken after their end",
    severity="medium",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Whether REST tokens, or those of the management, are verified by a key server"
            " (`jwksURL`)."
        ),
        why=(
            "There the server verifies the signature and nothing else: not the end, not for whom"
            " the token was made. Every token that the issuer ever signed, for any purpose, opens"
            " the API for ever."
        ),
        attack=(
            "Any token of the same issuer will do: that of a user of another application, from"
            " last year, out of a log."
        ),
        remedy=(
            "Use a secret of the application's own (`rest_jwt: true`). If it has to be the key"
            " server, have it sign for this server alone, and exchange its keys often."
        ),
        references=("docs/tokens.md",),
    ),
)
