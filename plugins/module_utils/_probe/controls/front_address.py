# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``front-address``: through the front, too, a list lets in its addresses only.

PRIVATE to the collection.
"""

from __future__ import annotations

import dataclasses

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    addresses as _addresses,
    answers as _answers,
    sources as _sources,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.front import Front
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    REFUSED,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    FORWARDED,
    VANTAGE,
    Source,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import Plain
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result

NAME = "front-address"
PROVES = ()
WHAT = "the panel and the REST APIs at `antmedia_endpoint`, from a vantage"
WITH = "its own address, and that of somebody on the list in X-Forwarded-For"

NO_SECRET = "there is no secret in the inventory to make a token with"
NO_TOKEN = "no token is sent to a front without a good certificate"
CLOSED = "the front itself closes it"


def make(front: Front, app: str) -> Control | None:
    """The control of a front, None where the policy has no list for it."""
    text = front.rest(app)
    if text is None:
        return None
    control = Control(NAME, app, _addresses.only(text))
    token = front.tokens.get(app, {}).get("rest", "")
    needs_token = bool(app) and front.plan["apps"][app]["rest_token"]
    if front.problem:
        control.silent = front.problem
    elif needs_token and not token:
        control.silent = NO_SECRET
    elif needs_token and front.tls and not front.good:
        control.silent = NO_TOKEN
    if control.silent:
        return control
    if app:
        surface, about = _surfaces.FRONT_REST, _surfaces.FRONT_REST.at(app)
        about["token"] = Plain(token) if needs_token else None
    else:
        surface, about = _surfaces.FRONT_PANEL, {"path": front.plan["panel_path"]}
    expected = front.expected(text)
    control.one_sided = expected == REFUSED
    here = Source(front.address, VANTAGE)
    control.probes = [Probe(f"from {front.address}", expected, surface, here, **about)]
    inside = _sources.samples(text)[0]
    if expected == REFUSED and inside and not front.believed:
        claimed = Source(inside[0].address, FORWARDED)
        control.probes.append(Probe(f"from {claimed}", REFUSED, surface, claimed, **about))
    return control


def settle(control: Control, results: list[Result]) -> list[Result]:
    """The results as they count: what the front itself closes needs no list."""
    closed = [result for result in results if result.answer.endswith(_answers.BY_FRONT)]
    if not closed or any(result.came != REFUSED for result in results):
        return results
    control.note, control.one_sided = CLOSED, True
    return [
        dataclasses.replace(result, probe=dataclasses.replace(result.probe, expected=REFUSED))
        if result in closed
        else result
        for result in results
    ]
