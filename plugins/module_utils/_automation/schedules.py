# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What on a host is run again and again, and starts, stops or asks the server.

PRIVATE to the collection.
"""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import dataclass
from typing import Any, Collection, Iterator, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    place as _place,
    service as _service,
)

TABLES = ("/etc/crontab", "/etc/rc.local", "/etc/monit/monitrc", "/etc/monitrc")
FOLDERS = (
    "/etc/cron.d",
    "/etc/cron.hourly",
    "/etc/cron.daily",
    "/etc/cron.weekly",
    "/etc/cron.monthly",
    "/var/spool/cron",
    "/var/spool/cron/crontabs",
    "/etc/logrotate.d",
    "/etc/monit.d",
    "/etc/monit/conf.d",
    "/etc/monit/conf-enabled",
)
UNITS = "/etc/systemd/system"

# Files whose lines are commands, and where the system's own programs are.
_RUNNERS = ("/etc/crontab", "/etc/cron.d/", "/var/spool/cron/", "/etc/rc.local", "/etc/monit")
_OF_THE_SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/lib/", "/lib/", "/dev/")

# How many files are looked at, and how many scripts that they run; and of a file, how much.
MOST_FILES = 200
MOST_BYTES = 1 << 16

_STARTS = re.compile(r"\b(?:restart|start|stop|try-restart|reload-or-restart|kill|pkill|killall)\b")
_SERVER = re.compile(r"\bantmedia\b|\bant-media-server\b|\borg\.red5\b")
_ADDRESS = re.compile(r"https?://[^\s/\"']*/([^\s\"'?#|;)<>&]*)")
_SCRIPT = re.compile(r"(?<![\w.:/-])/(?:[\w.+@-]+/)+[\w.+@-]+")


@dataclass(frozen=True)
class Schedule:
    """A place from which the server is touched.

    where: the file and the line. runs: a script that it runs, empty for none. restarts: whether
    it starts or stops the server. asks: paths that it asks for by HTTP.
    """

    where: str
    runs: str = ""
    restarts: bool = False
    asks: tuple[str, ...] = ()

    def asks_application(self, apps: Collection[str]) -> bool:
        """Whether it asks an application, and not only the web panel."""
        return any(path.split("/")[1] in apps for path in self.asks)

    def shown(self) -> dict[str, Any]:
        """As facts show it."""
        return {
            "where": self.where,
            "runs": self.runs,
            "restarts": self.restarts,
            "asks": list(self.asks),
        }


def look(apps: Collection[str]) -> list[Schedule]:
    """Find them.

    :arg apps: names of the applications, which the paths that count begin with.
    """
    found: list[Schedule] = []
    scripts: dict[str, Schedule | None] = {}
    for path, text in _tables():
        for number, line in enumerate(text.split("\n"), 1):
            if line.lstrip().startswith("#"):
                continue
            where = f"{_json.words(path)} line {number}"
            direct = said(line, where, apps)
            if direct:
                found.append(direct)
            for script in _run_by(path, line):
                if script not in scripts and len(scripts) < MOST_FILES:
                    inner = _read(script)
                    scripts[script] = said(inner, "", apps) if inner.startswith("#!") else None
                does = scripts.get(script)
                if does:
                    found.append(Schedule(where, _json.words(script), does.restarts, does.asks))
    return found[:MOST_FILES]


def _run_by(path: str, line: str) -> list[str]:
    """Scripts of somebody's own that a line runs."""
    runs = path.startswith(_RUNNERS) or (path.startswith(UNITS) and line.startswith("Exec"))
    paths = _SCRIPT.findall(line) if runs else []
    return [found for found in paths if not found.startswith(_OF_THE_SYSTEM)]


def said(text: str, where: str, apps: Collection[str]) -> Schedule | None:
    """What a text does to the server; None where it leaves it alone."""
    restarts = any(_STARTS.search(line) and _SERVER.search(line) for line in text.split("\n"))
    asks = tuple(dict.fromkeys(_asked(text, apps)))
    return Schedule(where, "", restarts, asks) if restarts or asks else None


def _asked(text: str, apps: Collection[str]) -> Iterator[str]:
    """Paths of addresses in a text that are asked of the server, without what follows them."""
    for path in _ADDRESS.findall(text):
        first = path.partition("/")[0]
        if first in apps or path.startswith("rest/v"):
            yield "/" + _json.words(path)


def warning(found: Sequence[Schedule], apps: Collection[str]) -> str:
    """What is wrong with what asks an application; empty if nothing does."""
    asking = [each.where for each in found if each.asks_application(apps)]
    if not asking:
        return ""
    more = f" and {len(asking) - 1} more" if asking[1:] else ""
    return (
        f"{asking[0]}{more} asks an application by HTTP again and again: from version 2.15 on a"
        " request to an application that loads can leave its security off; a health check asks"
        " for liveness: docs/automation.md"
    )


def _tables() -> Iterator[tuple[str, str]]:
    """Paths and texts of the files in which somebody says what is to be run."""
    for path in itertools.islice(_paths(), MOST_FILES):
        text = _read(path)
        if text:
            yield path, text


def _paths() -> Iterator[str]:
    yield from TABLES
    for folder in FOLDERS:
        for name in _names(folder):
            yield os.path.join(folder, name)
    for name in _names(UNITS):
        if name.endswith(".service") and name != _service.UNIT:
            yield os.path.join(UNITS, name)


def _names(folder: str) -> list[str]:
    try:
        with _place.folder(folder) as at:
            return at.names()
    except OSError:
        return []


def _read(path: str) -> str:
    """A file's text; empty where it cannot be read, or is no text of a person's length."""
    try:
        return _place.read(path, most=MOST_BYTES).data.decode("utf-8", "replace")
    except OSError:
        return ""
