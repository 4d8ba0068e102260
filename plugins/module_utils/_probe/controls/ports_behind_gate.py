# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``ports-behind-gate``: what is behind a gate is reached by nobody from elsewhere.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    REFUSED,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    VANTAGE,
    Source,
)

NAME = "ports-behind-gate"
PROVES = ()
WHAT = "what listens behind a gate, from a vantage"
WITH = "a connection to each port of the server, and to the one where the gate answers it"


def make(target: str, behind: Sequence[int], address: str) -> Control | None:
    """The control of a host, None where it has no gate.

    :arg target: name or address of the server.
    :arg behind: ports that only the host itself is to reach.
    :arg address: of this machine.
    """
    if not behind:
        return None
    numbers = ", ".join(map(str, behind))
    control = Control(NAME, "", f"{numbers} closed", one_sided=True)
    here = Source(address, VANTAGE)
    control.probes = [
        Probe(f"port {number}", REFUSED, _surfaces.PORT, here, path=str(number), stream=target)
        for number in behind
    ]
    return control
