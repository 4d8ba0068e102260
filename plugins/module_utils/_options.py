# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that several modules share: their specifications, and what their values cannot be.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

DEFAULT_HOME = "/usr/local/antmedia"

IS_NULL = "is null, which says nothing; leave the key out, or give it a value"
LEFT_BY_OMIT = (
    "holds what omit leaves behind where it is not the value of a key as a whole; leave it out"
)
HALF_A_CHARACTER = "holds half a character (a lone surrogate), which no file can hold"
NO_MAPPING = "is not a mapping"
MOST_DEEP = 50
TOO_DEEP = f"is nested more than {MOST_DEEP} deep"
MOST_SHOWN = 200

# ansible-core up to 2.18, and from 2.19 on.
_OMIT = re.compile("__omit_place_holder__[0-9a-f]+|<<Omit>>")

_DAY = 86400
_WEEK = 7 * _DAY
_MONTH = 31 * _DAY
_YEAR_2100 = 4102444800


# What the gate listens for.
GATE_PROTOCOLS = ("http", "https", "rtmp", "rtmps")


class Bound(NamedTuple):
    """What a number may be, both ends included."""

    least: int
    most: int
    unit: str


# What a number may be, by option; one that is part of another by both names.
BOUNDS = {
    "asked_at": Bound(0, _YEAR_2100, "Unix time in seconds"),
    "cutover_at": Bound(0, _YEAR_2100, "Unix time in seconds"),
    "drain_timeout": Bound(0, _WEEK, "seconds"),
    "gate_overlap": Bound(0, _MONTH, "seconds"),
    **{
        f"{ports}.{name}": Bound(1, 65535, "a port")
        for ports in ("gate_ports", "gate_server_ports")
        for name in GATE_PROTOCOLS
    },
    "gate_tls.hsts": Bound(0, 2 * 366 * _DAY, "seconds"),
    "gate_viewers_per_token": Bound(0, 1000, "addresses"),
    "lead": Bound(0, _DAY, "seconds"),
    "ready_timeout": Bound(0, _WEEK, "seconds"),
    "since": Bound(0, _YEAR_2100, "Unix time in seconds"),
    "timeout": Bound(0, _WEEK, "seconds"),
    "totp_period": Bound(1, _DAY, "seconds"),
    "widest_prefix.ipv4": Bound(0, 32, "bits"),
    "widest_prefix.ipv6": Bound(0, 128, "bits"),
}
# Their specifications have parts, which ansible-core looks for before it knows that it may.
_WITH_PARTS = ("service_commands", "widest_prefix", "gate_tls", "gate_ports", "gate_server_ports")
# A host that waits longer for its instant has the secrets in a process all that time.
_FARTHEST = 2 * _DAY

# Options that are not called as the variable is.
_VARIABLES = {
    "call_hooks": "antmedia_verify_call_hooks",
    "grace": "antmedia_previous_grace",
    "lead": "antmedia_cutover_lead",
    "max_age": "antmedia_secret_max_age",
    "quorum": "antmedia_rotation_quorum",
    "record": "antmedia_rotation_log",
}
# Those that have none.
_ALONE = frozenset(
    (
        *("announce", "asked_at", "cutover_at", "evidence", "mark_unproved", "plan", "policy"),
        *("previous_uses", "secrets_locked", "since", "state", "target", "timeout", "tokens"),
        *("totp_period", "uses", "vantage_address"),
    )
)


# What a task leaves out and the inventory says, by module; secrets are found otherwise.
POLICY = (
    *("dashboard_cidrs", "management_jwt", "trusted_proxies", "server_settings"),
    *("app_defaults", "apps", "group_apps", "host_apps"),
    *("gate", "gate_ports", "gate_server_ports", "gate_tls", "gate_overlap"),
    "gate_viewers_per_token",
)
FROM_INVENTORY = {
    "cutover": ("home",),
    "facts": ("home",),
    "proved": ("home",),
    "probe": ("home", "widest_prefix", "closed_doors", "call_hooks", "ready_timeout"),
    "settings": (
        *("home", "unenforceable", "operator_cidrs", "allow_lockout", "widest_prefix", "apply"),
        *("service_manager", "service_commands", "live_streams", "maintenance_window"),
        *("boot_guard", "ready_timeout", "closed_doors"),
    ),
}


def variable(option: str) -> str:
    """What an option is called in the inventory, or itself where it is not there."""
    return option if option in _ALONE else _VARIABLES.get(option, "antmedia_" + option)


def shown(value: Any) -> str:
    """A value for a message: not too long, and of characters that can be written."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists without end
        return "a value too large to show"
    text = printable(text)
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "..."


def printable(text: str) -> str:
    """A text with what is half a character as an escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def unfit_text(value: object) -> str:
    """Why a text cannot be meant, whatever it is for; empty for one that can, and for no text."""
    if not isinstance(value, str):
        return ""
    if _OMIT.search(value):
        return LEFT_BY_OMIT
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return HALF_A_CHARACTER
    return ""


def unfit(value: Any, name: str, deep: int = 0) -> dict[str, str]:
    """Texts in a value that cannot be meant, by the name of the key that holds them.

    :arg value: of any kind. Nothing of it is in what is returned but names of keys.
    :arg name: what it is called.
    """
    found: dict[str, str] = {}
    if deep > MOST_DEEP:
        return {name: TOO_DEEP}
    if isinstance(value, Mapping):
        for key, part in value.items():
            wrong = unfit_text(key)
            below = f"{name}.{key}"
            if wrong:
                found[printable(below)] = "the name " + wrong
            else:
                found.update(unfit(part, below, deep + 1))
    elif isinstance(value, (list, tuple)):
        for part in value:
            found.update(unfit(part, name, deep + 1))
    elif unfit_text(value):
        found[name] = unfit_text(value)
    return found


def nulls(value: Any, name: str, deep: int = 0) -> list[str]:
    """Names of the keys in mappings that are null, and of the value itself if it is.

    :arg value: of any kind; lists are not looked into.
    """
    if value is None:
        return [name]
    found = []
    if isinstance(value, Mapping) and deep <= MOST_DEEP:
        for key, part in value.items():
            found.extend(nulls(part, f"{name}.{key}", deep + 1))
    return found


def faults(options: Mapping[str, Any], given: bool = False, now: float | None = None) -> list[str]:
    """What is wrong with options whatever they are for, one fault a value.

    :arg options: values by option.
    :kwarg given: whether they are as a task gives them, so that one that is None is a null and no
        option left out. What is wrong with the options of the policy otherwise is known best by
        who compiles it, see :mod:`_policy`.
    """
    found = []
    for option, value in options.items():
        if option.startswith("_"):  # Ansible's own, which it leaves in a task that is tried again
            continue
        name = variable(option)
        if value is None:
            if given:
                found.append(f"{name}: {IS_NULL}")
            continue
        wrong = unfit(value, name)
        found.extend(f"{place}: {why}" for place, why in wrong.items())
        if option in _WITH_PARTS and not wrong:
            if not isinstance(_parsed(value), Mapping):
                found.append(f"{name}: {shown(value)} {NO_MAPPING}")
            found.extend(f"{place}: {IS_NULL}" for place in nulls(value, name))
    return found + out_of_bounds(options, now)


def _parsed(value: Any) -> Any:
    """A text of a mapping as the mapping, as on a command line; anything else as it is."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


def out_of_bounds(options: Mapping[str, Any], now: float | None = None) -> list[str]:
    """Faults of numbers that an option cannot be; a text that is none is left to others.

    :arg options: values by option, as they were given or as they were understood.
    """
    found = []
    for option, bound in BOUNDS.items():
        whole, dot, part = option.partition(".")
        value = options.get(whole)
        if part:
            value = value.get(part) if isinstance(value, Mapping) else None
        most: float = bound.most
        if option == "cutover_at":
            most = (time.time() if now is None else now) + _FARTHEST
        if value is None:
            continue
        if isinstance(value, (bool, list, tuple, Mapping)):  # which ansible-core takes at times
            found.append(f"{variable(whole) + dot + part}: {shown(value)} is not a number")
            continue
        number = _number(value)
        # It is no comparison that a nan would pass.
        if number is not None and not bound.least <= number <= most:
            found.append(
                f"{variable(whole) + dot + part}: {shown(value)} is not {bound.least} to {most:.0f}"
                f" ({bound.unit})"
            )
    return found


def _number(value: Any) -> float | None:
    """What ansible-core would make a number; None for what is left to it."""
    try:
        return float(value)
    except OverflowError:
        return float("inf")
    except (TypeError, ValueError):
        return None


def home_spec() -> dict[str, Any]:
    """The option that says where the installation is."""
    return {"home": {"type": "path", "default": DEFAULT_HOME}}


def _ports_spec() -> dict[str, Any]:
    return {"type": "dict", "options": {name: {"type": "int"} for name in GATE_PROTOCOLS}}


def policy_spec() -> dict[str, Any]:
    """The policy of a host; documented in the ``policy`` fragment."""
    return dict(
        home_spec(),
        dashboard_cidrs={"type": "raw"},
        management_jwt={"type": "bool"},
        trusted_proxies={"type": "raw"},
        server_settings={"type": "dict", "default": {}},
        app_defaults={"type": "dict", "default": {}},
        apps={"type": "dict", "default": {}},
        group_apps={"type": "dict", "default": {}},
        host_apps={"type": "dict", "default": {}},
        secrets={"type": "dict", "no_log": True},
        uses={"type": "list", "elements": "dict"},
        policy={"type": "str", "choices": ["inventory", "task"], "default": "inventory"},
        gate={"type": "bool"},
        gate_ports=_ports_spec(),
        gate_server_ports=_ports_spec(),
        gate_tls={
            "type": "dict",
            "options": {
                "certificate": {"type": "path"},
                "key": {"type": "path"},
                "hsts": {"type": "int", "default": 0},
            },
        },
        gate_overlap={"type": "int", "default": 3600},
        gate_viewers_per_token={"type": "int", "default": 0, "no_log": False},  # a number
        unenforceable={"type": "str", "choices": ["fail", "warn"], "default": "fail"},
        operator_cidrs={"type": "list", "elements": "str", "default": []},
        allow_lockout={"type": "bool", "default": False},
        closed_doors={"type": "list", "elements": "str", "default": []},
        widest_prefix={
            "type": "dict",
            "default": {"ipv4": 8, "ipv6": 8},
            "options": {
                "ipv4": {"type": "int", "default": 8},
                "ipv6": {"type": "int", "default": 8},
            },
        },
    )
