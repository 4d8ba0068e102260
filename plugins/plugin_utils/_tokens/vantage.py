# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tokens for a machine that asks a server from elsewhere, so that no secret has to go there.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    secrets as _secrets,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    cases as _cases,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import LET_IN
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import (
    TOKEN_SECONDS,
    fresh,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    endpoint as _endpoint,
    options as _options,
)

# From the controller to the vantage, through all its questions, with clocks a little apart.
SECONDS = 120


def prepare(plan: Mapping, secrets: Mapping, now: float) -> tuple[dict, dict]:
    """What a vantage gets: the plan with a stream for each application, and tokens.

    In tokens nothing but a token is a value, since Ansible blanks out every such value wherever it
    appears.

    :arg plan: as the module ``probe`` returns it.
    :arg secrets: as the policy has them. Where one is missing, so is the token.
    :arg now: Unix seconds.
    :returns: the plan, and by application the tokens ``rest`` and, by case, ``publish``.
    """
    apps, tokens = {}, {}
    for app, known in plan["apps"].items():
        held = {word: _secrets.secret_of(secrets, app, word) for word in _words.APP_SECRETS}
        apps[app] = {**known, "stream": fresh()}
        found = {}
        if known["rest_token"] and held["rest"]:
            found["rest"] = _hs256.sign({"exp": int(now) + SECONDS}, held["rest"])
        cases = _publish(known["publish_token"], held, apps[app]["stream"], now)
        if known["publisher"] and cases:
            found["publish"] = cases
        if found:
            tokens[app] = found
    return {**plan, "apps": apps}, tokens


def front(given: Any, host: str) -> dict | None:
    """Where people reach a server, as a vantage is told; None where nobody has said.

    :arg given: the variable ``antmedia_endpoint`` of the server's host.
    :arg host: where it is if the variable does not say.
    :raises ValueError: with every fault.
    """
    if not given:
        return None
    if not isinstance(given, Mapping):
        raise Faults(["antmedia_endpoint: must be a mapping"])
    values = {key: value for key, value in given.items() if value not in (None, "")}
    values.setdefault("host", host)
    values.setdefault("tls", not _options.is_loopback(str(values["host"])))
    endpoint = _endpoint.Endpoint.of(values)
    named = {key for key in values if key.endswith("_port")}
    # What people use needs no name, and what they do not use is none of theirs.
    used = ["https_port" if endpoint.tls else "http_port", *(["rtmps_port"] * endpoint.rtmps)]
    return {
        "host": endpoint.host,
        "tls": endpoint.tls,
        "port": endpoint.https_port if endpoint.tls else endpoint.http_port,
        "rtmps_port": endpoint.rtmps_port if endpoint.rtmps else 0,
        "named": sorted({*named, *used}),
    }


def _publish(kinds, held, stream, now):
    made = len(kinds) == 1 and kinds[0] in _cases.MADE
    secret = held[_words.KINDS[kinds[0]].secrets["publish"]] if made else ""
    if not secret:
        return {}
    cases = _cases.stream_cases(kinds, secret, "publish", stream)
    # What has expired is not to live again for the time it takes to get there.
    late = SECONDS - TOKEN_SECONDS
    return {
        case: token.text(now + late * (expected == LET_IN))
        for case, expected, token, _extra in cases
        if token
    }
