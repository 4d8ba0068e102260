# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server's management REST API, asked from the host itself.

Access is by a management JWT made from the host's own settings, or by an admin account. Neither
is ever part of an error.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any, Callable, Mapping
from urllib.parse import quote

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    hs256 as _hs256,
    http as _http,
    listener as _listener,
)

TOKEN_SECONDS = 60


class RestError(RuntimeError):
    """The server answered something else than was asked for; ``status`` is that of HTTP."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


def way_in(dashboard: str) -> tuple[str, str | None] | None:
    """How a request from this host gets past a dashboard list.

    :arg dashboard: the list's text.
    :returns: a pair of the source address and of an address to name in X-Forwarded-For, which the
        server believes of a loopback peer, None where it is not needed. None where the list lets
        nobody in.
    """
    if _cidr.contains(dashboard, _cidr.LOOPBACK):
        return _cidr.LOOPBACK, None
    for network in _cidr.networks_of(dashboard):
        if network.version == 4 and network.network_address.is_loopback:
            return str(network.network_address), None
    for network in _cidr.networks_of(dashboard):
        first = network.network_address
        return _cidr.LOOPBACK, str(first + 1 if network.num_addresses > 1 else first)
    return None


def management_secret(installation: Installation) -> str:
    """The secret with which this host's management API can be asked; empty when it cannot."""
    if installation.version < _versions.MANAGEMENT_JWT or installation.effective(
        "", "server.jwksURL"
    ):
        return ""
    if not _catalogue.on(installation.effective("", "server.jwtServerControlEnabled")):
        return ""
    return installation.effective("", "server.jwtServerSecretKey") or ""


class Management:
    """The management REST API. Nobody but the server of the installation's home is asked.

    :arg installation: as the running server read it.
    :kwarg admin: a mapping with ``email`` and ``password``, for servers without management JWT.
    :kwarg timeout: seconds a request may take.
    :kwarg greet: called once, as soon as the server is seen to be alive.
    """

    def __init__(
        self,
        installation: Installation,
        admin: Mapping[str, str] | None = None,
        timeout: float = 20.0,
        greet: Callable[[], object] | None = None,
    ) -> None:
        self.version = installation.version
        self.port = installation.number("http.port", 5080)
        self.host = installation.host("http.host")
        way = way_in(installation.effective("", "server.allowed_dashboard_CIDR") or "")
        self.shut = way is None
        self.source = way[0] if way else None
        self.forwarded = way[1] if way else None
        self.secret = management_secret(installation)
        self.admin = admin
        self.timeout = timeout
        self.greet = greet
        self.peer = _listener.of(installation.home)
        # Why nothing was sent the last time, where somebody else than the server has its port.
        self.foreign = ""
        # Why the admin account is of no use. The third wrong log-in blocks its owner for minutes.
        self.refused: str | None = None
        self._cookie: str | None = None

    @property
    def accessible(self) -> bool:
        """Whether somebody is let in, and there is anything to authenticate with."""
        return not self.shut and bool(self.secret or (self.admin and not self.refused))

    def _request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> _http.Answer:
        headers = dict(headers or {})
        if self.forwarded:
            headers["X-Forwarded-For"] = self.forwarded
        answer = _http.request(
            self.port,
            method,
            "/rest/v2/" + path,
            host=self.host,
            source=self.source,
            headers=headers,
            body=body,
            timeout=timeout or self.timeout,
            peer=self.peer,
        )
        self.foreign = answer.error if answer.foreign else ""
        return answer

    def alive(self) -> bool:
        """Whether the management application answers; needs no authentication.

        Where nobody is let in, it is the refusal: then the log has to tell the rest.
        """
        path = "liveness" if self.version >= _versions.LIVENESS else "first-login-status"
        status = self._request("GET", path, timeout=5.0).status
        if status == 200 and self.greet:
            greet, self.greet = self.greet, None
            greet()
        return status == 200 or (self.shut and status == 403)

    def unclaimed(self) -> bool | None:
        """Whether nobody is the first admin yet; None when the server does not say."""
        answer = self._request("GET", "first-login-status").json()
        said = answer.get("success") if isinstance(answer, dict) else None
        return said if isinstance(said, bool) else None

    def claim(self) -> None:
        """Make the admin account the first one; needs no authentication while there is none.

        :raises RestError: when the server did not take it.
        """
        user = dict(self._user(), scope="system", userType="ADMIN")
        answer = self._request("POST", "users/initial", user)
        if not _succeeded(answer.json()):
            text = f"the first admin account could not be created ({_said(answer)})"
            self.refused = None if answer.foreign else text
            raise RestError(text)
        self.refused = None

    def _user(self) -> dict[str, str]:
        if not self.admin:
            raise RestError("there is neither a management JWT nor an admin account to ask with")
        # The server stores and compares the MD5 of a password; old versions take nothing else.
        digest = hashlib.md5(self.admin["password"].encode("utf-8")).hexdigest()
        return {"email": self.admin["email"], "password": digest}

    def _credentials(self) -> dict[str, str]:
        if self.secret:
            expiry = int(time.time()) + TOKEN_SECONDS
            return {"ProxyAuthorization": _hs256.sign({"exp": expiry}, self.secret)}
        if self._cookie is None:
            self._cookie = self._log_in()
        return {"Cookie": self._cookie}

    def _log_in(self) -> str:
        user = self._user()
        if self.refused:
            raise RestError(self.refused)
        if self.unclaimed():
            raise RestError("this server has no admin yet")
        answer = self._request("POST", "users/authenticate", user)
        content = answer.json()
        if not _succeeded(content):
            text = f"the admin account was refused ({_said(answer)})"
            if isinstance(content, dict):
                self.refused = text
            raise RestError(text)
        return answer.headers.get("set-cookie", "").partition(";")[0]

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._request(method, path, body, self._credentials())
        if answer.status != 200:
            raise RestError(f"{method} {path}: {_said(answer)}", answer.status)
        return answer.json()

    def applications(self) -> list[str]:
        """Names of the running applications, without the panel."""
        content = self._ask("GET", "applications")
        names = content.get("applications") if isinstance(content, dict) else None
        names = names if isinstance(names, list) else []
        return [name for name in names if isinstance(name, str)]

    def server_settings(self) -> dict[str, Any]:
        """The settings the server itself holds, by field."""
        content = self._ask("GET", "server-settings")
        return content if isinstance(content, dict) else {}

    def settings(self, app: str) -> dict[str, Any]:
        """The settings a running application holds, by field.

        :raises RestError: when the application holds none, because it is not started.
        """
        content = self._ask("GET", "applications/settings/" + quote(app, safe=""))
        if not isinstance(content, dict):
            raise RestError(f"application {app} has not started")
        return content

    def post_settings(self, app: str, settings: Mapping[str, Any]) -> None:
        """Give a running application its settings, all of them.

        :raises RestError: when the server did not take them.
        """
        path = "applications/settings/" + quote(app, safe="")
        content = self._ask("POST", path, settings)
        if not _succeeded(content):
            message = content.get("message") if isinstance(content, dict) else None
            reason = str(message or "no reason given")
            for setting in _catalogue.of_file(_catalogue.APP):
                secret = settings.get(setting.field) if setting.secret else None
                reason = reason.replace(str(secret), "(secret)") if secret else reason
            raise RestError(f"application {app}: the server refused: {_json.words(reason)}")


def _succeeded(content: object) -> bool:
    return isinstance(content, dict) and content.get("success") is True


def _said(answer: _http.Answer) -> str:
    return answer.error or f"HTTP {answer.status}"
