# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A program for hosts, as an archive of the very files of this collection that it imports.

PRIVATE to the collection.
"""

from __future__ import annotations

import ast
import io
import sys
import zipfile
from types import ModuleType
from typing import Any, Iterator

PACKAGE = ".".join(__name__.split(".")[:-2])
_MAIN = "import sys\n\nfrom {0} import main\n\nsys.exit(main())\n"


def _imported(source: bytes) -> Iterator[str]:
    """Modules of this collection that a source imports."""
    for node in ast.walk(ast.parse(source)):
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        if isinstance(node, ast.ImportFrom) and module.startswith(PACKAGE):
            for alias in node.names:
                name = f"{module}.{alias.name}"
                yield name if name in sys.modules else module


def sources(program: ModuleType) -> dict[str, bytes]:
    """A program's modules and what they import of this collection: their bytes by name."""
    found: dict[str, bytes] = {}
    waiting = [program.__name__]
    while waiting:
        name = waiting.pop()
        if name not in found:
            spec: Any = sys.modules[name].__spec__
            source = spec.loader.get_source(name)
            found[name] = source.encode("utf-8") if isinstance(source, str) else source
            waiting.extend(_imported(found[name]))
    return found


def build(program: ModuleType) -> bytes:
    """The archive of a program: the same bytes for the same sources, wherever it is made.

    :arg program: the module whose function ``main`` it runs.
    """
    files = {"__main__.py": _MAIN.format(program.__name__).encode("utf-8")}
    for name, source in sources(program).items():
        *package, module = name.split(".")
        for depth in range(1, len(package) + 1):
            files["/".join([*package[:depth], "__init__.py"])] = b""
        files["/".join([*package, module + ".py"])] = source
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name])
    return result.getvalue()
