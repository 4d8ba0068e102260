# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which tokens an edition or a version of the server can use.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions

ENTERPRISE = "enterprise"


def faults(
    realm: str,
    kind: str,
    version: tuple[int, ...] = (),
    edition: str = "",
    registered: bool = False,
) -> list[str]:
    """Why a server can do nothing with a token.

    :kwarg version: numbers of the server's version, empty if unknown.
    :kwarg edition: ``community``, ``enterprise``, or empty if unknown.
    :kwarg registered: the token is a code of a subscriber with a secret of its own.
    """
    found = []
    text = _versions.shown(version)
    if realm == "stream" and edition and edition != ENTERPRISE:
        found.append(
            f"kind: the Community edition does not check {kind} tokens of streams:"
            " everybody may publish and play; use the Enterprise edition,"
            " or set antmedia_unenforceable: warn"
        )
    if version and realm == "management" and version < _versions.MANAGEMENT_JWT:
        found.append(f"realm: version {text} takes no management tokens; they came with 2.5.0")
    if version and kind == "totp" and not registered and version < _versions.COMMON_TOTP:
        found.append(
            f"kind: version {text} has no common TOTP secret, it came with 2.7.0;"
            " give the subscriber's own (subscriber_secret)"
        )
    return found


def usable(strings: dict[str, str], version: tuple[int, ...] = ()) -> dict[str, str]:
    """The strings that a version can serve."""
    if not version or version >= _versions.WHIP:
        return strings
    return {name: text for name, text in strings.items() if not name.startswith("whip")}
