# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A report for programs.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import Report

NAME = "{title}.json"


def render(report: Report) -> str:
    """The text of the file."""
    content = {
        "kind": report.title,
        "made_at": report.made_at,
        "outcome": report.outcome,
        "passed": report.good,
        "hosts": [
            dict(asdict(host), outcome=host.outcome, passed=host.good, reason=host.reason)
            for host in report.hosts
        ],
    }
    return json.dumps(content, indent=2, sort_keys=True) + "\n"
