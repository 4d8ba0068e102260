# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `hsts-missing`: browsers are not told to stay with TLS.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
)

STEP = "Map Tomcat's HttpHeaderSecurityFilter in the web.xml of the panel, and restart the server."


def judge(evidence: Evidence) -> Finding:
    """Whether the panel sends Strict-Transport-Security."""
    if not evidence.found.part("certificates").flag("https"):
        return _control.not_applicable("the server has no TLS")
    headers = evidence.found.part("headers")
    if not headers.known(""):
        raise CannotTell("the web.xml of the panel could not be read")
    faults = (
        [] if headers.part("").flag("hsts") else [Fault("there is no filter for it", step=STEP)]
    )
    return _control.found(faults, "browsers are told to stay with TLS")


CONTROL = Control(
    id="hsts-missing",
    title="Browsers are not told to stay with TLS",
    severity="low",
    topic="tls",
    judge=judge,
    page=Page(
        what=(
            "Whether the `web.xml` of the panel has the filter that sends"
            " `Strict-Transport-Security`, where the server has TLS."
        ),
        why="Without it a browser that is sent to `http://` goes there, each time.",
        attack=(
            "Whoever is on the way keeps an admin at the address without TLS, and reads the"
            " password."
        ),
        remedy="Add the filter; newer versions ship it.",
        references=("docs/filters.md",),
    ),
)
