# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``front-address``: through the front, too, a list lets in its addresses only.

PRIVATE to the collection.
"""

from __future__ import annotations

import dataclasses
import ipaddress

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    addresses as _addresses,
    answers as _answers,
    sources as _sources,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.front import Front
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
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
WITH = "its own address, and in X-Forwarded-For that of somebody else, on the list or not"

NO_SECRET = "there is no secret in the inventory to make a token with"
NO_TOKEN = "no token is sent to a front without a good certificate: make that good first"
CLOSED = "the front itself closes it"
ADDS_NOBODY = (
    "the server does not learn from the front who asks, or believes what they say: have the front"
    " add it to X-Forwarded-For, and name no more than the front in antmedia_trusted_proxies"
)
ON_THE_LIST = (
    "this machine is on the list, so it does not show whether the server learns from the front who"
    " asks: ask from a vantage that is not on it"
)


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
    claimed = _claimed(front, text, expected)
    if claimed:
        control.probes.append(Probe(f"from {claimed}", expected, surface, claimed, **about))
    return control


def _claimed(front, text, expected):
    """An address on the other side of the list, to pose as its owner; None where that is in vain.

    As shipped the server believes private addresses about others.
    """
    private = front.plan.get("proxies") is None and ipaddress.ip_address(front.address).is_private
    if front.believed or (expected == LET_IN and private):
        return None
    others = _sources.samples(text)[expected == LET_IN]
    far = [each for each in others if each.way == FORWARDED]
    return Source((far or others)[0].address, FORWARDED) if others else None


def settle(front: Front, control: Control, results: list[Result]) -> list[Result]:
    """The results as they count: what the front itself closes needs no list."""
    closed = [result for result in results if result.answer.endswith(_answers.BY_FRONT)]
    if not closed or any(result.came != REFUSED for result in results):
        _explain(front, control, results)
        return results
    control.note, control.one_sided = CLOSED, True
    return [
        dataclasses.replace(result, probe=dataclasses.replace(result.probe, expected=REFUSED))
        if result in closed
        else result
        for result in results
    ]


def _explain(front, control, results):
    """What it comes from, or why who was let in shows nothing."""
    outside = _sources.samples(front.rest(control.app))[1]
    if any(not result.right and result.came in (LET_IN, REFUSED) for result in results):
        control.note = ADDS_NOBODY
    elif {(result.right, result.came) for result in results} == {(True, LET_IN)} and outside:
        control.silent = control.excuse = ON_THE_LIST
