# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Asking a server questions: each surface says how to ask, and how to read the answer.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    ways as _ways,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    UNCLEAR,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import VANTAGE
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result

# A server on air has better to do than to answer probes.
AT_ONCE = 4


class Asker(_ways.Server):
    """Asks one server."""

    def ask(self, probe: Probe) -> Result:
        """Ask once."""
        begin = time.monotonic()
        try:
            came, said = probe.surface.read(probe.surface.ask(self, probe))
        except _ways.NoAnswer as error:
            came, said = UNCLEAR, str(error)
        said = _json.words(said)
        return Result(probe, came, said, round((time.monotonic() - begin) * 1000, 1))

    def ask_all(self, probes: Iterable[Probe]) -> list[Result]:
        """Ask several at once; returns the results in the order of the probes."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(self.ask, probes))


def own_addresses(path: str = "/proc/net/fib_trie") -> tuple[str, ...]:
    """IPv4 addresses of this host besides those of its loopback, as texts."""
    try:
        with open(path, encoding="ascii", errors="replace") as stream:
            text = stream.read()
    except OSError:
        return ()
    found = re.findall(r"\|-- ([0-9.]+)\n\s+/32 host LOCAL", text)
    return tuple(sorted({address for address in found if not address.startswith("127.")}))


def asked(probe: Probe) -> str:
    """A question in words, without its token."""
    place = "" if probe.source.way == VANTAGE else f" from {probe.source}"
    return probe.surface.sentence.format(path=probe.path, stream=probe.stream) + place
