# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an answer of the server means: it let somebody in, it refused, or neither is clear.

A refusal counts only with the words of the very control that was asked. A server that starts, an
application that is broken and a filter that stands before the one in question all say 403 too.

PRIVATE to the collection.
"""

from __future__ import annotations

import html
import re

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    controls as _controls,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    LET_IN,
    REFUSED,
)

UNCLEAR = "unclear"

ADDRESS_WORDS = "Not allowed IP"
TOKEN_WORDS = re.compile(r"Invalid (App )?JWT Token")
MANAGEMENT_WORDS = re.compile(r"Not authenticated user|Invalid Server JWT Token")
STREAM_WORDS = re.compile(
    r"Invalid JWT Token|Invalid Token for streamId|Invalid Hash|Time Based subscriber"
    r"|Cannot specified the stream id|Subscriber is blocked"
)

_MESSAGE = re.compile(r"<b>Message</b>\s*([^<]*)")
MOST_WORDS = 120


def words(answer):
    """What the server said, in a line.

    :arg answer: an :class:`_http.Answer`.
    """
    if not answer.status:
        return answer.error or "no answer"
    found = _MESSAGE.search(answer.text())
    text = html.unescape(found.group(1)).strip() if found else ""
    return "HTTP {0} {1}".format(answer.status, text[:MOST_WORDS]).strip()


def _json(answer, key=None):
    content = answer.json() if answer.status == 200 else None
    return isinstance(content, dict) and (key is None or key in content)


def _panel(answer, said):
    if _json(answer):
        return LET_IN
    return REFUSED if answer.status == 403 and ADDRESS_WORDS in said else UNCLEAR


def _management(answer, said):
    if _json(answer, "versionName"):
        return LET_IN
    return REFUSED if answer.status == 403 and MANAGEMENT_WORDS.search(said) else UNCLEAR


def _rest_address(answer, said):
    if _json(answer, "versionName"):
        return LET_IN
    return REFUSED if answer.status == 403 and ADDRESS_WORDS in said else UNCLEAR


def _rest_token(answer, said):
    if _json(answer, "versionName"):
        return LET_IN
    if answer.status != 403:
        return UNCLEAR
    # The token is judged before the address, so who hears of the address got past the token.
    if ADDRESS_WORDS in said:
        return LET_IN
    return REFUSED if TOKEN_WORDS.search(said) else UNCLEAR


def _cluster(answer, said):
    if _json(answer, "versionName"):
        return LET_IN
    refused = ADDRESS_WORDS in said or TOKEN_WORDS.search(said)
    return REFUSED if answer.status == 403 and refused else UNCLEAR


def _hls(answer, said):
    if answer.status in (200, 206, 302, 404):
        return LET_IN
    if answer.status in (401, 403) and STREAM_WORDS.search(said):
        return REFUSED
    return UNCLEAR


_HTTP = {
    _controls.PANEL: _panel,
    _controls.MANAGEMENT: _management,
    _controls.REST_ADDRESS: _rest_address,
    _controls.REST_TOKEN: _rest_token,
    _controls.CLUSTER: _cluster,
    _controls.HLS: _hls,
}


def http(surface, answer):
    """Read an HTTP answer: a pair of ``let in``, ``refused`` or ``unclear``, and the words."""
    said = words(answer)
    return _HTTP[surface](answer, said), said


def rtmp(surface, verdict, said):
    """Read a verdict of :meth:`_probe_rtmp.Session.may_publish`; a pair as of :func:`http`."""
    if verdict == "accepted":
        return LET_IN, said
    if verdict == "refused":
        return REFUSED, said
    # Hanging up is how the server refuses a stream that is not registered, and nothing else.
    if verdict == "closed" and surface == _controls.RTMP_KNOWN:
        return REFUSED, said
    return UNCLEAR, said


def webrtc(message):
    """Read what the server sends back to a WebRTC viewer; a pair as of :func:`http`."""
    definition = str(message.get("definition") or "")
    said = "{0} {1}".format(message.get("command"), definition).strip()
    if definition == "unauthorized_access":
        return REFUSED, said
    if definition == "no_stream_exist" or message.get("command") in ("start", "takeConfiguration"):
        return LET_IN, said
    return UNCLEAR, said
