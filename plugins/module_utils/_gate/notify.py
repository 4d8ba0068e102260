# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the gate tells the system's manager of itself: ready, alive, and how it is.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
import socket


class Manager:
    """systemd, where it has started this program; otherwise nobody."""

    def __init__(self) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "")

    def tell(self, **words: object) -> None:
        """Tell something, such as ``READY=1``."""
        if not self._address:
            return
        text = "\n".join(f"{name}={value}" for name, value in words.items())
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.setblocking(False)
            with contextlib.suppress(OSError):  # a manager that does not listen is no fault here
                channel.sendto(text.encode("utf-8"), address)
