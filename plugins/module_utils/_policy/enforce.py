# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a policy asks for in vain: of an edition that does not do it, a version that has it not.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    open_doors as _open_doors,
    versions as _versions,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft


def enforceable(
    draft: Draft, app: str, variable: str, value: Any, setting: _catalogue.Setting
) -> None:
    """Say so where the edition accepts what guards an application, and does not enforce it."""
    installation = draft.installation
    if setting.edition != "enterprise" or installation.edition == "enterprise":
        return
    if draft.wanted.gate:
        if setting.name not in _words.GATED:
            in_vain(
                draft,
                app,
                variable,
                f"{_options.shown(value)}: neither the Community edition nor the gate enforces"
                f" {setting.name}",
                "use jwt, or the Enterprise edition",
            )
        return
    in_vain(
        draft,
        app,
        variable,
        f"{_options.shown(value)}: the Community edition accepts {setting.name} and does not"
        " enforce it",
        ("put the gate before it (antmedia_gate: true), " if setting.name in _words.GATED else "")
        + "use the Enterprise edition",
    )


def in_vain(draft: Draft, app: str, variable: str, why: str, remedy: str) -> None:
    """Refuse what would not hold, or warn of it where the policy says so."""
    if draft.policy.get("unenforceable", "fail") == "warn":
        draft.wanted.warnings.append(f"app {app}: {variable}: {why}")
    else:
        draft.fault(variable, f"{why}; {remedy}, or set antmedia_unenforceable: warn")


def alive(draft: Draft, app: str, variable: str, setting: _catalogue.Setting, text: str) -> None:
    """Say so where this version takes a text and does not act upon it."""
    why = _open_doors.is_dead(setting.name, text, draft.installation.version)
    if why and not draft.wanted.gate:
        in_vain(draft, app, variable, f"{text}: {why}", "leave it out, and upgrade the server")


def readable(draft: Draft, variable: str, setting: _catalogue.Setting) -> bool:
    """Whether this version reads a setting; a fault where it does not."""
    version = draft.installation.version
    if version < _versions.OLDEST:  # which is told once, of the whole server
        return True
    if setting.exists_in(version) and setting.key(version) is not None:
        return True
    later = setting.since > version
    since = f"; it came with {_versions.shown(setting.since)}" if later else ""
    draft.fault(
        variable, f"Ant Media Server {draft.installation.version_text} does not read it{since}"
    )
    return False
