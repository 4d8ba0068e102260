# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What lies where a door is open to everybody, whatever setting once had it made.

PRIVATE to the collection.
"""

from __future__ import annotations

import os

from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    surfaces as _surfaces,
)

FOLDERS = frozenset(row.folder for row in _surfaces.SURFACES.values() if row.folder)


def look(installation: Installation) -> frozenset[tuple[str, str]]:
    """Pairs of an application and a folder of it that a door is open to, with something in it."""
    return frozenset(
        (app, name)
        for app in installation.apps
        for name in FOLDERS
        if _holds_anything(os.path.join(installation.home, "webapps", app, name))
    )


def _holds_anything(path):
    try:
        with _place.folder(path) as at:
            return at.holds_anything()
    except OSError:  # it is not there, or shows nothing to the server either
        return False
