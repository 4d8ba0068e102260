# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The steps of the module rotation, from its options to its result.

PRIVATE to the collection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secrets as _secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    conclusion as _conclusion,
    exchange as _exchange,
    log as _log,
    passes as _passes,
    preflight as _preflight,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import (
    Options,
    Selection,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.inputs import Inputs
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
)


def plan(inputs: Inputs) -> dict:
    """What there is to do."""
    args, options = inputs.args, Options.of(inputs.args)
    documents = inputs.documents()
    if not documents:
        raise ValueError(
            f"{inputs.store.where()} holds no secret of {', '.join(inputs.fleets)}: make them, or"
            " take over those that servers use, with the playbook streamward.antmedia.secrets"
        )
    _passes.refuse_unknown(args["apps"], documents)
    hosts = inputs.hosts(documents)
    selection = Selection(tuple(args["realms"]), tuple(args["apps"]))
    passes, refusals = _passes.make_passes(documents, hosts, options, selection, time.time())
    given = {host: inputs.variable(host, _secrets.VARIABLE) or {} for host in hosts}
    refusals += _passes.overruled(given, hosts, documents, passes)
    if refusals:
        raise _preflight.RotationRefused(refusals)
    lines = [line for work in passes for line in work["lines"]]
    missing = [f"{name} {host.trouble}" for name, host in hosts.items() if host.trouble]
    if not lines:
        without = f", without {'; '.join(missing)}" if missing else ""
        lines = [f"rotation: nothing to do{without}"]
    return {
        "changed": False,
        "passes": passes,
        "together": _passes.together(passes),
        "absent": _preflight.absent(hosts, options.quorum),
        "refusals": refusals,
        "lines": lines,
    }


def check(inputs: Inputs) -> dict:
    """Whether every host could take all that there is to do."""
    movers = sorted(inputs.args["plan"]["together"])
    _preflight.refuse_unable(movers, inputs.results(inputs.args["preflight_from"]))
    return {"changed": False, "lines": []}


def begin(inputs: Inputs) -> dict:
    """See :func:`_exchange.begin`."""
    args = inputs.args
    begun = _exchange.begin(
        inputs.store,
        args["plan"],
        inputs.hosts(inputs.documents()),
        inputs.results(args["preflight_from"]),
        args["quorum"],
        _exchange.Timing(args["since"], args["lead"], time.time, args["drain_timeout"]),
        args["batches"],
        inputs.check,
    )
    return {"changed": True, **begun}


def decide(inputs: Inputs) -> dict:
    """See :func:`_exchange.decide`."""
    args = inputs.args
    decided = _exchange.decide(args["plan"], inputs.changes(), args["quorum"], time.time())
    return {"changed": False, **decided}


def renew(inputs: Inputs) -> dict:
    """Keep the locks while hosts restart, and say whether to go on."""
    work = inputs.args["plan"]
    inputs.store.lock(work["plans"], work["hold"])
    return {"changed": False, "stopped_by": _exchange.stopped_by(inputs.changes()), "lines": []}


def finish(inputs: Inputs) -> dict:
    """See :func:`_conclusion.finish`."""
    args = inputs.args
    done = _conclusion.finish(
        inputs.store,
        args["plan"],
        inputs.hosts(args["plan"]["scopes"]),
        inputs.changes(),
        inputs.results(args["proofs_from"]),
        Options.of(args),
        args["tolerant"],
        time.time,
    )
    if args["record"]:
        _log.write(args["record"], done["records"])
    return {"changed": True, **done, "lines": [*done["lines"], done["summary"]]}


def release(inputs: Inputs) -> dict:
    """Give the locks back."""
    inputs.store.unlock(inputs.args["plan"]["plans"])
    return {"changed": False, "lines": []}


class Step(NamedTuple):
    """A step. writes: to the store. in_check: whether check mode has something to tell of it."""

    take: Callable[[Inputs], dict]
    writes: bool
    in_check: bool


STEPS = {
    "plan": Step(plan, writes=False, in_check=True),
    "check": Step(check, writes=False, in_check=True),
    "begin": Step(begin, writes=True, in_check=True),
    "decide": Step(decide, writes=False, in_check=False),
    "renew": Step(renew, writes=True, in_check=False),
    "finish": Step(finish, writes=True, in_check=False),
    "release": Step(release, writes=True, in_check=False),
}


def take(
    args: Mapping[str, Any],
    hostvars: Mapping,
    context: Context,
    check_mode: bool,
    warn: Callable[[str], None],
) -> dict:
    """Take the step that the options name; arguments as for :class:`Inputs`.

    :arg warn: is told what the store has to say, even where the step fails.
    :raises ValueError: for what the operator has to know.
    """
    step = STEPS[args["step"]]
    if check_mode and not step.in_check:
        return {"changed": False, "skipped": True, "lines": []}
    inputs = Inputs(args, hostvars, context, check_mode)
    try:
        return step.take(inputs)
    finally:
        if step.writes:
            inputs.forget()
        for note in inputs.store.notes:
            warn(note)
        inputs.store.close()
