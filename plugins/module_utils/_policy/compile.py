# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From a policy in the operator's words to the settings that carry it out.

Pure: a policy and an installation in, the wanted settings or every fault out.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    app as _app,
    gate as _gate,
    layers as _layers,
    needed as _needed,
    proxies as _proxies,
    server as _server,
    terms as _terms,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted


class PolicyError(ValueError):
    """The policy cannot be carried out. ``faults`` holds every reason, one text each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def compile_policy(
    policy: Mapping[str, Any],
    installation: Installation,
    connected_from: Iterable[str] = (),
    before_gate: Mapping[str, str] | None = None,
) -> Wanted:
    """Compile a policy for an installation.

    :arg policy: the module's options as a mapping; see the ``policy`` documentation fragment.
    :kwarg connected_from: addresses the operator's connection came from, as texts.
    :kwarg before_gate: what settings of the server were before a gate came to the host, by name;
        None where there is no gate.
    :raises PolicyError: with every fault.
    """
    unfit: dict[str, str] = {}
    for option in _options.policy_spec():
        unfit.update(_options.unfit(policy.get(option), _options.variable(option)))
    faults = [f"{name}: {why}" for name, why in unfit.items()]
    if _options.TOO_DEEP in unfit.values():
        raise PolicyError(faults)
    draft = Draft(policy, installation)
    inside = _terms.agree(draft, connected_from)
    _gate.stand(draft, before_gate)
    _server.compile_server(draft, inside)
    _proxies.trust(draft)
    parts, found = _layers.merge_layers(policy, installation.apps)
    draft.faults.extend(found)
    for app, part in parts.items():
        _app.compile_app(draft, app, part)
    _needed.same_secret_twice(draft)
    # What is no text at all is a fault of other kinds as well.
    told = tuple(f"{name}:" for name in unfit)
    more = map(_options.printable, draft.faults)
    faults += (fault for fault in more if not fault.startswith(told))
    if faults:
        # A fault in the defaults is found for every application again.
        raise PolicyError(list(dict.fromkeys(faults)))
    return draft.wanted
