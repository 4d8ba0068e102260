# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One token and the strings to paste: the module token.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    ask as _ask,
    kinds as _kinds,
    labels as _labels,
    maker as _maker,
    policy as _policy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.options import Options


def run(options: Options) -> dict:
    """Mint a token.

    :returns: the result, as the module's documentation has it.
    :raises ValueError: with every fault; many have them as ``faults``.
    """
    args, edge, order = options.args, options.edge, options.order()
    _refuse(_shown_only(args) + _maker.faults(options))
    maker, kept = _maker.Maker(options), _kinds.of(order.kind).kept
    _refuse(maker.mint.faults(order))
    maker.refuse_unsupported()
    _warn_of_policy(options, order)
    minted = maker.make(order)
    if _ask.leaves_alone(options, order):
        return {"changed": True, "count": 1, **minted.summary()}
    strings = maker.strings(minted, [_maker.ALL] if args["strings"] is None else args["strings"])
    for text in maker.notes(minted, strings):
        edge.warn(text)
    result = {"changed": kept, "count": 1, **minted.summary(), **_signer(options, order)}
    if args["show"]:
        edge.say(_labels.paste(minted, strings, options.now))
    edge.tell(f"token: {result.get('fingerprint', 'the server')} for {_labels.title(minted)}")
    return {**result, "token": minted.value, "strings": strings, **maker.hidden()}


def _refuse(faults):
    if faults:
        raise Faults(faults)


def _shown_only(args):
    wrong = args["show"] and not args["expose"]
    return ["show: prints tokens, so it needs expose: true"] if wrong else []


def _warn_of_policy(options, order):
    """A token of another kind than the policy wants is no fault: it may change tomorrow."""
    warn, place = options.edge.warn, order.type or order.realm
    asked = _policy.asked(options.edge.variable, order)
    if asked.kind not in ("", order.kind):
        warn(f"the policy of this host wants {asked.kind} for {place}, not {order.kind}")
    if asked.jwks:
        warn("a JWKS address is set there, so no token signed by a secret counts")


def _signer(options, order):
    """Which secret a token was made from on the controller."""
    if options.args["source"] != "local":
        return {}
    secret, origin = options.secret(order)
    found = {"secret_origin": origin}
    if isinstance(secret, str):
        found["fingerprint"] = _secret.fingerprint(secret)
    return found
