# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether a hook can be reached from this host at all, which tells why it lets nobody in.

PRIVATE to the collection.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ansible_collections.streamward.antmedia.plugins.module_utils._server import link as _link


def trouble(url: str, seconds: float) -> str:
    """Why nobody answers at the address of a hook; empty if somebody does. Sends nothing there.

    :kwarg seconds: to wait for a connection.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = parts.hostname or ""
        _link.connect(host, port, seconds).close()
    except (OSError, ValueError, OverflowError) as error:
        return str(getattr(error, "strerror", None) or error)
    return ""
