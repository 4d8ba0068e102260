# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A mark on the host: what it enforces was changed, and nobody has proved it since.

PRIVATE to the collection.
"""

from __future__ import annotations

import os

from ansible_collections.streamward.antmedia.plugins.module_utils._host import place as _place

NAME = ".streamward-unproved"


def marked(home: str) -> bool:
    """Whether the mark is there."""
    try:
        with _place.folder(os.path.join(home, "conf")) as at:
            return at.status(NAME) is not None
    except OSError:
        return False


def mark(home: str) -> None:
    """Leave the mark, on disk when this returns.

    :arg home: folder of the installation.
    :raises OSError: when that cannot be done.
    """
    with _place.folder(os.path.join(home, "conf")) as at:
        at.mark(NAME)
        at.sync()


def forget(home: str) -> bool:
    """Remove the mark; whether there was one.

    :arg home: folder of the installation.
    :raises OSError: when that cannot be done.
    """
    with _place.folder(os.path.join(home, "conf")) as at:
        there = at.status(NAME) is not None
        at.drop(NAME)
        at.sync()
    return there
