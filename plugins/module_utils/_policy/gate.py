# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate in front of the Community edition: what a policy says of it, and what the server needs.

Behind a gate the server listens on loopback only, on other ports than those that people use: so it
cannot take these even when it falls back to the files it was shipped with. It asks the gate who may
publish, as a second layer.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import setting as _setting
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Gate

VARIABLE = "antmedia_gate"
LOOPBACK = "127.0.0.1"
# Where the daemon answers the server's hook.
ANSWERS_PORT = 9400
HOOK = f"http://{LOOPBACK}:{ANSWERS_PORT}/publish/"

# Ports that people use, and those of the server behind them, by protocol; and the settings of the
# latter, each with that of its address.
PORTS = {"http": 5080, "https": 5443, "rtmp": 1935, "rtmps": 8443}
_SERVER_PORTS = {"http": 15080, "https": 15443, "rtmp": 11935, "rtmps": 18443}
_WITH_TLS = ("https", "rtmps")
_SETTINGS = {
    "http": ("http.host", "http.port"),
    "https": ("http.host", "https.port"),
    "rtmp": ("rtmp.host", "rtmp.port"),
    "rtmps": ("rtmps.host", "rtmps.port"),
}


def stand(draft: Draft, before: Mapping[str, str] | None) -> None:
    """Read what is said of the gate, and have the server behind it, or in front again.

    :arg before: what the server's own settings were before a gate came, by name; None where there
        is no gate on the host.
    """
    wanted = draft.policy.get("gate")
    if wanted is None:
        return
    if not isinstance(wanted, bool):
        draft.fault(VARIABLE, f"{_options.shown(wanted)} is neither true nor false")
        return
    if not wanted:
        draft.wanted.gate_goes = before is not None
        for name, text in (before or {}).items():
            draft.wanted.server[name] = text
        return
    if draft.installation.edition == "enterprise":
        draft.fault(VARIABLE, "the Enterprise edition enforces all of this itself; leave it out")
        return
    gate = _read(draft)
    if gate:
        draft.wanted.gate = gate
        _move(draft, gate)


def _read(draft: Draft) -> Gate | None:
    """The gate as its variables say, or faults."""
    faults = len(draft.faults)
    tls = draft.policy.get("gate_tls") or {}
    paths = {name: tls.get(name) or "" for name in ("certificate", "key")}
    for name, path in paths.items():
        if not path and any(paths.values()):
            draft.fault(f"antmedia_gate_tls.{name}", "is missing; TLS needs both files")
        elif path and not path.startswith("/"):
            draft.fault(f"antmedia_gate_tls.{name}", f"{path!r} is not an absolute path")
    ports = _ports(draft, "gate_ports", PORTS)
    server_ports = _ports(draft, "gate_server_ports", _SERVER_PORTS)
    _no_port_twice(draft, ports, server_ports)
    if len(draft.faults) > faults:
        return None
    protocols = [name for name in ports if paths["key"] or name not in _WITH_TLS]
    return Gate(
        {name: ports[name] for name in protocols},
        server_ports,
        paths["certificate"],
        paths["key"],
        tls.get("hsts") or 0,
        _number(draft, "gate_overlap"),
        _number(draft, "gate_viewers_per_token"),
        _proxies(draft),
    )


def _proxies(draft: Draft) -> str:
    """The proxies to believe; faults of the list are told where the server gets it."""
    try:
        given = draft.policy.get("trusted_proxies") or []
        return _cidr.compile_cidrs(given, deny_all=True, widest=draft.widest)
    except _cidr.CidrError:
        return ""


def _number(draft: Draft, option: str) -> int:
    value = draft.policy.get(option)
    return _DEFAULTS[option] if value is None else value


_DEFAULTS = {
    name: _options.policy_spec()[name]["default"]
    for name in ("gate_overlap", "gate_viewers_per_token")
}


def _ports(draft: Draft, option: str, usual: Mapping[str, int]) -> dict[str, int]:
    given: Mapping[str, Any] = draft.policy.get(option) or {}
    return {name: given.get(name) or port for name, port in usual.items()}


def _no_port_twice(draft: Draft, *sides: Mapping[str, int]) -> None:
    used = {ANSWERS_PORT: "the answers to the server's hook"}
    for variable, ports in zip(("antmedia_gate_ports", "antmedia_gate_server_ports"), sides):
        for name, port in ports.items():
            if port in used:
                draft.fault(f"{variable}.{name}", f"{port} is the port of {used[port]}, too")
            used.setdefault(port, f"{variable}.{name}")


def _move(draft: Draft, gate: Gate) -> None:
    """Have every listener of the server on loopback, out of the gate's way."""
    for name, (host, port) in _SETTINGS.items():
        if name in _listens(draft):
            _setting.put(draft, "", VARIABLE, host, LOOPBACK)
            _setting.put(draft, "", VARIABLE, port, gate.server_ports[name])


def _listens(draft: Draft) -> tuple[str, ...]:
    """The protocols that the server listens for."""
    installation = draft.installation
    tls = _installation.serves_tls(installation.container)
    setting = _catalogue.by_name(_catalogue.SERVER, "rtmps.enabled")
    rtmps = setting.exists_in(installation.version) and _catalogue.on(
        installation.effective("", "rtmps.enabled")
    )
    return ("http", "rtmp", *(("https",) if tls else ()), *(("rtmps",) if rtmps else ()))


def ask(draft: Draft, app: str) -> None:
    """Have the server ask the gate who may publish, where a token guards that; else no more.

    A hook of the operator's own stays: then the server asks that, behind the gate.
    """
    held = draft.will_be(app, _words.HOOK) or ""
    ours = held.startswith(HOOK)
    if held and not ours:
        return
    guarded = draft.wanted.gate and draft.on(app, _words.SWITCHES["publish"]["jwt"])
    if guarded:
        draft.wanted.apps[app][_words.HOOK] = HOOK + app
    elif ours and (draft.wanted.gate or draft.wanted.gate_goes):
        draft.wanted.apps[app][_words.HOOK] = ""
