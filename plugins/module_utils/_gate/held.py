# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What of a gate is on a host: its policy, and what the server's settings were before it came.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import policy as _policy
from ansible_collections.streamward.antmedia.plugins.module_utils._host import own as _own

BEFORE = "/etc/streamward/gate/before.json"

# As shipped, for a gate whose note of what was before it is lost.
_EVERYWHERE = "0.0.0.0"


class GateError(RuntimeError):
    """The gate could not be installed, started or removed; the text says why."""


@dataclass(frozen=True)
class Held:
    """A gate on a host. policy: None where its file is no policy, and why it is none."""

    policy: _policy.Policy | None
    why: str
    before: Mapping[str, str]


def look() -> Held | None:
    """The gate on this host; None where there is none.

    :raises OSError: when its files cannot be read.
    """
    text = _own.read(_policy.PATH)
    if text is None:
        return None
    policy, why = None, ""
    try:
        policy = _policy.read(text.decode("utf-8"))
    except (_policy.Broken, UnicodeDecodeError) as broken:
        why = f"{_policy.PATH}: {broken}"
    return Held(policy, why, _before(policy))


def _before(policy: _policy.Policy | None) -> Mapping[str, str]:
    """What settings of the server were before the gate came, by name."""
    try:
        found = json.loads(_own.read(BEFORE) or b"")
    except ValueError:
        found = None
    if isinstance(found, dict) and all(isinstance(text, str) for text in found.values()):
        return found
    listen = policy.listen if policy else None
    return {
        "http.host": _EVERYWHERE,
        "http.port": str(listen.http if listen else 5080),
        "rtmp.host": _EVERYWHERE,
        "rtmp.port": str(listen.rtmp if listen else 1935),
    }


def note(before: Mapping[str, str]) -> str:
    """The text of the file of what was before."""
    return json.dumps(dict(before), indent=2, sort_keys=True) + "\n"
