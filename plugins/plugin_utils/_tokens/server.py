# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tokens that the server makes: what to ask it and how to read its answers.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import re
from http.client import HTTPException
from urllib.error import HTTPError

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import kinds as _kinds
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import (
    Minted,
    Order,
    TokenError,
)

# How long the REST token lives that the question itself needs; a host's clock may be ahead.
ASKING = "2m"
TIMEOUT = 20

# A token has some hundreds; whoever sends more is not the server.
MOST_BYTES = 1_000_000
_TOKEN = re.compile(r"[A-Za-z0-9_.-]{1,8192}\Z")
_MESSAGE = re.compile(r"<b>Message</b>\s*(.*?)</p>", re.DOTALL)

# (status, part of the answer, what it means)
_MEANINGS = (
    (
        400,
        "community edition",
        "the server makes no JWT of streams: it is the Community edition, or the app's stream"
        " secret is missing or shorter than 32 characters",
    ),
    (
        400,
        "mock token",
        "the server makes no one-time tokens: it is the Community edition, or they are off",
    ),
    (400, "Invalid token type", "the server takes publish and play only"),
    (403, "Not allowed IP", "the app's REST API does not let this address in (rest_cidrs)"),
    (
        403,
        "JWT Token",
        "the app's REST API refuses the question's token: is the"
        " rest secret the one it holds, and do the clocks agree?",
    ),
    (403, "getting initialized", "the app is still starting"),
    (404, "", "there is no such app on this server, or it is too old for this"),
    (500, "", "the app is broken: the server's log says why"),
)


def question(order: Order, expires: int | None) -> str:
    """What to ask the server: path and query below ``/APP``.

    :arg order: a stream order of a kind that the server makes.
    :arg expires: Unix seconds, for an order that says how long the token works.
    """
    return _kinds.of(order.kind).question(order, expires)


def answer(order: Order, expires: int | None, status: int | None, body: str) -> Minted:
    """The token in an answer.

    :arg status: HTTP status, ``None`` or below zero if there was no answer.
    :arg body: the answer's text.
    :raises TokenError: with what a refusal means; it never holds a token.
    """
    if status == 200:
        value = _value(order, body)
        if value:
            return Minted(order, value, expires)
        raise TokenError(["source: the server's answer holds no token"])
    if not status or status < 0:
        raise TokenError([f"source: no answer from the server: {body}"])
    said = _said(body)
    for code, part, meaning in _MEANINGS:
        if status == code and part in said:
            raise TokenError([f"source: HTTP {status}: {meaning}"])
    raise TokenError([f"source: HTTP {status}: {said or 'no reason given'}"])


def fetch(url: str, headers: dict, validate_certs: bool = True) -> tuple[int | None, str]:
    """Ask from the controller.

    :returns: a tuple of the HTTP status, ``None`` without an answer, and the answer or the reason.
    """
    from ansible.module_utils.urls import open_url

    try:
        answer = open_url(
            url, headers=headers, timeout=TIMEOUT, validate_certs=validate_certs, use_proxy=False
        )
        return answer.status, answer.read(MOST_BYTES).decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, error.read(MOST_BYTES).decode("utf-8", "replace")
    except (HTTPException, OSError, ValueError) as error:
        return None, str(getattr(error, "reason", error))


def _value(order, body):
    try:
        data = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(data, dict):
        return ""
    value = data.get(_kinds.of(order.kind).answer)
    # What is pasted into a shell or a URL had better be a token.
    return value if isinstance(value, str) and _TOKEN.match(value) else ""


def _said(body):
    """The reason in an answer: the message of JSON or of Tomcat's error page."""
    try:
        data = json.loads(body)
    except ValueError:
        match = _MESSAGE.search(body or "")
        return match.group(1).strip() if match else ""
    return str(data.get("message", "")) if isinstance(data, dict) else ""
