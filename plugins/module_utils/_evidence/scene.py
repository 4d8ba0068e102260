# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What everybody who gathers evidence works with.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import files as _files


@dataclass
class Scene:
    """A host that is looked at.

    home: the installation's folder, as the task names it. installation: what is known of it; None
    where it is not there, or cannot be read. process: the running server. files: reads, and
    remembers what could not be looked at.
    """

    home: str
    installation: _installation.Installation | None
    process: _process.Process | None
    files: _files.Files = field(default_factory=_files.Files)

    def path(self, *parts: str) -> str:
        """A path in the home."""
        return os.path.join(self.home, *parts)

    @property
    def there(self) -> _installation.Installation:
        """The installation.

        :raises ValueError: where there is none; parts that need one are not asked then.
        """
        if self.installation is None:
            raise ValueError("there is no installation")
        return self.installation

    @property
    def uid(self) -> int | None:
        """The server's account: that of its process, or else of its files."""
        if self.process:
            return self.process.uid
        return self.installation.uid if self.installation else None
