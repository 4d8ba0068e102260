# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The layers of a policy for applications, laid one over the other.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Dict, NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words


class Said(NamedTuple):
    """A value of a policy, and the variable that it is of."""

    origin: str
    value: Any


# What is said of an application, by word; of further settings, by the name of each once more.
Part = Dict[str, Said]


def merge_layers(
    policy: Mapping[str, Any], apps: Iterable[str]
) -> tuple[dict[str, Part], list[str]]:
    """Merge the layers of a policy for each application; what is null says nothing.

    :arg apps: the applications found.
    :returns: a tuple of what is said of each application, and of the faults.
    """
    names = list(apps)
    faults: list[str] = []
    merged: dict[str, Part] = {name: {} for name in names}
    for layer in _words.LAYERS:
        variable, value = _options.variable(layer), policy.get(layer)
        if value is None:
            continue
        if not isinstance(value, Mapping):
            faults.append(f"{variable}: {_options.shown(value)} {_options.NO_MAPPING}")
            continue
        parts = [(name, Said(variable, value)) for name in names]
        if layer != "app_defaults":
            parts, found = _named_parts(variable, value, names)
            faults.extend(found)
        for name, said in parts:
            if isinstance(said.value, Mapping):
                _merge(merged[name], said)
            elif said.value is not None:
                faults.append(f"{said.origin}: {_options.shown(said.value)} {_options.NO_MAPPING}")
    return merged, faults


def _named_parts(
    variable: str, layer: Mapping[Any, Any], names: list[str]
) -> tuple[list[tuple[str, Said]], list[str]]:
    """What a layer says of each application, by pairs, and faults in how it names them."""
    parts, faults, seen = [], [], set()
    for key, part in layer.items():
        name = str(key).strip()
        origin = f"{variable}.{key}"
        if name in seen:
            faults.append(f"{origin}: names the application {name} a second time")
        elif name not in names:
            faults.append(
                f"{origin}: there is no application {_options.shown(str(key))} on this host; it has"
                f" {', '.join(names) or 'none'}"
            )
        else:
            parts.append((name, Said(origin, part)))
        seen.add(name)
    return parts, faults


def _merge(into: Part, said: Said) -> None:
    """Lay what is said of an application over what was said before."""
    for key, value in said.value.items():
        key = str(key)
        if value is None:
            continue
        if key == "settings" and isinstance(value, Mapping):
            before = into[key].value if key in into else {}
            pairs = dict(before) if isinstance(before, Mapping) else {}
            pairs.update((str(name), Said(said.origin, text)) for name, text in value.items())
            value = pairs
        into[key] = Said(said.origin, value)


def origin_of(part: Part, words: Iterable[str]) -> str:
    """The variable that says something by one of some words, else that of further settings."""
    for word in words:
        if word in part and part[word].value not in (None, _words.UNGUARDED):
            return f"{part[word].origin}.{word}"
    return f"{part['settings'].origin}.settings"
