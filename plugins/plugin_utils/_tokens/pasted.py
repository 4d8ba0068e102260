# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A token out of what people paste: a URL, a stream id of SRT, a header, or the token alone.

Pure.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote

# Nobody has a longer token; the rest of a longer text is not looked at.
MOST = 100_000

_CARRIERS = (
    re.compile(r"(?:^|[?&,])token=([^&,\s\"']+)"),
    re.compile(r"(?:^|[?&,])subscriberCode=([^&,\s\"']+)"),
)
_HEADER = re.compile(r"(?i)(?:proxy)?authorization:\s*(.+)")
_BEARER = re.compile(r"(?i)bearer +")
_ADDRESS = re.compile(r"[a-z0-9+.-]{1,20}://[^/?#\s]*(/[^?#\s]*)", re.I)
_PARAMETER = re.compile(r"[?&,]([A-Za-z_]{1,40})=([^&,\s\"']{1,100})")


class Pasted(NamedTuple):
    """token: the token alone. header: whether it stood in one. bearer: whether Bearer stood before
    it. blanks: whether there were any around it. path: of the URL that it stood in, empty if it was
    none. parameters: what else stood in the URL, by name.
    """

    token: str
    header: bool = False
    bearer: bool = False
    blanks: bool = False
    path: str = ""
    parameters: Mapping[str, str] = MappingProxyType({})


def unwrap(text: str) -> Pasted:
    """Take a token out of what was pasted."""
    whole = text[:MOST].strip()
    inner, carried = whole, False
    for carrier in _CARRIERS:
        found = carrier.search(whole)
        if found:
            inner, carried = unquote(found.group(1)), True
            break
    header = _HEADER.match(whole) if not carried else None
    if header:
        inner = header.group(1)
    token = inner.strip()
    bearer = _BEARER.match(token)
    if bearer:
        token = token[bearer.end() :]
    address = _ADDRESS.match(whole) if carried else None
    alone = not (carried or header)
    return Pasted(
        token,
        header=bool(header),
        bearer=bool(bearer),
        blanks=not bearer and token != (text[:MOST] if alone else inner),
        path=address.group(1) if address else "",
        parameters=dict(_PARAMETER.findall(whole)) if carried else {},
    )
