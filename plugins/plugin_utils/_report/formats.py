# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files a report can be written to.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import (
    Report,
    as_json,
    as_junit,
)

FORMATS = {"json": as_json, "junit": as_junit}

# It says where a fleet is weak.
MODE = 0o640


def path(report: Report, name: str, folder: Path) -> Path:
    """Where a format of a report goes."""
    return folder / FORMATS[name].NAME.format(title=report.title)


def write(report: Report, name: str, folder: Path) -> Path:
    """Write a format of a report, as a whole or not at all; returns the path.

    :raises OSError: when that fails.
    """
    target = path(report, name, folder)
    folder.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=folder, prefix="." + target.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(FORMATS[name].render(report))
        os.chmod(part, MODE)
        os.replace(part, target)
    except BaseException:
        os.unlink(part)
        raise
    return target
