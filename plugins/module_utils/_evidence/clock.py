# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What time it is on the host, by which its certificates begin and end.

PRIVATE to the collection.
"""

from __future__ import annotations

import time

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene


def look(scene: Scene) -> dict[str, int]:
    """The time, in Unix seconds."""
    return {"now": int(time.time())}
