# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Under which name clients are to reach the server, as its own file says.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene

KEY, LONGEST = "server.name", 253


def look(scene: Scene) -> dict[str, str]:
    """The name, empty where the file has none."""
    installation = scene.there
    text = installation.server.document.get(KEY) or ""
    return {"server": text.strip()[:LONGEST]}
