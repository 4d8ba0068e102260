# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter antmedia_urls; see antmedia_urls.yml."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    endpoint as _endpoint,
    order as _order,
    support as _support,
    urls as _urls,
)


def antmedia_urls(
    token: str,
    app: str = "",
    stream: str = "",
    type: str = "",
    realm: str = "stream",
    subscriber: str = "",
    room: str = "",
    vod_file: str = "",
    quality: str = "",
    version: str = "",
    **endpoint: Any,
) -> dict[str, str]:
    """Strings for a token; see antmedia_urls.yml for the arguments."""
    order = _order.Order(
        realm=str(realm),
        kind="totp" if subscriber else "jwt",
        app=str(app),
        stream=str(stream),
        type=str(type),
        room=str(room),
        subscriber=str(subscriber),
    )
    faults = order.faults() + (_urls.file_faults(str(vod_file)) if vod_file else [])
    faults += _urls.quality_faults(str(quality)) if quality else []
    numbers: tuple[int, ...] = ()
    try:
        numbers = _versions.parse(str(version)) if version else ()
    except ValueError as error:
        faults.append(f"version: {error}")
    faults += [] if str(token) else ["the token is empty"]
    try:
        where = _endpoint.Endpoint.of(endpoint)
    except _endpoint.UrlError as error:
        faults += error.faults
    if faults:
        raise AnsibleFilterError("antmedia_urls: " + _visible.text("; ".join(faults)))
    made = _urls.strings(order, where, str(token), str(vod_file), str(quality), numbers)
    return _support.usable(made, numbers, order.type)


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict:
        return {"antmedia_urls": antmedia_urls}
