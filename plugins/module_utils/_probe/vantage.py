# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The proof from another machine: what its own, real address gets into, and what it does not.

It knows no secret. What a server must be shown beside the address comes as a token made elsewhere.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
import platform
import re
import socket
from typing import Any, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    addresses as _addresses,
    ask as _ask,
    cases as _cases,
    front as _front,
    run as _run,
    sources as _sources,
    surfaces as _surfaces,
    through as _through,
    verdict as _verdict,
    ways as _ways,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    front_certificate as _front_certificate,
    panel_address as _panel_address,
    ports_behind_gate as _ports_behind_gate,
    publish as _publish,
    publisher_address as _publisher_address,
    rest_address as _rest_address,
)
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
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import (
    Plain,
    fresh,
)

# What is asked by RTMP.
PUBLISHERS = (_publisher_address.NAME, _publish.NAME)

NO_SECRET = (
    "there is no secret in the inventory to make a token with; set antmedia_secrets or"
    " antmedia_secret_store"
)


# Ports of a host with a gate that only the host itself is to reach.
BEHIND = "behind"

# What a plan must hold, and the same for each of its applications.
_PLAN = {
    "http_port": int,
    "rtmp_port": int,
    "panel": (str, type(None)),
    "panel_path": str,
    "alive": bool,
    "apps": dict,
}
_APP = {
    "rest": (str, type(None)),
    "rest_token": bool,
    "publisher": (str, type(None)),
    "publish_token": list,
    "alive": bool,
    "publishes": bool,
}


def faults(
    plan: Any,
    target: str | None = "",
    tokens: Mapping[str, Any] | None = None,
    address: str | None = "",
) -> list[str]:
    """Why options are none of :class:`Vantage`; a plan is what :class:`_run.Run` returned."""
    if plan is None:
        return []
    found = _misshapen("plan", plan, _PLAN)
    if address and not _is_address(address):
        found.append(f"antmedia_vantage_address: {address!r} is not an address")
    try:
        (target or "").encode("idna")
    except UnicodeError:
        found.append("target: is not a name or address of a machine")
    if isinstance(plan, dict) and plan.get(_front.PLAN) is not None:
        found.extend(_misshapen(f"plan.{_front.PLAN}", plan[_front.PLAN], _front.SHAPE))
    behind = plan.get(BEHIND, []) if isinstance(plan, dict) else []
    if not isinstance(behind, list) or not all(isinstance(port, int) for port in behind):
        found.append(f"plan.{BEHIND}: is not what the module returned on the host of the server")
    apps = plan.get("apps") if isinstance(plan, dict) else None
    if isinstance(apps, dict):
        for app, known in apps.items():
            found.extend(_misshapen(f"plan.apps.{app}", known, _APP))
    for app, part in (tokens or {}).items():
        if not isinstance(part, dict) or not isinstance(part.get("publish", {}), dict):
            found.append(f"tokens.{app}: is none that the action makes")
    return found


def _is_address(text):
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False


def _misshapen(name, given, shape):
    if not isinstance(given, dict):
        return [f"{name}: is not what the module returned on the host of the server"]
    return [
        f"{name}.{key}: is not what the module returned on the host of the server"
        for key, kind in shape.items()
        if key not in given
        or not isinstance(given[key], kind)
        or (kind is int and isinstance(given[key], bool))
    ]


class Vantage:
    """Asks a server from this machine.

    :arg plan: as :class:`_run.Run` returns it.
    :arg target: name or address of the server.
    :kwarg tokens: by application: ``rest``, and ``publish`` by case.
    :kwarg address: of this machine as the server sees it, where that is not its own.
    """

    def __init__(
        self,
        plan: Mapping[str, Any],
        target: str,
        tokens: Mapping[str, Any] | None = None,
        address: str = "",
    ) -> None:
        self.plan = plan
        self.target = target
        self.tokens = tokens or {}
        self.http = (target, plan["http_port"])
        self.asker = _ask.Asker(self.http, (target, plan["rtmp_port"]))
        self.problem = ""
        self.told = bool(address)
        self.address = address or self._own_address()
        self.front = None
        if plan.get(_front.PLAN):
            self.front = _front.Front.of(plan, target, self.tokens, address)
            if not self.address:  # beside the front, the server itself may well be closed
                self.address, self.problem = self.front.address, self.front.problem

    def _own_address(self):
        """The address this machine's connections come from; says why it cannot be told."""
        try:
            with socket.create_connection(self.http, 5.0) as link:
                own, peer = link.getsockname()[0], link.getpeername()[0]
        except OSError as error:
            host, port = self.http
            self.problem = f"no connection to {host} port {port}: {error.strerror or error}"
            return ""
        private = ipaddress.ip_address(own).is_private
        if private and not ipaddress.ip_address(peer).is_private:
            self.problem = (
                f"{own} is behind NAT, and the server sees another address; give vantage_address"
            )
        return own

    def run(self) -> dict[str, Any]:
        """Ask everything; returns the module's result."""
        controls = self._controls()
        if self.front:
            controls = self._within_reach(controls)
        if self.problem:
            for control in controls:
                control.silent, control.probes = self.problem, []
        results = iter(
            self.asker.ask_all([probe for control in controls for probe in control.probes])
        )
        proved = [(control, [next(results) for _probe_ in control.probes]) for control in controls]
        proved += _through.prove(self.front) if self.front else []
        found, probes = [], []
        for control, group in proved:
            outcome, reason = _verdict.judge(control, group, self._alive(control))
            if outcome == _verdict.NOT_ENFORCED and control.note:
                reason, control.note = f"{reason}; {control.note}", ""
            found.append(_run.shown(control, group, outcome, reason))
            probes.extend(_run.shown_probes(control, group))
        return {
            "outcome": _verdict.worst(control["outcome"] for control in found),
            "controls": found,
            "probes": probes,
            "notes": [],
            "soon": _through.soon(proved),
            "vantage": {"name": platform.node(), "address": self.address},
        }

    def _within_reach(self, controls):
        """Those about ports of the server that this machine reaches."""
        places = {False: self.http, True: (self.target, self.plan["rtmp_port"])}
        reached = {by_rtmp: _ways.takes(*place) for by_rtmp, place in places.items()}
        return [control for control in controls if reached[control.name in PUBLISHERS]]

    def _alive(self, control):
        """Whether the host's own proof showed what a refusal has to be held against."""
        if control.name == _front_certificate.NAME:
            return True  # it is shown by the front, whatever is behind
        if not control.app:
            return self.plan["alive"]
        known = self.plan["apps"][control.app]
        return known["publishes" if control.name == _publisher_address.NAME else "alive"]

    def _controls(self):
        controls = []
        if self.plan["panel"] is not None:
            control = Control(_panel_address.NAME, "", _addresses.only(self.plan["panel"]))
            self._ask_from(
                control, self.plan["panel"], _surfaces.PANEL, path=self.plan["panel_path"]
            )
            controls.append(control)
        for app, known in self.plan["apps"].items():
            if known["rest"] is not None:
                controls.append(self._rest(app, known))
            if known["publisher"]:
                controls.extend(self._publishers(app, known))
        behind = _ports_behind_gate.make(self.target, self.plan.get(BEHIND, ()), self.address)
        return controls + ([behind] if behind else [])

    def _rest(self, app, known):
        control = Control(_rest_address.NAME, app, _addresses.only(known["rest"]))
        token = self.tokens.get(app, {}).get("rest")
        if known["rest_token"] and not token:
            control.silent = NO_SECRET
            return control
        surface = _surfaces.REST_ADDRESS
        about = {"token": Plain(token) if token else None, **surface.at(app)}
        self._ask_from(control, known["rest"], surface, **about)
        return control

    def _publishers(self, app, known):
        """From inside the list, all there is to ask a publisher; from outside, the good token."""
        expected = self._expected(known["publisher"])
        stream = known.get("stream") or fresh()
        tokens = self.tokens.get(app, {}).get("publish", {})
        good = tokens.get(_cases.GOOD_TOKEN)
        by_address = Control(_publisher_address.NAME, app, _addresses.only(known["publisher"]))
        if known["publish_token"] and not good:
            by_address.silent = NO_SECRET
            return [by_address]
        about = {
            "surface": _surfaces.RTMP,
            "source": Source(self.address, VANTAGE),
            **_surfaces.RTMP.at(app, stream),
        }
        token = Plain(good) if good else None
        case = "from " + self.address
        by_address.probes = [Probe(case, expected, token=token, **about)]
        # A refusal for the address and one for the token read alike.
        by_address.one_sided = expected == REFUSED
        by_address.excuse = "no probe showed that such a token is let in from elsewhere"
        if expected == REFUSED or not good:
            return [by_address]
        by_token = Control(_publish.NAME, app, " and ".join(known["publish_token"]))
        by_token.probes = [Probe(_cases.NO_TOKEN, REFUSED, **about)]
        for case, text in tokens.items():
            wanted = LET_IN if case == _cases.GOOD_TOKEN else REFUSED
            by_token.probes.append(Probe(case, wanted, token=Plain(text), **about))
        return [by_address, by_token]

    def _expected(self, text):
        return LET_IN if self.address and _cidr.contains(text, self.address) else REFUSED

    def _ask_from(self, control, text, surface, **about):
        expected = self._expected(text)
        control.one_sided = expected == REFUSED
        here = Source(self.address, VANTAGE)
        control.probes = [Probe("from " + self.address, expected, surface, here, **about)]
        inside = _sources.samples(text)[0]
        if expected == LET_IN or not inside or self._trusted():
            return
        # Behind NAT the address is none to ask from.
        claimed = Source(inside[0].address, FORWARDED, "" if self.told else self.address)
        control.probes.append(Probe("from " + str(claimed), REFUSED, surface, claimed, **about))

    def _trusted(self):
        """Whether the policy makes the server believe this machine about addresses."""
        proxies = self.plan.get("proxies")
        return proxies is not None and re.fullmatch(proxies, self.address) is not None
