# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `filter-missing`: what enforces a setting was lost from a `web.xml`.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
    shown,
)

STEP = "Put the filter back into its web.xml, and restart the server (docs/filters.md)."


def judge(evidence: Evidence) -> Finding:
    """Whether every filter that the version ships is in its place."""
    return _control.in_files(
        evidence,
        _faults,
        says="every filter that this version ships is in its place",
    )


def _faults(place: Place) -> list[Fault]:
    return [Fault(_text(row), place.name, step=STEP) for row in place.lacks]


def _text(row):
    settings = ", ".join(map(shown, row.texts("enforces")))
    without = f"; without it nothing looks at {settings}" if settings else ""
    return shown(row.text("fault"), 400) + without


CONTROL = Control(
    id="filter-missing",
    title="A filter that enforces a setting is not in its place",
    severity="critical",
    topic="settings",
    judge=judge,
    page=Page(
        what=(
            "The `web.xml` of the panel and of each application, against the filters that the"
            " server's version ships."
        ),
        why=(
            "A setting is only a word in a file; a filter looks at it. Without the filter the"
            " server runs, the panel shows the setting as on, and the address is open."
        ),
        attack=(
            "Nothing has to be attacked: the addresses that the filter stood before answer"
            " everybody. Upgrades by hand and merges for CORS or single sign-on lose filters."
        ),
        remedy=(
            "Take the filter and its mapping from the application as shipped, `unzip -p"
            " StreamApp-VERSION.war WEB-INF/web.xml`, and restart the server."
        ),
        references=("docs/filters.md",),
    ),
)
