# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Further settings, by the server's own names: what the policy has no word for.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secrets as _secrets,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import setting as _setting
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.layers import Said

# Settings that have a variable of their own, with checks of their own.
_OWN_VARIABLES = {name: _options.variable(word) for word, name in _words.SERVER_WORDS.items()}


def further(draft: Draft, app: str, variable: str, settings: Any) -> None:
    """Have settings hold what a mapping has for them.

    :arg app: an application's name; empty for the server.
    :arg settings: values by name, or what is said of each where layers were merged.
    """
    if not isinstance(settings, Mapping):
        draft.fault(variable, f"{_options.shown(settings)} {_options.NO_MAPPING}")
        return
    for name, given in settings.items():
        value, where = given, variable
        if isinstance(given, Said):
            value, where = given.value, f"{given.origin}.settings"
        if value is None:
            continue
        why = _not_here(app, str(name))
        if why:
            draft.fault(f"{where}.{name}", why)
        else:
            _setting.put(draft, app, f"{where}.{name}", str(name), value)


def _not_here(app: str, name: str) -> str:
    """Why something is not set here by its name, and what to do instead; empty if it is."""
    file = _catalogue.file_of(app)
    try:
        setting = _catalogue.by_name(file, name)
    except KeyError:
        close = _catalogue.nearest(file, name)
        return f"is not a setting of the server{f'; did you mean {close}?' if close else ''}"
    if setting.secret:
        return f"is a secret; put it into {_secrets.belongs_by_setting(app, name)}"
    return f"write {_OWN_VARIABLES[name]} instead" if name in _OWN_VARIABLES else ""
