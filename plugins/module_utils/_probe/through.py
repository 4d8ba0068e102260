# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The proof of a front from another machine: its certificate first, then what it leads to.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    ask as _ask,
    controls as _controls,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    front_address as _front_address,
    front_certificate as _front_certificate,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.front import Front
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    Control,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result
from ansible_collections.streamward.antmedia.plugins.module_utils._server import tls as _tls


def prove(front: Front) -> Iterator[tuple[Control, list[Result]]]:
    """Ask everything about a front; gives the controls, each with its results."""
    good = False
    for module in _controls.FRONT:
        if module is _front_address:
            continue
        for control, results in _asked(front, module):
            if module is _front_certificate:
                good = all(result.came == LET_IN for result in results)
            yield control, results
    yield from _asked(front.seen(good), _front_address)


def _asked(front, module):
    tls = (_tls.checked if front.good else _tls.unchecked) if front.tls else None
    server = front.target, front.plan["rtmp_port"]
    asker = _ask.Asker((front.host, front.port), server, tls=tls)
    for app in ("", *front.plan["apps"]):
        control = module.make(front, app)
        if control:
            yield control, module.settle(front, control, asker.ask_all(control.probes))


def soon(proved: list[tuple[Control, list[Result]]]) -> list[str]:
    """What the operator should hear whatever came of it."""
    return [
        text
        for control, results in proved
        if control.name == _front_certificate.NAME
        for text in _front_certificate.soon(results)
    ]
