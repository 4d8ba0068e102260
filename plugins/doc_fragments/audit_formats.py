# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    formats as _formats,
)

FORMATS = ", ".join(_formats.FORMATS)


class ModuleDocFragment:
    """The files that an audit can be written to: a new format is a new choice."""

    # With a type, see the fragment words.
    DOCUMENTATION: str = f"""
options:
  formats:
    description: The files to write.
    type: list
    elements: str
    choices: [{FORMATS}]
    default: [json, html]
"""
