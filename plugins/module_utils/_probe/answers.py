# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an answer of the server means: it let somebody in, it refused, or neither is clear.

A refusal counts only with the words of the very control that was asked. A server that starts, an
application that is broken and a filter that stands before the one in question all say 403 too.

Each function reads what one of :mod:`_ways` returned, and returns a pair of ``let in``, ``refused``
or ``unclear``, and the server's words.

PRIVATE to the collection.
"""

from __future__ import annotations

import html
import re
import time
from typing import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    UNCLEAR,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    certificate as _certificate,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server.http import Answer

# Of a gate in front of the server, which says no more to whom it refuses.
GATE_WORDS = "Refused by the gate"
SERVERS_ADDRESS_WORDS = re.compile("Not allowed IP")
ADDRESS_WORDS = re.compile(f"{SERVERS_ADDRESS_WORDS.pattern}|{GATE_WORDS}")
TOKEN_WORDS = re.compile("Invalid (App )?JWT Token")
ADDRESS_OR_TOKEN_WORDS = re.compile(f"{ADDRESS_WORDS.pattern}|{TOKEN_WORDS.pattern}")
MANAGEMENT_WORDS = re.compile("Not authenticated user|Invalid Server JWT Token")
STREAM_WORDS = re.compile(
    "Invalid JWT Token|Invalid Token for streamId|Invalid Hash|Time Based subscriber"
    f"|Cannot specified the stream id|Subscriber is blocked|{GATE_WORDS}"
)

# How the server's own pages of errors begin, whatever they say.
_PAGE = re.compile("<title>HTTP Status ")
_MESSAGE = re.compile(rf"<b>Message</b>\s*([^<]*)|\A({GATE_WORDS}|The gate is closed)")
MOST_WORDS = 120
BY_FRONT = "by the front itself"


def words(answer: Answer) -> str:
    """What the server said, in a line."""
    if not answer.status:
        return answer.error or "no answer"
    found = _MESSAGE.search(answer.text())
    text = html.unescape(found.group(1) or found.group(2) or "").strip() if found else ""
    return f"HTTP {answer.status} {text[:MOST_WORDS]}".strip()


def _api(
    answer: Answer, refusal: re.Pattern[str], key: str | None = "versionName"
) -> tuple[str, str]:
    """Of an API: JSON with a key lets in, 403 with certain words refuses."""
    said = words(answer)
    content = answer.json() if answer.status == 200 else None
    if isinstance(content, dict) and (key is None or key in content):
        return LET_IN, said
    return (REFUSED if answer.status == 403 and refusal.search(said) else UNCLEAR), said


def panel(answer: Answer) -> tuple[str, str]:
    """Of the web panel."""
    return _api(answer, ADDRESS_WORDS, key=None)


def management(answer: Answer) -> tuple[str, str]:
    """Of the management API."""
    return _api(answer, MANAGEMENT_WORDS)


def rest_address(answer: Answer) -> tuple[str, str]:
    """Of an application's REST API, asked by address."""
    return _api(answer, ADDRESS_WORDS)


def rest_token(answer: Answer) -> tuple[str, str]:
    """Of an application's REST API, asked by token."""
    came, said = _api(answer, TOKEN_WORDS)
    # The token is judged before the address, so who hears of the address got past the token; but a
    # gate judges the address, and before the server does.
    past = answer.status == 403 and SERVERS_ADDRESS_WORDS.search(said)
    return (LET_IN if past else came), said


def cluster(answer: Answer) -> tuple[str, str]:
    """Of an application's REST API, asked as a node of a cluster."""
    return _api(answer, ADDRESS_OR_TOKEN_WORDS)


def front_panel(answer: Answer) -> tuple[str, str]:
    """Of the web panel behind a front."""
    return _closed(answer, *panel(answer))


def front_rest(answer: Answer) -> tuple[str, str]:
    """Of an application's REST API behind a front, asked by address."""
    return _closed(answer, *rest_address(answer))


def _closed(answer, came, said):
    """A front that leads nowhere with a request refuses as well, in words of its own."""
    by_server = _PAGE.search(answer.text()) or answer.json() is not None
    if came == UNCLEAR and answer.status in (401, 403, 404, 405) and not by_server:
        return REFUSED, f"{said}, {BY_FRONT}"
    return came, said


def certificate(answer: _certificate.Certificate) -> tuple[str, str]:
    """Of a certificate: whoever checks it is let in, or goes no further."""
    return (REFUSED if answer.faults else LET_IN), answer.words(time.time())


def port(answer: bool) -> tuple[str, str]:
    """Of a port."""
    return (LET_IN, "it takes connections") if answer else (REFUSED, "no connection")


def player(answer: Answer) -> tuple[str, str]:
    """Of a file that players load."""
    said = words(answer)
    if answer.status == 200 and not answer.body:  # how 2.6.2 withholds what is no stream's
        return REFUSED, f"{said}, and nothing in it"
    if answer.status in (200, 206, 302, 404):
        return LET_IN, said
    refused = answer.status in (401, 403) and STREAM_WORDS.search(said)
    return (REFUSED if refused else UNCLEAR), said


def upload(answer: Answer) -> tuple[str, str]:
    """Of where files are put, asked for one that is not there: by address only.

    The server says 500 without a word where the address is refused in the middle of a transfer, and
    with a word where the file has no place to go to.
    """
    said = words(answer)
    if answer.status in (200, 404, 405) or (answer.status == 500 and answer.body):
        return LET_IN, said
    refused = answer.status == 500 or (answer.status == 403 and ADDRESS_WORDS.search(said))
    return (REFUSED if refused else UNCLEAR), said


def entered(said: str) -> tuple[str, str]:
    """Of an application that one enters: whoever is answered at all is in."""
    return LET_IN, said


def publisher(answer: tuple[str, str]) -> tuple[str, str]:
    """Of a publisher: a verdict and words of :meth:`_rtmp.Session.may_publish`."""
    verdict, said = answer
    return {"accepted": LET_IN, "refused": REFUSED}.get(verdict, UNCLEAR), said


def rtmp_player(answer: tuple[str, str]) -> tuple[str, str]:
    """Of a player over RTMP: a verdict and words of :meth:`_rtmp.Session.may_play`."""
    return publisher(answer)


def known_publisher(answer: tuple[str, str]) -> tuple[str, str]:
    """Of a publisher, where only registered streams are let in."""
    verdict, said = answer
    # Hanging up is how the server refuses a stream that is not registered, and nothing else.
    return publisher(("refused" if verdict == "closed" else verdict, said))


def viewer(message: Mapping) -> tuple[str, str]:
    """Of a WebRTC viewer: the first message the server sends back."""
    definition = str(message.get("definition") or "")
    said = f"{message.get('command')} {definition}".strip()[:MOST_WORDS]
    if definition == "unauthorized_access" or definition.startswith(GATE_WORDS):
        return REFUSED, said
    if definition == "no_stream_exist" or message.get("command") in ("start", "takeConfiguration"):
        return LET_IN, said
    return UNCLEAR, said
