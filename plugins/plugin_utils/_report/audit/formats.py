# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files an audit can be written to: every ``as_NAME.py`` beside this one is the format NAME.

Such a file has ``NAME``, what its file is called, with ``{title}`` in it, and ``render(audit)``,
its text. Texts of an audit are in a line and visible; what a format needs escaped, it escapes
itself.

PRIVATE to the collection.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import Audit
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files

# It says where a fleet is weak.
MODE = 0o640
_BEGINS = "as_"


class Format(Protocol):
    """A format."""

    NAME: str

    def render(self, audit: Audit) -> str:
        """The text of the file."""


def _found() -> dict[str, Format]:
    paths = sorted(Path(__file__).parent.glob(_BEGINS + "*.py"))
    return {
        path.stem[len(_BEGINS) :]: importlib.import_module(f"{__package__}.{path.stem}")
        for path in paths
    }


FORMATS = _found()


def path(audit_title: str, name: str, folder: Path) -> Path:
    """Where a format of an audit goes."""
    return folder / FORMATS[name].NAME.format(title=audit_title)


def write(audit: Audit, name: str, folder: Path) -> Path:
    """Write a format of an audit, as a whole or not at all; returns the path.

    :raises OSError: when that fails.
    """
    target = path(audit.title, name, folder)
    with _files.replaced(target, MODE, make=0o755) as stream:
        stream.write(FORMATS[name].render(audit).encode("utf-8"))
    return target
