# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``ports-beside-front``: strangers reach the server by its front only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    front as _front,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.front import Front
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    REFUSED,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    VANTAGE,
    Source,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result

NAME = "ports-beside-front"
PROVES = ()
WHAT = "the server's own ports, from a vantage that no list names"
WITH = "a connection to each that `antmedia_endpoint` does not name, there and at the front's host"


def make(front: Front, app: str) -> Control | None:
    """The control of a front, None where this machine may use every port of the server."""
    if app or front.problem:
        return None
    beside = {
        key: front.ports[key]
        for key, name in _front.NAMES.items()
        if key in front.ports and name not in front.named and not front.on_a_list(key)
    }
    if not beside:
        return None
    numbers = ", ".join(map(str, sorted(beside.values())))
    control = Control(NAME, app, f"{numbers} closed", one_sided=True)
    # Who cannot reach the server by the way that Ansible takes may well reach it by its name.
    control.probes = [
        Probe(
            f"port {number} ({_front.NAMES[key]})",
            REFUSED,
            _surfaces.PORT,
            Source(front.address, VANTAGE),
            path=str(number),
            stream=host,
        )
        for host in dict.fromkeys((front.target, front.host))
        for key, number in beside.items()
        if host == front.target or number not in (front.port, front.rtmps_port)
    ]
    return control


def settle(front: Front, control: Control, results: list[Result]) -> list[Result]:
    """The results as they count."""
    if any(not result.right for result in results):
        control.note = "close it to strangers, or name it in antmedia_endpoint if people use it"
    return results
