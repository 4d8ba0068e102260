"""Write the map of the code, docs/where.md, anew: each room with the first line of each file.

python -m tests.tools.where
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.kit.places import ROOT

PAGE = ROOT / "docs" / "where.md"
PLUGINS = ROOT / "plugins"

# From the top floor down. What a room knows, in a sentence.
ROOMS = {
    "module_utils": {
        "_apply": "Brings a host to its policy: looks, chooses a way, takes it, reports.",
        "_probe": "Proves by requests what a server lets in and what it refuses.",
        "_evidence": "Gathers what the audit judges of the host around the server.",
        "_boot_guard": "Keeps a server's ports closed from its start until it is proved.",
        "_gate": "Stands in front of a server, and decides who publishes and who plays.",
        "_server": "Talks to a running server.",
        "_overrule": "Finds what a server takes before the values of its settings files.",
        "_automation": "Tells what else starts and asks the server.",
        "_policy": "Pure: the operator's words become wanted settings, and those become changes.",
        "_host": "Knows what is on a machine, and is the only room that touches its files.",
        "_ams": "Knows what Ant Media Server is. No host, no network.",
    },
    "plugin_utils": {
        "_rotation": "Exchanges secrets on a whole fleet.",
        "_tokens": "Mints tokens, asks for them, judges them.",
        "_secrets": "Keeps secrets in stores, and knows which of them a host is given.",
        "_report": "Shows what was found on many hosts.",
        "_controls": "Judges what hosts reported, a control a file, and keeps score.",
        "_edge": "What all actions share.",
        "_files": "Files on the controller.",
    },
}


def first_line(path: Path) -> str:
    """The first line of a file's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return re.sub(r":\w+:`([^`]*)`", r"`\1`", text.partition("\n")[0]).replace("``", "`")


def files(folder: Path) -> list[Path]:
    """The files of a room, those of its folders behind the folder's own."""
    found = folder.rglob("*.py")
    return sorted(found, key=lambda p: str(p.relative_to(folder)).replace("__init__.py", ""))


def rows(side: str) -> list[str]:
    """The tables of a side."""
    lines = []
    for room, knows in ROOMS[side].items():
        lines += ["", f"### `{room}`", "", knows, "", "| file | what it is |", "| --- | --- |"]
        folder = PLUGINS / side / room
        lines += [f"| `{p.relative_to(folder)}` | {first_line(p)} |" for p in files(folder)]
    loose = sorted((PLUGINS / side).glob("*.py"))
    if loose:
        lines += ["", "### Beside the rooms", "", "| file | what it is |", "| --- | --- |"]
        lines += [f"| `{p.name}` | {first_line(p)} |" for p in loose]
    return lines


def page(text: str) -> str:
    """The page with its tables as they should be."""
    for side in ROOMS:
        mark = rf"(<!-- {side} -->\n).*?(\n<!-- end -->)"
        body = "\n".join(rows(side)[1:])
        text = re.sub(mark, lambda m, body=body: m[1] + "\n" + body + "\n" + m[2], text, flags=re.S)
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
