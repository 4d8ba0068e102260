# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filters that a policy cannot do without, and what is wrong with them on a host.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    filters as _filters,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.wiring import Wired
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted

_EVERYBODY = ",".join(_cidr.WORDS["any"])


@dataclass(frozen=True)
class Missing:
    """A filter that a policy needs. app: empty for the panel. why: a file, and what it lacks."""

    app: str
    filter: _filters.Filter
    why: str


def missing(wanted: Wanted, wired: Mapping[str, Wired]) -> Iterator[Missing]:
    """The filters that a policy needs and a host does not have in their places.

    :arg wired: as :func:`_wiring.look` has it.
    """
    for app, how in wired.items():
        for row, why in how.lacks.items():
            if _needs(row, app, wanted):
                yield Missing(app, row, why)


def _needs(row, app, wanted):
    if row.always:
        return wanted.names_anything
    named = wanted.of(app) if not app or app in wanted.apps else {}
    texts = {name: named[name] for name in row.enforces if name in named}
    # A list that lets in everybody asks for nothing, be its filter on.
    if named.get(row.switch) == "false" or _EVERYBODY in texts.values():
        return False
    return any(_asks(row, name, text) for name, text in texts.items())


def _asks(row, name, text):
    """Whether a text of a setting asks for anything to be enforced; an empty list does."""
    kind = _catalogue.APP if row.where == _filters.APP else _catalogue.SERVER
    return text not in ("", "false") or _catalogue.by_name(kind, name).type == "cidrs"


def faults(wanted: Wanted, installation: Installation, wired: Mapping[str, Wired]) -> list[str]:
    """Why a policy cannot be enforced on a host, one text for each filter."""
    return [_fault(each, installation) for each in missing(wanted, wired)]


def _fault(each, installation):
    place = f"app {each.app}" if each.app else "the panel"
    names = f" ({', '.join(each.filter.enforces)})" if each.filter.enforces else ""
    version = installation.version_text
    if each.filter.shipped_in(installation.version):
        archive = f"StreamApp-{version}.war in {installation.home}"
        remedy = "have it as {} has it".format(
            archive if each.app else f"the archive of Ant Media Server {version}"
        )
    else:
        remedy = f"Ant Media Server {version} ships without it; add it there"
    return (
        f"{place}: {each.why}, so nothing {each.filter.does}{names}; {remedy}, and restart the"
        " server"
    )
