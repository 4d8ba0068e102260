"""The program: it holds what it needs, and runs by itself."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import zipfile

from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    archive as _archive,
)


def test_the_program_runs_by_itself(tmp_path):
    """With nothing but Python's own library: no Ansible, no collection, no folder of the user."""
    program = tmp_path / "guard.pyz"
    program.write_bytes(_archive.build())
    command = [sys.executable, "-I", "-S", str(program)]
    done = subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "usage: close|check|ended|open HOME\n")


def test_the_program_holds_what_it_imports_and_nothing_else():
    names = zipfile.ZipFile(io.BytesIO(_archive.build())).namelist()
    modules = {name.rpartition("module_utils/")[2] for name in names}
    held = {"_boot_guard/program.py", "_server/ready.py", "_server/heal.py", "_ams/catalogue.py"}
    assert held <= modules
    rooms = {name.partition("/")[0] for name in modules}
    assert not {"_apply", "_probe"} & rooms
    own_room = {name for name in modules if name.startswith("_boot_guard/")}
    assert own_room == {
        f"_boot_guard/{name}.py" for name in ("__init__", "ports", "program", "prove")
    }
    assert not {"_policy/compile.py", "_policy/plan.py"} & modules
    own = _archive.PACKAGE.split(".")[0]
    for source in _archive.sources().values():
        for node in ast.walk(ast.parse(source)):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                root = name.partition(".")[0]
                assert root in (own, "__future__") or root in sys.stdlib_module_names, name


def test_the_program_is_the_same_wherever_it_is_made():
    assert _archive.build() == _archive.build()
