# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What hosts have registered, read as it is and shown as it may be.

PRIVATE to the collection.

Never through templates: before 2.19, ansible-core would run what another module's error says.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain


def variables(hostvars: Mapping, host: str) -> Mapping:
    """The variables of a host, none of them templated; none for a host that is not known.

    :arg hostvars: Ansible's variable of that name.
    """
    raw = getattr(hostvars, "raw_get", None)
    found = raw(host) if raw else hostvars.get(host)
    return found if isinstance(found, Mapping) else {}


def result(known: Mapping, name: str | None) -> dict | None:
    """A registered result, None where there is none.

    :arg known: the variables of a host.
    :arg name: of the variable; none has no result.
    """
    found = known.get(name) if name else None
    return shown(found) if isinstance(found, Mapping) else None


def shown(found: Mapping) -> dict:
    """A result as plain values, whose texts are visible ones."""
    return _visible.values(plain(found))
