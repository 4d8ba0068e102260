# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control ``cluster-key``: the key of the nodes opens the REST API, where nothing else would.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    versions as _versions,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    cases as _cases,
    sources as _sources,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    HERE,
    Control,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import DIRECT

NAME = "cluster-key"
PROVES = ()
WHAT = "the same, where it refuses without a token"
WITH = "tokens of the key that nodes share, if the secrets name one; from 2.14.0 on"

KEY = _words.SECRETS["cluster"].setting


def make(asked: _asked.Asked, app: str, options: _asked.Options) -> Control | None:
    """The control of a policy, None where it names nothing of this."""
    if not asked.names(app, KEY):
        return None
    control = Control(NAME, app, "the key that nodes share")
    source = _refused_without_token(asked, app, options)
    if asked.installation.version < _versions.CLUSTER_TOKENS:
        control.silent = (
            "before 2.14.0 no request shows which key a server has; name this control in"
            " antmedia_verify_accept"
        )
    elif not source:
        control.silent = (
            "the REST API refuses nobody on this host, with or without the key; narrow rest_cidrs,"
            " or name this control in antmedia_verify_accept"
        )
    else:
        control.probes = _cases.jwt_probes(
            asked.text(app, KEY),
            options.previous.get((app, KEY)),
            surface=_surfaces.CLUSTER,
            source=source,
            **_surfaces.CLUSTER.at(app),
        )
    return control


def _refused_without_token(asked, app, options):
    """From where an application's REST API refuses whoever shows no token, None for nowhere."""
    if asked.on(app, "jwtControlEnabled"):
        return _asked.rest_way(asked, app)[0] or HERE
    if asked.on(app, "ipFilterEnabled"):
        outside = _sources.samples(asked.text(app, "remoteAllowedCIDR"), options.own)[1]
        return next((source for source in outside if source.way == DIRECT), None)
    return None
