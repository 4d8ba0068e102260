# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where secrets are kept: one file a kind of store, and what opens the one that is configured.

PRIVATE to the collection.

A kind is the name of a file beside this one, with a class ``Kept`` derived from :class:`Store`. It
says which options it takes and how a scope's document is loaded and saved.
"""

from __future__ import annotations

import importlib
import os
import re
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _near
from ansible_collections.streamward.antmedia.plugins.module_utils._options import (
    IS_NULL,
    unfit_text,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    ConfigError,
    Context,
    Option,
    Store,
)


def kinds() -> list[str]:
    """The kinds of store there are."""
    folder = os.path.dirname(__file__)
    names = (name[:-3] for name in os.listdir(folder) if name.endswith(".py"))
    return sorted(name for name in names if re.match(r"^[a-z][a-z0-9_]*$", name))


def open_store(config: Any, context: Context | None = None) -> Store:
    """The store a configuration describes.

    :arg config: mapping with ``kind`` and the options of that kind.
    :raises ConfigError: listing every fault.
    """
    context = context or Context()
    if not isinstance(config, dict):
        raise ConfigError(["is not a mapping; for example {kind: vault_file, path: secrets.yml}"])
    kind = config.get("kind")
    if kind not in kinds():
        known = ", ".join(kinds())
        raise ConfigError([f"kind is {kind!r}, but a store is one of: {known}"])
    module = importlib.import_module(f"{__name__}.{kind}")
    return module.Kept(_options(config, module.Kept.OPTIONS, context), context)


def _options(config: dict, known: dict[str, Option], context: Context) -> dict:
    faults, options = [], {}
    for name in sorted(set(map(str, config)) - set(known) - {"kind"}):
        near = _near.nearest(name, known)
        hint = f", did you mean {near!r}" if near else ""
        faults.append(f"unknown option {name!r}{hint} (known: {', '.join(sorted(known))})")
    for name, option in known.items():
        value = config.get(name)
        wrong = unfit_text(value)
        if name in config and value is None:
            wrong = IS_NULL
        if wrong:
            faults.append(f"{name}: {wrong}")
            continue
        if value is None or value == "":
            value = next(
                (context.environ[var] for var in option.env if context.environ.get(var)),
                option.default,
            )
        if value is None:
            if option.required:
                by = f" (or {', '.join(option.env)} in the environment)" if option.env else ""
                faults.append(f"{name} is missing{by}")
        else:
            shown = "" if option.secret else f" {value!r}"
            try:
                if isinstance(value, (bool, list, tuple, dict)):
                    raise TypeError
                value = option.type(value)
            except (TypeError, ValueError):
                kind = "text" if option.type is str else "number"
                faults.append(f"{name}{shown} is not a {kind}")
            else:
                if option.type is float and not option.least <= value <= option.most:  # nan too
                    faults.append(f"{name}{shown} is not {option.least:g} to {option.most:g}")
            if option.choices and value not in option.choices:
                faults.append(f"{name}{shown} is not one of {', '.join(option.choices)}")
        options[name] = value
    if faults:
        raise ConfigError(faults)
    return options
