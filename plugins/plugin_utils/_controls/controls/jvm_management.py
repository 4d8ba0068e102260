# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `jvm-management`: the management port asks for no password.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    java as _java,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Finding,
    Page,
)

STEP = "Take the options of com.sun.management.jmxremote out of the unit, and restart the server."
OPEN = "-Dcom.sun.management.jmxremote.authenticate=false"


def judge(evidence: Evidence) -> Finding:
    """Whether Java was, or will be, told to."""
    says = "the management port is off, or asks for a password"
    return _java.finding(evidence, lambda option: option.lower() == OPEN.lower(), says, STEP)


CONTROL = Control(
    id="jvm-management",
    title="Java's management port asks nobody for a password",
    severity="high",
    topic="host",
    judge=judge,
    page=Page(
        what=(
            "Options of Java that open its management port (JMX) without a password, of the"
            " running process and of the next start."
        ),
        why=(
            "Whoever reaches the port loads code of his own into the server. The units of versions"
            " before 2.9.0 open port 5599 so, for every account of the host; an upgrade by hand"
            " keeps the old unit."
        ),
        attack=(
            "An account of a web shop on the same host has the server load a bean from the"
            " attacker's address: it runs as the server's account, and by its sudo rule as root."
        ),
        remedy="Take the options out, as the advisory says. Upgrade.",
        references=(
            "https://github.com/advisories/GHSA-qwhw-hh9j-54f5",
            "https://github.com/ant-media/Ant-Media-Server/pull/6216",
        ),
    ),
)
