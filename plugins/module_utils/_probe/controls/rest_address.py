# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``rest-address``: an application's REST API lets in the addresses of its list only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    addresses as _addresses,
    asked as _asked,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    HERE,
    REFUSED,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import fresh

NAME = "rest-address"
PROVES = ("remoteAllowedCIDR", "ipFilterEnabled")
WHAT = "each application's REST API"
WITH = (
    "addresses inside and outside its list, with a good token where it asks for one; and where"
    " files are put, `/chunked` and `/hls-upload`, which go by the same list"
)


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    if not any(asked.names(app, name) for name in PROVES):
        return None
    text = asked.text(app, "remoteAllowedCIDR")
    if not asked.on(app, "ipFilterEnabled"):
        text = "0.0.0.0/0,::/0"
    control = Control(NAME, app, _addresses.only(text), one_sided=not text, by_address=True)
    if asked.on(app, "jwtControlEnabled") and asked.text(app, "jwksURL"):
        control.silent = (
            "the REST API asks for tokens signed by whoever jwksURL names; try one of theirs, then"
            " name this control in antmedia_verify_accept"
        )
        return control
    control.probes = _addresses.probes(
        text,
        options.own,
        surface=_surfaces.REST_ADDRESS,
        token=_asked.rest_way(asked, app)[1],
        **_surfaces.REST_ADDRESS.at(app),
    )
    # What takes files goes by the same list.
    away = _asked.stranger(asked, app, options)
    for door in _surfaces.UPLOADS if away != HERE else ():
        if asked.has(app, door):
            case = f"from {away}, {door.door}"
            control.probes.append(Probe(case, REFUSED, door, away, **door.at(app, fresh())))
    return control
