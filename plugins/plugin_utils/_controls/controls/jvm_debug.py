# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `jvm-debug`: a debugger may come.

PRIVATE to the collection.
"""

from __future__ import annotations

import re

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    java as _java,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Finding,
    Page,
)

STEP = (
    "Take the option out where it is written (JAVA_TOOL_OPTIONS, the unit, start.sh), and restart."
)
DEBUGGER = re.compile("jdwp|^-Xdebug$")


def judge(evidence: Evidence) -> Finding:
    """Whether Java was, or will be, told to."""
    return _java.finding(evidence, DEBUGGER.search, "no debugger may come", STEP)


CONTROL = Control(
    id="jvm-debug",
    title="A debugger may come to the server and run whatever it likes",
    severity="critical",
    topic="host",
    judge=judge,
    page=Page(
        what=(
            "Options of Java for a debugger (`jdwp`), of the running process, by its command line"
            " and environment, and of the next start, by its unit."
        ),
        why=(
            "A debugger needs no password. Whoever reaches its port runs any code in the server:"
            " from other hosts, if it listens there, and by any account of this host otherwise. The"
            " server comes with a `start-debug.sh` that does that."
        ),
        attack="`jdb -attach HOST:8787`, then `print new java.lang.ProcessBuilder(...)`.",
        remedy=("Take it out and restart. If it was open to others, treat the host as taken over."),
        references=("docs/overruled.md",),
    ),
)
