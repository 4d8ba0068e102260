# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files a report can be written to.

PRIVATE to the collection.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
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
    with _files.replaced(target, MODE, make=0o755) as stream:
        stream.write(FORMATS[name].render(report).encode("utf-8"))
    return target
