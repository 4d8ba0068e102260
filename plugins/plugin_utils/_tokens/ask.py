# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Asking the server for a token, from its own host or from here.

PRIVATE to the collection.
"""

from __future__ import annotations

import time

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    kinds as _kinds,
    mint as _mint,
    server as _server,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.options import Options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Minted,
    Order,
    TokenError,
)


def ask(options: Options, mint: _mint.Mint, order: Order) -> Minted:
    """The token that the server makes for an order, without its text where it must not be asked.

    :raises TokenError: with what a refusal means.
    """
    expires = _kinds.of(order.kind).expiry(mint, order)
    if expires is None:
        raise TokenError(["lifetime: the server makes no token without an end"])
    if leaves_alone(options, order):
        return Minted(order, "", expires)
    url = f"{_server_url(options)}/{order.app}{_server.question(order, expires)}"
    headers = {}
    rest = options.source.find("rest", order.app).current
    if rest:
        asking = Order(realm="rest", app=order.app, lifetime=_server.ASKING)
        headers["Authorization"] = _mint.Mint(time.time()).mint(asking, rest).value
    if options.args["ask_from"] == "host":
        return _server.answer(order, expires, *_from_host(options, url, headers))
    status, body = _server.fetch(url, headers, options.args["validate_certs"])
    return _server.answer(order, expires, status, body)


def leaves_alone(options: Options, order: Order) -> bool:
    """Whether check mode forbids to ask, since the server would keep what it makes."""
    return options.edge.check_mode and _kinds.of(order.kind).kept


def _server_url(options):
    if options.args["server_url"]:
        return options.args["server_url"].rstrip("/")
    if options.args["ask_from"] == "controller":
        return options.endpoint().http
    return f"http://127.0.0.1:{options.endpoint().http_port}"


def _from_host(options, url, headers):
    answer = options.edge.on_host(
        "ansible.builtin.uri",
        {
            "url": url,
            "headers": headers,
            "return_content": True,
            "validate_certs": options.args["validate_certs"],
            "timeout": _server.TIMEOUT,
            "use_proxy": False,
        },
    )
    status = answer.get("status") or 0
    if status <= 0:
        return None, str(answer.get("msg", "no reason given"))
    return status, str(answer.get("content") or "")
