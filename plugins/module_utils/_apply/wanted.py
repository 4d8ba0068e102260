# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a call's options want of its host, or everything that is wrong with them.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import Refused
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    faults as _boot_guard_faults,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    held as _held,
    of as _gate,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
    service as _service,
    window as _window,
    wiring as _wiring,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    filters as _filters,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted
from ansible_collections.streamward.antmedia.plugins.module_utils._server import panel as _panel


def compile_options(
    options: Mapping[str, Any],
    installation: _installation.Installation,
    service: _service.Service,
    held: _held.Held | None = None,
) -> tuple[Wanted, _window.Window | None]:
    """The settings that are wanted, and the window in which restarts are allowed.

    :arg options: of the module ``settings``.
    :kwarg held: the gate on the host; None for none.
    :raises Refused: with every fault.
    """
    faults, window, wanted = [], None, None
    try:
        if options["maintenance_window"] is not None:
            window = _window.Window(options["maintenance_window"])
    except ValueError as error:
        faults.append(f"antmedia_maintenance_window: {error}")
    try:
        wanted = _compile.compile_policy(
            options, installation, _process.connected_from(), held.before if held else None
        )
    except _compile.PolicyError as error:
        faults.extend(error.faults)
    if wanted:
        faults.extend(_narrow(options, installation, service, wanted))
        faults.extend(_unwired(options, installation, wanted))
        faults.extend(_gate.faults(wanted, installation, service.manager, held))
    server = wanted.server if wanted else {}
    faults.extend(
        _boot_guard_faults.of(installation, server, service.manager, options["boot_guard"])
    )
    if faults or not wanted:
        raise Refused("the policy cannot be carried out", faults)
    return wanted, window


def _unwired(
    options: Mapping[str, Any], installation: _installation.Installation, wanted: Wanted
) -> list[str]:
    """Faults of filters without which the server would enforce nothing of the policy."""
    found = _filters.faults(wanted, installation, _wiring.look(installation))
    if options["unenforceable"] != "warn":
        return found
    wanted.warnings.extend(found)
    return []


def _narrow(options, installation, service, wanted):
    """Have the panel narrowed where it is open to all and nobody is admin; returns faults."""
    try:
        value = _panel.narrowed(options, installation, _process.connected_from())
    except _cidr.CidrError as error:
        return [f"antmedia_operator_cidrs: {fault}" for fault in error.faults]
    if value and _panel.unclaimed(installation, service.process(), options["ready_timeout"]):
        wanted.server[_panel.LIST] = value
        wanted.warnings.append(
            "this server has no admin yet and its panel was open to everybody, so the panel is"
            f" narrowed to {value}; give antmedia_secrets.admin to create the account, or say with"
            " antmedia_dashboard_cidrs who may open the panel"
        )
    return []
