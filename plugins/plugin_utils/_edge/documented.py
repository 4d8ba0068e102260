# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The options of an action, as the documentation of its module declares them.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

_KEYS = ("type", "elements", "choices", "default", "required")


def argument_spec(
    documentation: str,
    secret: frozenset[str] = frozenset(),
    fragments: Sequence[str] = (),
) -> dict:
    """An argument specification.

    :arg documentation: the module's ``DOCUMENTATION``.
    :kwarg secret: options whose values must not be logged.
    :kwarg fragments: documentation that the module's extends.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast
    options: dict[str, dict] = {}
    for text in (*fragments, documentation):  # key by key, as ansible-doc does
        for name, option in yaml.load(text, Loader=loader)["options"].items():
            options.setdefault(name, {}).update(option)
    spec = {
        name: {key: option[key] for key in _KEYS if key in option}
        for name, option in options.items()
    }
    for name in secret:
        spec[name]["no_log"] = True
    return spec
