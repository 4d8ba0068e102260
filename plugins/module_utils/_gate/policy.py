# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The policy of a gate: what it stands in front of, and whom it lets in. A file, strictly read.

PRIVATE to the collection.
"""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass, field
from typing import Any, Mapping, Union

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secret as _secret,
    versions as _versions,
)

FORMAT = 1
# Where it is on a host.
PATH = "/etc/streamward/gate/policy.json"
NONE, JWT = KINDS = ("none", "jwt")
REFUSED, ASKED = RTMP_PLAY = ("refused", "asked")
MOST_VIEWERS = 1000
MOST_SECONDS = 2 * 366 * 86400
# The web server's own, and where the panel's API is.
NOT_APPLICATIONS = ("root", "rest")
_APPLICATION = re.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", re.ASCII)
_PATH = re.compile(r"/[^\x00-\x1f\x7f\"\\]{1,4000}")

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


class Broken(ValueError):
    """A text that is no right policy.

    :ivar faults: every fault as a text that says where it is; none holds a secret.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Upstream:
    """Where the server listens on 127.0.0.1."""

    http: int
    rtmp: int


@dataclass(frozen=True)
class Listen:
    """Where the gate listens: on all addresses, its answers on 127.0.0.1 only."""

    http: int
    https: int | None
    rtmp: int
    rtmps: int | None
    answers: int


@dataclass(frozen=True)
class Certificate:
    """Files of the gate's certificate and its key."""

    certificate: str
    key: str


@dataclass(frozen=True)
class Secret:
    """A secret, and the Unix second from which on it no longer counts."""

    secret: str = field(repr=False)
    until: int | None = None

    def counts(self, now: float) -> bool:
        """Whether tokens of it are let in: never of one too short to be a secret."""
        strong = len(self.secret) >= _secret.MIN_LENGTH
        return strong and (self.until is None or now < self.until)


@dataclass(frozen=True)
class Direction:
    """What it takes to publish, or to play. rtmp: of playing over RTMP."""

    kind: str
    secrets: tuple[Secret, ...] = ()
    rtmp: str = REFUSED


@dataclass(frozen=True)
class Application:
    """Whom an application lets in. Lists that are None let everybody in, empty ones nobody."""

    publish: Direction
    play: Direction
    publishers: tuple[Network, ...] | None = None
    rest: tuple[Network, ...] | None = None
    viewers_per_token: int = 0


@dataclass(frozen=True)
class Policy:
    """The policy of a gate.

    panel: whom it lets to the panel and its API, None for everybody. hsts: for how many seconds
    browsers are to insist on TLS, 0 for not at all.
    """

    home: str
    server_version: str
    upstream: Upstream
    listen: Listen
    certificate: Certificate | None = None
    proxies: tuple[Network, ...] = ()
    panel: tuple[Network, ...] | None = None
    applications: Mapping[str, Application] = field(default_factory=dict)
    hsts: int = 0

    @property
    def version(self) -> tuple[int, ...]:
        """The numbers of the server's version."""
        return _versions.parse(self.server_version)


def read(text: str) -> Policy:
    """The policy of a file's text.

    :raises Broken: when it is not exactly a policy; has every fault.
    """
    try:
        value = json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=_json.whole,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except RecursionError:
        raise Broken(["it is nested too deeply"]) from None
    except _Twice as twice:
        raise Broken([f"it has {twice} twice in one place"]) from None
    except ValueError:  # its text may quote what stands there
        raise Broken(["it is not JSON, or not all of it is there"]) from None
    reader = _Reader()
    policy = reader.policy(value)
    if reader.faults:
        raise Broken(reader.faults)
    return policy


def written(policy: Policy) -> str:
    """The text of a policy's file: the same for the same policy."""
    certificate = policy.certificate
    value = {
        "format": FORMAT,
        "home": policy.home,
        "server_version": policy.server_version,
        "upstream": vars(policy.upstream),
        "listen": vars(policy.listen),
        "certificate": vars(certificate) if certificate else None,
        "hsts": policy.hsts,
        "proxies": _texts(policy.proxies),
        "panel": {"cidrs": _texts(policy.panel)},
        "applications": {
            name: _application(app) for name, app in sorted(policy.applications.items())
        },
    }
    return json.dumps(value, indent=2) + "\n"


def _application(app):
    publish, play = (
        {"kind": each.kind, "secrets": [vars(secret) for secret in each.secrets]}
        for each in (app.publish, app.play)
    )
    return {
        "publish": publish,
        "play": {**play, "rtmp": app.play.rtmp},
        "publishers": _texts(app.publishers),
        "rest": {"cidrs": _texts(app.rest)},
        "viewers_per_token": app.viewers_per_token,
    }


def _texts(networks):
    return None if networks is None else [str(network) for network in networks]


class _Twice(ValueError):
    """A key that stands twice in one object."""


def _once(pairs):
    found: dict = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(_json.words(key, 60))
        found[key] = value
    return found


def _no_number(text):
    raise ValueError("no whole number")


class _Reader:
    """Reads values and collects their faults; what is wrong comes out as anything at all."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def policy(self, value: Any) -> Any:
        """A whole policy."""
        keys = ("home", "server_version", "upstream", "listen", "certificate", "hsts", "proxies")
        found = self._object("policy", value, ("format", *keys, "panel", "applications"))
        if not found:
            return None
        self._check(
            _whole(found["format"]) and found["format"] == FORMAT,
            f"format: is not {FORMAT}, which is all that this program reads",
        )
        policy = Policy(
            self._path("home", found["home"]),
            self._version(found["server_version"]),
            self._upstream(found["upstream"]),
            self._listen(found["listen"]),
            self._certificate(found["certificate"]),
            self._networks("proxies", found["proxies"]),
            self._cidrs("panel", found["panel"]),
            self._applications(found["applications"]),
            self._seconds(found["hsts"]),
        )
        if not self.faults:
            self._ports(policy)
        return policy

    def _check(self, good, fault):
        if not good:
            self.faults.append(fault)
        return good

    def _object(self, where, value, keys):
        """An object of exactly some keys; empty if it is not one."""
        if not self._check(isinstance(value, dict), f"{where}: is not an object"):
            return {}
        missing = [key for key in keys if key not in value]
        unknown = [_json.words(key, 60) for key in value if key not in keys]
        self._check(not missing, f"{where}: has no {', '.join(missing)}")
        self._check(not unknown, f"{where}: has {', '.join(unknown)}, which is unknown")
        return {} if missing else {key: value[key] for key in keys}

    def _path(self, where, value):
        good = isinstance(value, str) and _PATH.fullmatch(value)
        self._check(good, f"{where}: is not an absolute path")
        return value

    def _version(self, value):
        try:
            _versions.parse(value if isinstance(value, str) else "")
        except ValueError:
            self._check(False, "server_version: is not a version")
        return value

    def _upstream(self, value):
        found = self._object("upstream", value, ("http", "rtmp"))
        return found and Upstream(**{key: self._port("upstream", found, key) for key in found})

    def _listen(self, value):
        keys = ("http", "https", "rtmp", "rtmps", "answers")
        found = self._object("listen", value, keys)
        return found and Listen(
            **{key: self._port("listen", found, key, key in ("https", "rtmps")) for key in keys}
        )

    def _port(self, where, found, key, may_miss=False):
        value = found[key]
        good = _whole(value) and 0 < value < 65536
        self._check(good or (may_miss and value is None), f"{where}.{key}: is not a port")
        return value

    def _ports(self, policy):
        ports = [*vars(policy.listen).values(), *vars(policy.upstream).values()]
        used = [port for port in ports if port is not None]
        self._check(
            len(used) == len(set(used)), "listen, upstream: one port is there more than once"
        )
        secure = policy.listen.https or policy.listen.rtmps
        self._check(policy.certificate or not secure, "certificate: https and rtmps need one")

    def _seconds(self, value):
        good = _whole(value) and 0 <= value <= MOST_SECONDS
        self._check(good, f"hsts: is not a number of seconds from 0 to {MOST_SECONDS}")
        return value

    def _certificate(self, value):
        if value is None:
            return None
        found = self._object("certificate", value, ("certificate", "key"))
        return found and Certificate(
            self._path("certificate.certificate", found["certificate"]),
            self._path("certificate.key", found["key"]),
        )

    def _cidrs(self, where, value):
        found = self._object(where, value, ("cidrs",))
        return self._networks(f"{where}.cidrs", found["cidrs"], True) if found else None

    def _networks(self, where, value, may_miss=False):
        if value is None and may_miss:
            return None
        if not self._check(isinstance(value, list), f"{where}: is not a list"):
            return ()
        return tuple(self._network(where, entry) for entry in value)

    def _network(self, where, entry):
        shown = _json.words(entry, 60)
        try:
            network = ipaddress.ip_network(entry if isinstance(entry, str) else "")
        except ValueError:
            self._check(False, f"{where}: {shown} is neither an address nor a block")
            return None
        one_form = entry in (str(network), str(network.network_address))
        self._check(one_form, f"{where}: {shown} is to be written {network}")
        mapped = network.version == 6 and network.network_address.ipv4_mapped
        self._check(not mapped, f"{where}: {shown} is IPv4 in the form of IPv6")
        return network

    def _applications(self, value):
        if not self._check(isinstance(value, dict), "applications: is not an object"):
            return {}
        for name in value:
            good = _APPLICATION.fullmatch(name) and name not in NOT_APPLICATIONS
            self._check(good, f"applications: {_json.words(name, 60)} is not an application's name")
        return {
            name: self._application(f"applications.{_json.words(name, 60)}", app)
            for name, app in value.items()
        }

    def _application(self, where, value):
        keys = ("publish", "play", "publishers", "rest", "viewers_per_token")
        found = self._object(where, value, keys)
        if not found:
            return None
        viewers = found["viewers_per_token"]
        self._check(
            _whole(viewers) and 0 <= viewers <= MOST_VIEWERS,
            f"{where}.viewers_per_token: is not a number from 0 to {MOST_VIEWERS}",
        )
        return Application(
            self._direction(f"{where}.publish", found["publish"], ("kind", "secrets")),
            self._direction(f"{where}.play", found["play"], ("kind", "secrets", "rtmp")),
            self._networks(f"{where}.publishers", found["publishers"], True),
            self._cidrs(f"{where}.rest", found["rest"]),
            viewers,
        )

    def _direction(self, where, value, keys):
        found = self._object(where, value, keys)
        if not found:
            return None
        self._check(found["kind"] in KINDS, f"{where}.kind: is neither {NONE} nor {JWT}")
        rtmp = found["rtmp"] if "rtmp" in keys else REFUSED
        self._check(rtmp in RTMP_PLAY, f"{where}.rtmp: is neither {REFUSED} nor {ASKED}")
        secrets = found["secrets"]
        if not self._check(isinstance(secrets, list), f"{where}.secrets: is not a list"):
            secrets = []
        return Direction(
            found["kind"],
            tuple(self._secret(f"{where}.secrets", secret) for secret in secrets),
            rtmp,
        )

    def _secret(self, where, value):
        found = self._object(where, value, ("secret", "until"))
        if not found:
            return None
        text, until = found["secret"], found["until"]
        self._check(isinstance(text, str) and _encodes(text), f"{where}: a secret is not a text")
        self._check(
            until is None or (_whole(until) and until >= 0),
            f"{where}: until is not a Unix second",
        )
        return Secret(text, until)


def _whole(value):
    """Whether a value is a whole number, which true and false are to Python."""
    return isinstance(value, int) and not isinstance(value, bool)


def _encodes(text):
    """Whether a text has bytes at all: half a surrogate has none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
