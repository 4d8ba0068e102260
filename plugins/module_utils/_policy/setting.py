# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One setting of the server gets the value that a policy has for it.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import enforce as _enforce
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft

_EVERYBODY = ",".join(_cidr.WORDS["any"])
# Texts with which a setting guards nothing.
_OPEN = ("", "false", _EVERYBODY)


def put(draft: Draft, app: str, variable: str, name: str, value: Any) -> bool:
    """Have a setting hold a value.

    :arg app: an application's name; empty for the server.
    :arg variable: what gives the value.
    :returns: whether it does; else there is a fault.
    """
    setting = _catalogue.by_name(_catalogue.file_of(app), name)
    if not _enforce.readable(draft, variable, setting):
        return False
    if name == "allowedPublisherCIDR" and value in ([], _words.DENY_ALL):
        draft.fault(
            variable,
            f"{_options.shown(value)}: an empty list lets everybody publish; write any if that is"
            " meant, or 127.0.0.1 for nobody from outside",
        )
        return False
    if setting.type == "cidrs":
        text = draft.cidrs(variable, value, keep_loopback=setting.realm == "rest")
    else:
        text = draft.text(variable, setting, value)
    if text is None:
        return False
    unfit = _catalogue.unfit(setting, text)
    if unfit:
        draft.fault(variable, f"{_options.shown(value)} {unfit}")
        return False
    wanted = draft.wanted.of(app)
    if wanted.get(name, text) != text:
        draft.fault(
            variable,
            f"{_options.shown(value)} contradicts what the policy says elsewhere about this"
            " setting",
        )
        return False
    if setting.realm == "stream" and text not in _OPEN:
        default = setting.default_in(draft.installation.version)
        if setting.type == "bool" or not _catalogue.same(setting, text, default):
            _enforce.enforceable(draft, app, variable, value, setting)
    if app:
        _enforce.alive(draft, app, variable, setting, text)
    wanted[name] = text
    return True
