# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``panel-login``: the management API lets in nobody who has not logged in.

It is asked whatever the policy names, since whoever is let in there can undo all of it.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    sources as _sources,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    Control,
    Probe,
)

NAME = "panel-login"
PROVES = ()
WHAT = "the management REST API, whatever the policy names"
WITH = "no log-in and no token; not where `management-jwt` asks the same"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing, or tokens of the management."""
    inside = _sources.samples(asked.text(app, "server.allowed_dashboard_CIDR"))[0]
    elsewhere = asked.names(app, "server.jwtServerControlEnabled")
    if not asked.wanted.names_anything or elsewhere or not inside:
        return None
    source = inside[0]
    place = _surfaces.MANAGEMENT.at(app)
    open_ = _asked.panel_path(asked.installation.version)
    return Control(
        NAME,
        app,
        "nobody without a log-in",
        [
            Probe("no log-in", REFUSED, _surfaces.MANAGEMENT, source, **place),
            Probe("no log-in is needed here", LET_IN, _surfaces.PANEL, source, path=open_),
        ],
    )
