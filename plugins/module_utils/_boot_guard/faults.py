# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why the boot guard cannot be installed on a host, or not do its work there.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from typing import Iterator, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    files as _files,
    ports as _ports,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    installation as _installation,
    own as _own,
    place as _place,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    management as _management,
)


def of(
    installation: _installation.Installation,
    server: Mapping[str, str],
    manager: str,
    wanted: bool | None,
) -> list[str]:
    """Why, as texts; empty when it can.

    :arg server: what the policy wants of the server's own settings, by name.
    :arg manager: what starts and stops the server.
    :arg wanted: whether the guard is to be there; None leaves it alone.
    """
    variable = "antmedia_boot_guard"
    if wanted is False or (wanted is None and not _files.watches(installation.home)):
        return []
    if wanted and manager != "systemd":
        return [
            f"{variable}: systemd does not start this server (service manager {manager}); leave it"
            " out"
        ]
    if os.geteuid():
        return [f"{variable}: needs root on the host; set become"]
    found = []
    try:
        _firewall.closable(_ports.of(installation.home))
    except _firewall.FirewallError as error:
        found.append(f"{variable}: {error}; or set it to false")
    found += _exchangeable(variable)
    if not _own.python():
        found.append(f"{variable}: {_own.NO_PYTHON}")

    def will_be(name: str) -> str | None:
        return server[name] if name in server else installation.effective("", name)

    on = _catalogue.on(will_be("server.jwtServerControlEnabled"))
    if installation.version >= _versions.OPEN_STARTS and (
        not on or not will_be("server.jwtServerSecretKey") or will_be("server.jwksURL")
    ):
        found.append(
            f"{variable}: the guard asks the server what it holds, with a management token made"
            f" from this host's files; set antmedia_management_jwt: true, or {variable}: false"
        )
    panel = will_be("server.allowed_dashboard_CIDR") or ""
    if installation.version >= _versions.OPEN_STARTS and _management.way_in(panel) is None:
        found.append(
            f"{variable}: the guard asks the server what it holds, and antmedia_dashboard_cidrs"
            f" lets nobody in; let 127.0.0.1 in, or set {variable}: false"
        )
    return found


def _exchangeable(variable: str) -> Iterator[str]:
    """Where somebody could put a program of his in the place of the guard's, as texts."""
    for path in (_files.PROGRAM, _files.UNIT, _files.DROP_IN):
        try:
            how = _place.exchangeable(path)
        except FileNotFoundError:  # made by root, when it comes to that
            continue
        if how:
            yield f"{variable}: {how}, who would become root at the next start; close it"
