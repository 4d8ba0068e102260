# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is null in a policy: a key without a value says nothing, and was seldom meant to.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secrets import mapping


def nulls(policy: Mapping[str, Any]) -> Iterator[str]:
    """Names of what is null in a policy, other than an option that is not given."""
    spec = _options.policy_spec()
    for option, given in policy.items():
        name = _options.variable(option)
        if given is None:
            # The module's own value is none where there is no default.
            if spec.get(option, {}).get("default") is not None:
                yield name
        elif option == "app_defaults":
            yield from _of_part(given, name)
        elif option in _words.LAYERS:
            for app, part in mapping(given).items():
                yield from _of_part(part, f"{name}.{app}")
        elif option == "server_settings":
            yield from _of_settings(given, name)
        elif option in ("secrets", "widest_prefix"):
            yield from _options.nulls(given, name)


def _of_part(part: Any, origin: str) -> Iterator[str]:
    """Of a layer for an application; a setting may have nulls inside."""
    if part is None:
        yield origin
    for key, value in mapping(part).items():
        if value is None:
            yield f"{origin}.{key}"
        elif key == "settings":
            yield from _of_settings(value, f"{origin}.{key}")


def _of_settings(settings: Any, name: str) -> Iterator[str]:
    for key, value in mapping(settings).items():
        if value is None:
            yield f"{name}.{key}"
