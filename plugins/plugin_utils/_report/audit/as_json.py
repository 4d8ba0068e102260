# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit for programs, and for the next run to compare with.

PRIVATE to the collection.
"""

from __future__ import annotations

import json

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import Audit
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    document as _document,
)

NAME = "{title}.json"


def render(audit: Audit) -> str:
    """The text of the file."""
    return json.dumps(_document.of(audit), separators=(",", ":")) + "\n"
