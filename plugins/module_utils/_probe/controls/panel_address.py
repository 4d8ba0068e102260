# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``panel-address``: the web panel lets in the addresses of its list only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    addresses as _addresses,
    asked as _asked,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Control

NAME = "panel-address"
PROVES = ("server.allowed_dashboard_CIDR",)
WHAT = "the web panel"
WITH = (
    "addresses inside and outside `antmedia_dashboard_cidrs`, among them the edges of every block"
)


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    name = "server.allowed_dashboard_CIDR"
    if not asked.names(app, name):
        return None
    text = asked.text(app, name)
    path = _asked.panel_path(asked.installation.version)
    probes = _addresses.probes(text, options.own, surface=_surfaces.PANEL, path=path)
    return Control(NAME, app, _addresses.only(text), probes, one_sided=not text, by_address=True)
