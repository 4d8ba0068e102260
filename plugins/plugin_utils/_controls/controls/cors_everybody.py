# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `cors-everybody`: pages of every site may read what the server answers.

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
)

STEP = "Name the sites in cors.allowed.origins of that web.xml, and restart the server."


def judge(evidence: Evidence) -> Finding:
    """Whether the filter for CORS lets in every site."""
    faults, unknown = [], list(evidence.unread_apps)
    headers = evidence.found.part("headers")
    for place in evidence.places():
        if not headers.known(place.raw_name):
            unknown.append(f"{place.title}: its web.xml could not be read")
            continue
        told = headers.part(place.raw_name)
        origins = [each.strip() for each in told.text("origins").split(",")]
        if told.flag("cors") and "*" in origins:
            more = ", with the visitor's cookies" if told.flag("credentials") else ""
            text = f"{place.title}: cors.allowed.origins is *{more}"
            faults.append(Fault(text, place.name, step=STEP))
    return _control.found(faults, "only sites that are named may read answers", unknown=unknown)


CONTROL = Control(
    id="cors-everybody",
    title="Pages of every other site may read the server's answers",
    severity="low",
    topic="access",
    judge=judge,
    page=Page(
        what=(
            "`cors.allowed.origins` in the `web.xml` of the panel and of each application. As"
            " shipped it is `*`."
        ),
        why=(
            "A browser keeps a page from reading what another site answers, unless that site"
            " allows it. Here it allows everybody, for the REST API and the panel, too."
        ),
        attack=(
            "Somebody at an address that the lists let in opens a page of the attacker. Its script"
            " asks the REST API from there, and reads the answer."
        ),
        remedy=(
            "Name the sites of your players. An upgrade brings the shipped file back: look again"
            " then, and have the same file on all nodes of a cluster."
        ),
        references=(
            "docs/filters.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/8096",
        ),
    ),
)
