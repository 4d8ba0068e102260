# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An application's REST API: asking it as its file lets in, and whether it came up open.

PRIVATE to the collection.
"""

from __future__ import annotations

import time

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    hs256 as _hs256,
    http as _http,
    listener as _listener,
    management as _management,
)

TOKEN_SECONDS = 60


def ask(
    installation: Installation, app: str, token: bool = True, path: str = "rest/v2/version"
) -> _http.Answer:
    """Ask an application's REST API from this host, in a way its file lets in.

    Nobody but the server of the installation's home is asked.

    :kwarg token: whether to send a token where the file asks for one.
    """
    headers = {}
    source, forwarded = _way_in(installation, app) or (None, None)
    if forwarded:
        headers["X-Forwarded-For"] = forwarded
    secret = _secret(installation, app)
    if token and secret:
        claims = {"exp": int(time.time()) + TOKEN_SECONDS}
        headers["Authorization"] = _hs256.sign(claims, secret)
    port = installation.number("http.port", 5080)
    return _http.request(
        port,
        "GET",
        f"/{app}/{path}",
        host=installation.host("http.host"),
        source=source,
        headers=headers,
        peer=_listener.of(installation.home),
    )


def _way_in(installation: Installation, app: str) -> tuple[str, str | None] | None:
    name = "remoteAllowedCIDR" if app else "server.allowed_dashboard_CIDR"
    return _management.way_in(installation.effective(app, name) or "")


def shut(installation: Installation) -> list[str]:
    """Applications that cannot be asked since they let nobody in; an empty name is the panel."""
    return [app for app in ("", *installation.apps) if _way_in(installation, app) is None]


def asks_for_token(installation: Installation, app: str) -> bool:
    """Whether an application's file asks for REST tokens that can be made from its secret."""
    return bool(_secret(installation, app))


def signed_elsewhere(installation: Installation, app: str) -> bool:
    """Whether an application's file asks for REST tokens that cannot be made from its secret."""
    return _wants_token(installation, app) and not asks_for_token(installation, app)


def _wants_token(installation: Installation, app: str) -> bool:
    return _catalogue.on(installation.effective(app, "jwtControlEnabled"))


def _secret(installation: Installation, app: str) -> str:
    """The secret of the REST tokens that an application's file asks for, empty if of none."""
    if not _wants_token(installation, app) or installation.effective(app, "jwksURL"):
        return ""
    return installation.effective(app, "jwtSecretKey") or ""


def open_apps(installation: Installation) -> list[str]:
    """Applications that answer without the token their file asks for."""
    return [
        app
        for app in installation.apps
        if asks_for_token(installation, app) and ask(installation, app, token=False).status == 200
    ]
