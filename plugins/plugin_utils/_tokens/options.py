# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where what a task needs comes from: its own option, else the variable ``antmedia_<option>``.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import gate as _gate
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import source as _source
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    host as _host,
    lifetime as _lifetime,
    totp as _totp,
    urls as _urls,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.endpoint import Endpoint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order

if TYPE_CHECKING:  # only who has a store pays for what it needs
    from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Context

_OF_ORDER = ("realm", "kind", "app", "stream", "type", "lifetime", "room", "subscriber", "claims")
_OF_SECRETS = ("secrets", "secret_store", "fleet")


class Edge(Protocol):
    """All that belongs to Ansible."""

    host: str
    check_mode: bool

    @property
    def vault(self) -> Any: ...

    def store_context(self) -> Context: ...

    def variable(self, name: str) -> Any: ...

    def path(self, path: str) -> str: ...

    def on_host(self, module: str, arguments: dict) -> dict: ...

    def warn(self, text: str) -> None: ...

    def say(self, text: str) -> None: ...

    def tell(self, text: str) -> None:
        """What only a verbose run shows."""


class Options:
    """The options of one task for one host.

    :arg args: the module's options, plain values. An option that the module does not have is
        missing here.
    :kwarg now: Unix seconds, for a test.
    """

    def __init__(self, args: Mapping[str, Any], edge: Edge, now: float | None = None) -> None:
        self.args, self.edge = args, edge
        self.now = int(time.time() if now is None else now)
        self.version = _host.parse_version(args["version"]) if args["version"] else ()
        self._secrets: dict[tuple[str, str], tuple[str, str]] = {}
        self._files: dict[str, bytes] = {}
        self._endpoint: Endpoint | None = None
        self.source = _source.Source(
            {_options.variable(name): self.given(name) for name in _OF_SECRETS},
            context=edge.store_context,
        )

    def given(self, name: str, default: Any = None) -> Any:
        """An option, else the variable of the same name with the collection's prefix."""
        value = self.args.get(name)
        if value is None:
            value = self.edge.variable(_options.variable(name))
        return default if value is None else value

    def faults(self) -> list[str]:
        """What is wrong with options whatever token is meant."""
        found = _options.out_of_bounds({"totp_period": self.args["totp_period"]})
        if self.args.get("vod_file"):
            found += _urls.file_faults(self.args["vod_file"])
        if self.args.get("quality"):
            found += _urls.quality_faults(self.args["quality"])
        return found

    def cap(self) -> int | None:
        """The longest lifetime in seconds, or ``None``."""
        text = self.args["max_lifetime"] or self.edge.variable("antmedia_token_max_lifetime")
        if text is None:
            return None
        try:
            return _lifetime.duration(text)
        except _lifetime.LifetimeError as error:
            raise Faults([f"max_lifetime: {error}"]) from None

    def order(self) -> Order:
        """The order that the options are."""
        fields = {name: self.args[name] for name in _OF_ORDER if self.args.get(name) is not None}
        return Order(**fields, time_claims=tuple(self.args.get("time_claims", ())))

    # -- secrets ----------------------------------------------------------------------------------

    def secret(self, order: Order) -> tuple[str | bytes, str]:
        """The secret for an order, and where it came from."""
        own = self.args.get("subscriber_secret")
        if own and _words.KINDS[order.kind].subscriber:
            return _totp.subscriber_key(own), "subscriber_secret"
        key = (order.secret_word, order.app)
        if key not in self._secrets:
            self._secrets[key] = self._find_secret(*key)
        return self._secrets[key]

    def _find_secret(self, word, app):
        in_use = False
        if self.args["secret"] is not None:
            secret, origin = self.args["secret"], "the option secret"
        elif "secret" in self.args["read_host"]:
            origin = _host.secret_file(app) + " on the host"
            secret = self.host_secret(word, app)
            in_use = word in ("rest", "management")
        else:
            secret, origin = self.source.need(word, app, self.args["secret_version"])
        faults = " and ".join(_secret.faults(secret))
        if faults and in_use:
            # The server works with it, and a support engineer needs the token now.
            self.edge.warn(f"{origin}: the {word} secret {faults}; rotate it")
        elif faults:
            raise Faults([f"{origin}: the {word} secret {faults}"])
        return secret, origin

    def host_secret(self, word: str, app: str) -> str:
        """The secret that the host's own settings hold."""
        path = _host.secret_file(app)
        secret = _host.secret(self._host_file(path, app), word, app, self.version)
        if not secret:
            raise Faults([f"read_host: {path} on the host holds no {word} secret"])
        return secret

    def _host_file(self, path, app=""):
        if path not in self._files:
            full = os.path.join(str(self.given("home", _options.DEFAULT_HOME)), path)
            answer = self.edge.on_host("ansible.builtin.slurp", {"src": full})
            if answer.get("failed") or "content" not in answer:
                hint = f"is there an app {app}?" if app else "is antmedia_home right?"
                raise Faults([f"read_host: {full} cannot be read on the host; {hint}"])
            self._files[path] = base64.b64decode(answer["content"])
        return self._files[path]

    # -- where the server is ----------------------------------------------------------------------

    def endpoint(self) -> Endpoint:
        """How players and encoders reach the server."""
        if self._endpoint is None:
            values = {**self._endpoint_of_host(), **self._endpoint_of_gate()}
            for part in (self.edge.variable("antmedia_endpoint"), self.args["endpoint"]):
                if part is not None and not isinstance(part, dict):
                    raise Faults(["endpoint: must be a mapping"])
                # An empty text is what a template makes of a variable that is not given.
                values.update(
                    (key, value) for key, value in (part or {}).items() if value not in (None, "")
                )
            if not values.get("host"):
                values["host"] = str(self.edge.variable("ansible_host") or self.edge.host)
                if is_loopback(values["host"]):
                    self.edge.warn("endpoint.host is not given: the strings are for this machine")
            values.setdefault("tls", not is_loopback(str(values["host"])))
            self._endpoint = Endpoint.of(values)
        return self._endpoint

    def _endpoint_of_host(self):
        if "endpoint" not in self.args["read_host"]:
            return {}
        return _host.endpoint(
            self._host_file(_host.SERVER_FILE), self._host_file(_host.CONTAINER_FILE)
        )

    def _endpoint_of_gate(self):
        """Where a gate is in front of the server, its ports are those that people use."""
        if not _catalogue.on(str(self.edge.variable("antmedia_gate"))):
            return {}
        ports, tls = (
            self.edge.variable(name) or {} for name in ("antmedia_gate_ports", "antmedia_gate_tls")
        )
        for name, part in (("antmedia_gate_ports", ports), ("antmedia_gate_tls", tls)):
            if not isinstance(part, dict):
                raise Faults([f"{name}: must be a mapping"])
        secure = bool(tls.get("certificate"))
        found = {f"{name}_port": ports.get(name) or port for name, port in _gate.PORTS.items()}
        return {**found, "tls": secure, "rtmps": secure}


def is_loopback(host: str) -> bool:
    """Whether a host name or address means the machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
