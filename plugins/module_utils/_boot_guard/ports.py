# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ports of a server, as its own file names them.

PRIVATE to the collection.
"""

from __future__ import annotations

import os

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    installation as _installation,
)

# By protocol: the key of each in conf/red5.properties, and its default.
PORTS = {
    "tcp": {"http.port": 5080, "https.port": 5443, "rtmp.port": 1935, "rtmps.port": 8443},
    "udp": {"server.srt_port": 4200},
}


def of(home: str) -> dict[str, set[int]]:
    """The ports of the server of a home, by protocol."""
    try:
        file = _files.read_file(os.path.join(home, _installation.SERVER_FILE))
        document = file.document.as_dict()
    except (OSError, ValueError):
        document = {}  # the server does not start from such a file either

    def number(key: str, default: int) -> int:
        text = document.get(key, "").strip()
        return int(text) if text.isdigit() and 0 < int(text) < 65536 else default

    return {
        protocol: {number(key, default) for key, default in keys.items()}
        for protocol, keys in PORTS.items()
    }
