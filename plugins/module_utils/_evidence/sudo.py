# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What sudo lets the server's account do.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import re
from typing import Any, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    account as _account,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene

MAIN, FOLDER = "/etc/sudoers", "/etc/sudoers.d"
MOST, LONGEST = 50, 200

_TAGS = re.compile(r"\b(NOPASSWD|PASSWD|NOEXEC|EXEC|SETENV|NOSETENV|LOG_INPUT|LOG_OUTPUT):\s*")
_RUNS_AS = re.compile(r"^\(([^)]*)\)\s*")


def look(scene: Scene) -> list[dict[str, Any]]:
    """The lines that name the account or a group of it, other than root's own.

    Each has ``where`` it stands, ``who`` it names, whom it ``runs_as``, whether without a
    password (``free``), and its ``commands``.
    """
    account = _account.look(scene)
    if not account or account["uid"] == 0:
        return []
    names = {account["name"], f"#{account['uid']}", *("%" + name for name in account["groups"])}
    return [row for row in _rows(scene) if row["who"] in (*names, "ALL")][:MOST]


def _rows(scene: Scene) -> Iterator[dict[str, Any]]:
    names, _found = scene.files.folder(FOLDER)
    # As sudo does: what has a dot or ends in ~ is left out.
    others = [os.path.join(FOLDER, name) for name in names if "." not in name and name[-1] != "~"]
    for path in scene.files.few(FOLDER, [MAIN, *others]):
        file = scene.files.read(path)
        if not file:
            continue
        for number, line in _lines(file.text):
            row = _row(line)
            if row:
                yield {"where": f"{path} line {number}", **row}


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with the number at which each begins; one that ends in a backslash goes on."""
    whole, begun = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        begun = begun or number
        if line.endswith("\\"):
            whole += line[:-1] + " "
            continue
        yield begun, (whole + line).strip()
        whole, begun = "", 0


def _row(line: str) -> dict[str, Any] | None:
    who, _blank, rest = line.partition(" ") if "\t" not in line else line.partition("\t")
    _hosts, equals, does = rest.partition("=")
    if not equals or who.startswith(("Defaults", "#include", "@include")) or "_Alias" in who:
        return None
    if who.startswith("#") and not who[1:].isdigit():
        return None  # a comment
    does = does.strip()
    runs_as = _RUNS_AS.match(does)
    tags = set(_TAGS.findall(does))
    does = _TAGS.sub("", _RUNS_AS.sub("", does))
    commands = [_RUNS_AS.sub("", part.strip())[:LONGEST] for part in does.split(",")]
    return {
        "who": who,
        "runs_as": runs_as.group(1) if runs_as else "root",
        "free": "NOPASSWD" in tags,
        "commands": commands[:MOST],
    }
