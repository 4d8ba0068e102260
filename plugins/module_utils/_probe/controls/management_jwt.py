# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``management-jwt``: the management API takes tokens of its secret only.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    cases as _cases,
    sources as _sources,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
    Control,
    Probe,
)

NAME = "management-jwt"
PROVES = ("server.jwtServerControlEnabled", "server.jwksURL")
WHAT = "the management REST API"
WITH = "no token; good, expired, of a wrong key, unsigned"


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    name = "server.jwtServerControlEnabled"
    if not asked.names(app, name):
        return None
    wanted = asked.on(app, name)
    control = Control(NAME, app, "jwt" if wanted else "no tokens")
    secret = asked.text(app, "server.jwtServerSecretKey")
    inside = _sources.samples(asked.text(app, "server.allowed_dashboard_CIDR"))[0]
    if asked.text(app, "server.jwksURL"):
        control.silent = (
            "tokens are signed by whoever server.jwksURL names; try one of theirs, then name this"
            " control in antmedia_verify_accept"
        )
    elif not inside:
        control.silent = "the panel's list lets nobody in, so nobody can ask; let 127.0.0.1 in"
    elif not wanted and not secret:
        control.silent = "there is no secret to sign a token with; set antmedia_secrets.management"
    else:
        previous = options.previous.get((app, "server.jwtServerSecretKey"))
        control.probes = list(_probes(asked, wanted, secret, previous, inside[0]))
        if wanted and asked.installation.version < _versions.MANAGEMENT_JWT:
            control.note = "this version knows no management tokens unless web.xml is changed"
    return control


def _probes(asked, wanted, secret, previous, source):
    for case, expected, token in _cases.jwt_cases(secret, {}, previous):
        expected = expected if wanted else REFUSED
        place = _surfaces.MANAGEMENT.at("")
        yield Probe(case, expected, _surfaces.MANAGEMENT, source, token, **place)
    if not wanted:
        path = _asked.panel_path(asked.installation.version)
        yield Probe("no token is needed here", LET_IN, _surfaces.PANEL, source, path=path)
