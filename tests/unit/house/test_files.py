"""Nothing on a host opens, changes or looks at a file by its name but through the room for that."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
SOURCES = sorted([*PLUGINS.glob("module_utils/**/*.py"), *PLUGINS.glob("modules/*.py")])

# These may: the room itself.
ROOM = {"module_utils/_host/place.py", "module_utils/_host/rights.py"}

# What takes a path, of the modules that know any.
OS = """
access chdir chmod chown chroot fwalk getxattr lchmod lchown link listdir listxattr lstat makedirs
mkdir mkfifo mknod open readlink remove removedirs removexattr rename renames replace rmdir scandir
setxattr stat statvfs symlink truncate unlink utime walk
"""
OS_PATH = """
exists getatime getctime getmtime getsize isdir isfile islink ismount lexists realpath samefile
"""
DEEDS = {"os": frozenset(OS.split()), "os.path": frozenset(OS_PATH.split())}
WHOLE = frozenset(("glob", "shutil", "tempfile", "pathlib"))
SINGLE = frozenset(("open", "io.open", "zipfile.ZipFile"))

# Where else a path is touched, by whom, and why no account can turn it into another one.
KNOWN = {
    "module_utils/_host/process.py": {
        "open": "below /proc, where only the kernel makes names",
        "os.listdir": "/proc",
        "os.readlink": "below /proc",
        "os.stat": "only compared",
    },
    "module_utils/_host/network.py": {
        "os.open": "below /proc",
        "os.stat": "below /proc, only compared",
    },
    "module_utils/_host/sockets.py": {
        "os.listdir": "/proc",
        "os.open": "below /proc",
        "os.readlink": "below /proc",
        "os.scandir": "below /proc",
    },
    "module_utils/_server/certificate.py": {"os.listdir": "where the system has its authorities"},
    "module_utils/_server/listener.py": {"os.readlink": "below /proc"},
    "module_utils/_server/unseen.py": {"open": "below /proc"},
    "module_utils/_host/service.py": {
        "os.path.isdir": "/run/systemd/system",
        "os.path.realpath": "only compared",
    },
    "module_utils/_host/firewall.py": {"shutil.which": "folders of root's"},
    "module_utils/_probe/ask.py": {"open": "/proc/net/fib_trie"},
    "module_utils/_host/leftovers.py": {"os.path.realpath": "only told"},
    "module_utils/_host/transaction.py": {"os.path.lexists": "only told"},
    "module_utils/_host/cutover.py": {
        "os.open": "/dev/null",
        "os.path.realpath": "only compared",
    },
    "module_utils/_boot_guard/program.py": {
        "open": "below /run/streamward-boot-guard, which is root's",
        "os.makedirs": "the same",
        "os.unlink": "the same",
    },
    # The gate's daemon, which is an account of its own, and nobody else; and its files on a host.
    "module_utils/_gate/answers.py": {
        "os.lstat": "below its folder in /run",
        "os.unlink": "the same",
    },
    "module_utils/_gate/files.py": {
        "os.path.lexists": "folders of root's, which is checked before",
        "os.open": "below /run, by the handle of its folder",
        "os.listdir": "the same",
        "os.rmdir": "the same",
    },
    "module_utils/_gate/installed.py": {
        "os.readlink": "only compared",
        "os.rmdir": "folders of root's, which is checked before",
    },
    "module_utils/_gate/certificate.py": {"os.stat": "only compared"},
    "module_utils/_gate/watch.py": {
        "os.lstat": "only compared",
        "os.open": "looked at by its handle before it is read",
    },
    "module_utils/_host/archive.py": {"zipfile.ZipFile": "in memory"},
    "module_utils/_host/own.py": {"os.makedirs": "folders of root's, which is checked before"},
    "module_utils/_boot_guard/files.py": {
        "os.path.lexists": "folders of root's, which is checked before",
        "os.path.realpath": "only compared",
        "shutil.which": "folders of root's",
    },
    "module_utils/_boot_guard/guard.py": {
        "os.rmdir": "folders of root's, which is checked before",
        "os.path.exists": "the same",
        "os.path.realpath": "only compared",
        "shutil.rmtree": "below /run, which is root's",
    },
    "module_utils/_overrule/start.py": {"os.path.realpath": "only compared"},
    "module_utils/_host/jar.py": {"zipfile.ZipFile": "of an open file"},
}


def named(node):
    """The dotted name of an expression, empty if it has none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = named(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def deeds(source):
    """What a source calls, or hands on, that takes a path."""
    for node in ast.walk(ast.parse(source)):
        name = named(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
        module, _dot, function = name.rpartition(".")
        if name in SINGLE or module in WHOLE or function in DEEDS.get(module, ()):
            yield name
        elif isinstance(node, ast.ImportFrom) and node.module in (*DEEDS, *WHOLE):
            yield f"from {node.module} import ..."


def found(path):
    return set(deeds(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "path", SOURCES, ids=lambda path: str(path.relative_to(PLUGINS)).replace("/", ".")
)
def test_files_are_reached_through_the_room_for_them(path):
    name = str(path.relative_to(PLUGINS))
    if name not in ROOM:
        assert found(path) == set(KNOWN.get(name, ()))


def test_every_exception_is_of_a_file_that_is_there():
    assert {name for name in KNOWN if not (PLUGINS / name).exists()} == set()


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("open('x')", {"open"}),
        ("import os\nos.open('x', 0)", {"os.open"}),
        ("import os\nwork = os.rename", {"os.rename"}),
        ("import os\nos.path.exists('x')", {"os.path.exists"}),
        ("from os import path", {"from os import ..."}),
        ("import shutil\nshutil.copy('x', 'y')", {"shutil.copy"}),
        ("at.open()\nos.path.join('a')\nos.fsync(1)", set()),
    ],
)
def test_the_search_itself(source, names):
    assert set(deeds(source)) == names
