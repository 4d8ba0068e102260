"""Programs for hosts: each holds what it needs, and runs by itself."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    program as _boot_guard,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import program as _gate
from ansible_collections.streamward.antmedia.plugins.module_utils._host import archive as _archive


@pytest.mark.parametrize(
    ("program", "arguments", "usage"),
    [
        (_boot_guard, [], "usage: close|check|ended|open HOME\n"),
        (_gate, ["--help"], "usage: gate [POLICY]\n"),
    ],
    ids=["boot guard", "gate"],
)
def test_a_program_runs_by_itself(tmp_path, program, arguments, usage):
    """With nothing but Python's own library: no Ansible, no collection, no folder of the user."""
    path = tmp_path / "program.pyz"
    path.write_bytes(_archive.build(program))
    command = [sys.executable, "-I", "-S", str(path), *arguments]
    done = subprocess.run(command, cwd="/", env={}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, usage)


def held(program):
    """The modules in the archive of a program, below module_utils."""
    names = zipfile.ZipFile(io.BytesIO(_archive.build(program))).namelist()
    return {name.rpartition("module_utils/")[2] for name in names}


def test_the_boot_guard_holds_what_it_imports_and_nothing_else():
    modules = held(_boot_guard)
    assert {
        *("_boot_guard/program.py", "_server/ready.py", "_server/heal.py", "_ams/catalogue.py"),
    } <= modules
    rooms = {name.partition("/")[0] for name in modules}
    assert not {"_apply", "_gate", "_probe"} & rooms
    own_room = {name for name in modules if name.startswith("_boot_guard/")}
    assert own_room == {
        f"_boot_guard/{name}.py" for name in ("__init__", "ports", "program", "prove")
    }
    assert not {"_policy/compile.py", "_policy/plan.py"} & modules


def test_the_gate_holds_what_it_imports_and_nothing_else():
    modules = held(_gate)
    assert {f"_gate/{name}.py" for name in ("decide", "program", "rtmp_relay")} <= modules
    rooms = {name.partition("/")[0] for name in modules if "/" in name}
    assert rooms >= {"_ams", "_gate", "_server"}
    assert not {"_apply", "_boot_guard", "_host", "_policy", "_probe"} & rooms
    # What puts the gate on a host is no part of what runs there.
    assert not {f"_gate/{name}.py" for name in ("files", "nginx", "units")} & modules


@pytest.mark.parametrize("program", [_boot_guard, _gate], ids=["boot guard", "gate"])
def test_a_program_imports_nothing_but_itself_and_pythons_library(program):
    own = _archive.PACKAGE.split(".")[0]
    for source in _archive.sources(program).values():
        for node in ast.walk(ast.parse(source)):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                root = name.partition(".")[0]
                assert root in (own, "__future__") or root in sys.stdlib_module_names, name


def test_a_program_is_the_same_wherever_it_is_made():
    assert _archive.build(_gate) == _archive.build(_gate)
    assert _archive.build(_gate) != _archive.build(_boot_guard)
