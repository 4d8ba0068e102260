# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which applications of a server may be asked: those that have started.

A request to one that still loads can leave its security off for as long as the server runs, so
nothing here sends one. One application that does not start keeps nobody from asking the others.

PRIVATE to the collection.
"""

from __future__ import annotations

import time

from ansible_collections.streamward.antmedia.plugins.module_utils._host import log as _log
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.process import Process
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    management as _management,
    ready as _ready,
)

POLL_SECONDS = 0.25
# A server whose log says nothing for so long starts nothing any more.
SILENCE_SECONDS = 20


def wait(
    installation: Installation,
    process: Process,
    management: _management.Management,
    seconds: float,
) -> set[str]:
    """Wait until the applications have started, or do not any more.

    :arg seconds: how long at most.
    :returns: the names of those that have not started; empty for a server past its start.
    """
    deadline = time.monotonic() + seconds
    log = _log.Tail(*_log.log_path(installation.home), whole=True)
    text, heard = "", time.monotonic()
    while time.time() - process.started < _ready.START_SECONDS:
        missing = set(installation.apps) - log.started_since(process.started)
        if missing and management.accessible:
            missing -= _listed(management)
        now, latest = time.monotonic(), log.read()
        if latest != text:
            text, heard = latest, now
        if not missing or now > deadline or now - heard > SILENCE_SECONDS:
            return missing
        time.sleep(POLL_SECONDS)
    return set()


def _listed(management):
    """Applications the server lists as running; for servers that log warnings only."""
    try:
        return set(management.applications())
    except _management.RestError:
        return set()
