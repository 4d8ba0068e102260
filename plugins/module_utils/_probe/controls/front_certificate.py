# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``front-certificate``: whoever checks the certificate of the front goes on.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.front import Front
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    VANTAGE,
    Source,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    certificate as _certificate,
)

NAME = "front-certificate"
PROVES = ()
WHAT = "TLS at `antmedia_endpoint`, from a vantage"
WITH = "the name people use, and the authorities that the vantage trusts; days left are told"


def make(front: Front, app: str) -> Control | None:
    """The control of a front, None where it speaks no TLS."""
    ports = [front.port] * front.tls + [front.rtmps_port] * bool(front.rtmps_port)
    if app or not ports:
        return None
    control = Control(NAME, app, f"a good one for {front.host}")
    control.probes = [
        Probe(
            f"whoever checks the certificate at port {port}",
            LET_IN,
            _surfaces.CERTIFICATE,
            Source(front.address, VANTAGE),
            path=str(port),
            stream=front.host,
        )
        for port in ports
    ]
    return control


def settle(front: Front, control: Control, results: list[Result]) -> list[Result]:
    """The results as they count; one that ends soon is named."""
    answers = list(dict.fromkeys(result.answer for result in results))
    if all(result.came == LET_IN for result in results):
        control.note = "; ".join(answers)
    return results


def soon(results: list[Result]) -> list[str]:
    """What the operator should hear in any case."""
    return [
        f"the certificate of {result.probe.stream} port {result.probe.path}: {result.answer}"
        for result in results
        if result.answer.startswith(_certificate.SOON)
    ]
