# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The log of rotations: a line of JSON a scope.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files


def write(path: str, records: Iterable[Mapping]) -> None:
    """Add records to the end of the log.

    :raises ValueError: with the records, since what they tell of is done.
    """
    path = os.path.expanduser(path)
    text = "".join(json.dumps(record, sort_keys=True) + "\n" for record in records)
    try:
        _files.append(path, text, 0o640)
    except OSError as error:
        raise ValueError(
            f"antmedia_rotation_log: {path} cannot be written: {error.strerror}; the rotation"
            f" itself is done: {text}"
        ) from None
