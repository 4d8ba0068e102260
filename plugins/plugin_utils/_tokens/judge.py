# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a server would say to a given token: the module token_info.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import source as _source
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    inspect as _inspect,
    lifetime as _lifetime,
    policy as _policy,
    totp as _totp,
    verdict as _verdict,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.options import Options


def run(options: Options) -> dict:
    """Judge a token without asking any server.

    :returns: the result, as the module's documentation has it.
    :raises ValueError: with every fault of the question; many have them as ``faults``.
    """
    args, order = options.args, options.order()
    if order.room and not order.stream:
        order = replace(order, stream=order.room)
    faults = [] if args["token"] else ["token: is needed to judge it"]
    faults += [fault for fault in order.faults() if not fault.startswith("subscriber:")]
    faults += options.faults() + _subscriber_faults(args)
    if faults:
        raise Faults(faults)
    wanted = _wanted(options, order)
    order = replace(order, kind=_inspect.kind_of(args["token"], wanted))
    verdict = _inspect.inspect(args["token"], wanted, _known_secrets(options, order), options.now)
    found = {
        "changed": False,
        "realm": order.realm,
        "kind": verdict.kind,
        "accepted": verdict.accepted,
        "verdict": _visible.line(verdict.sentence()),
        "reasons": [{"code": code, "text": text} for code, text in verdict.reasons],
        "notes": [{"code": code, "text": text} for code, text in verdict.warnings],
        "signed_by": verdict.signed_by,
        "header": verdict.header,
        "claims": verdict.claims,
        "expires": verdict.expires,
        "expires_at": "never" if verdict.expires is None else _lifetime.utc(verdict.expires),
    }
    return _visible.values(found)  # whoever made the token has written most of it


def _subscriber_faults(args):
    if not args["subscriber_secret"]:
        return []
    try:
        _totp.subscriber_key(args["subscriber_secret"])
    except _totp.TotpError as error:
        return [f"subscriber_secret: {error}"]
    return []


def _known_secrets(options, order):
    key = (order.app, order.secret_word)
    if options.args["secret"] is not None:
        return {key: _source.Secrets("the option secret", current=options.args["secret"])}
    apps = {order.app}
    for layer in _words.LAYERS[1:]:
        apps.update(map(str, options.edge.variable(f"antmedia_{layer}") or ()))
    known = options.source.everything(apps)
    if "secret" in options.args["read_host"]:
        held = options.host_secret(order.secret_word, order.app)
        known[key] = _source.Secrets("the host's own settings", current=held)
    return known


def _wanted(options, order):
    asked = _policy.asked(options.edge.variable, order)
    return _verdict.Wanted(
        order.realm,
        order.app,
        order.stream,
        order.type,
        order.subscriber,
        asked.kind,
        options.cap(),
        asked.jwks,
        options.args["totp_period"],
        order.room,
        options.args["kind"] or "",
        options.args["subscriber_secret"] or "",
        options.version,
    )
