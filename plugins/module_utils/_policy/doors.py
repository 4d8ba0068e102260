# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A direction that a policy guards, and that another door leaves open.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    open_doors as _open_doors,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import enforce as _enforce
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.layers import (
    Part,
    origin_of,
)


def check(draft: Draft, app: str, part: Part) -> None:
    """Say so where a token that the policy asks for is not the only way in."""
    if draft.installation.edition != "enterprise" and not draft.wanted.gate:
        return  # which enforces no token at all, and that is said
    wanted = draft.wanted.apps[app]
    closed = draft.wanted.closed | (_open_doors.BY_GATE if draft.wanted.gate else frozenset())
    for direction, switches in _words.SWITCHES.items():
        if not any(wanted.get(name) == "true" for name in switches.values()):
            continue
        version = draft.installation.version
        for door in _open_doors.open_doors(
            direction, version, lambda name: draft.will_be(app, name)
        ):
            if door.name not in closed:
                _enforce.in_vain(draft, app, origin_of(part, [direction]), door.why, door.remedy)
