# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What changes in a gate's policy, as a result shows it: secrets by fingerprint.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
from typing import Any, Iterator, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import policy as _policy


def changes(
    old: _policy.Policy | None, new: _policy.Policy | None
) -> list[tuple[str, str | None, str | None]]:
    """Triples of a key and its texts before and after, None for none."""
    before, after = (dict(_flat(policy)) for policy in (old, new))
    return [
        (key, before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    ]


def _flat(policy: _policy.Policy | None) -> Iterator[tuple[str, str]]:
    if policy is not None:
        yield from _parts("", json.loads(_policy.written(policy)))


def _parts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _parts(f"{name}.{key}" if name else key, part)
    elif name.endswith(".secrets"):
        shown = [_shown(entry) for entry in value]
        yield name, ", ".join(shown) or "none"
    else:
        yield name, value if isinstance(value, str) else json.dumps(value)


def _shown(entry: Mapping[str, Any]) -> str:
    until = f" until {entry['until']}" if entry["until"] is not None else ""
    return _secret.fingerprint(entry["secret"]) + until
