# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``rest-jwt``: an application's REST API takes tokens of its secret only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    cases as _cases,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    HERE,
    LET_IN,
    Control,
    Probe,
)

NAME = "rest-jwt"
PROVES = ("jwtControlEnabled", "jwksURL")
WHAT = "the same"
WITH = "tokens as above"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    if not asked.names(app, "jwtControlEnabled"):
        return None
    wanted = asked.on(app, "jwtControlEnabled")
    control = Control(NAME, app, "jwt" if wanted else "no tokens")
    about = {
        "surface": _surfaces.REST_TOKEN,
        # From an address that is refused too, the token is judged first and the answer tells.
        "source": _asked.rest_way(asked, app)[0] or HERE,
        **_surfaces.REST_TOKEN.at(app),
    }
    if not wanted:
        control.probes = [Probe(_cases.NO_TOKEN, LET_IN, **about)]
    elif asked.text(app, "jwksURL"):
        control.wants = "jwt of jwksURL"
        control.silent = (
            "tokens are signed by whoever jwksURL names; try one of theirs, then name this control"
            " in antmedia_verify_accept"
        )
    else:
        secret = asked.text(app, "jwtSecretKey")
        previous = options.previous.get((app, "jwtSecretKey"))
        control.probes = _cases.jwt_probes(secret, previous, **about)
    return control
