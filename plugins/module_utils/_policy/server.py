# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a policy says of the server as a whole.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    cidr as _cidr,
    versions as _versions,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    hatch as _hatch,
    needed as _needed,
    secrets as _secrets,
    setting as _setting,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft


def compile_server(draft: Draft, inside: list[tuple[str, str]]) -> None:
    """Compile what is said of the server.

    :arg inside: who must not be locked out, see :func:`_terms.agree`.
    """
    installation = draft.installation
    if installation.version < _versions.OLDEST:
        draft.fault(
            "antmedia_home",
            f"Ant Media Server {installation.version_text} is too old; upgrade it to"
            f" {_versions.shown(_versions.OLDEST)} or newer",
        )
    if _says(draft, "dashboard_cidrs"):
        _no_lockout(draft, inside)
    if _says(draft, "management_jwt"):
        _no_effect(draft)
    settings = draft.policy.get("server_settings")
    if settings is not None:
        _hatch.further(draft, "", "antmedia_server_settings", settings)
    _secrets.laid_out(draft)
    _secrets.of_server(draft)
    if draft.wanted.server.get("server.jwtServerControlEnabled") == "true":
        _needed.needs(draft, "", "antmedia_management_jwt", "management")
        if draft.will_be("", "server.jwksURL"):
            draft.fault(
                "antmedia_management_jwt",
                "server.jwksURL is set, so the secret would not be used; set"
                " antmedia_server_settings: {server.jwksURL: ''}",
            )


def _says(draft: Draft, word: str) -> bool:
    """Compile a word of the server; whether it says something, and something that can be."""
    value = draft.policy.get(word)
    return value is not None and _setting.put(
        draft, "", _options.variable(word), _words.SERVER_WORDS[word], value
    )


def _no_lockout(draft: Draft, inside: list[tuple[str, str]]) -> None:
    text = draft.wanted.server["server.allowed_dashboard_CIDR"]
    for block, whose in inside:
        if not _cidr.contains(text, block):
            draft.fault(
                "antmedia_dashboard_cidrs",
                f"would lock out {block} ({whose}); add it, or set antmedia_allow_lockout: true",
            )


def _no_effect(draft: Draft) -> None:
    """A warning where tokens of the management would not be looked at."""
    on = draft.wanted.server["server.jwtServerControlEnabled"] == "true"
    if on and draft.installation.version < _versions.MANAGEMENT_JWT:
        draft.wanted.warnings.append(
            f"antmedia_management_jwt: Ant Media Server {draft.installation.version_text} does not"
            " look at such tokens unless its web.xml is changed"
        )
