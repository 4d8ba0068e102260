"""Break the rule of each control, one thing at a time, and see whether its own tests notice.

python -m tests.tools.mutants [ID or piece ...]

What several controls have in common is a piece of its own, tried by the tests of all of them. A
mutant is the file of a control, or of a piece, with one change: a condition turned round, a
comparison moved by one, a fault left out, what is unknown forgotten, a policy emptied, a row taken
out of a table. Each is tried in a process of its own, which has everything imported already. The
exit code is the number of files of which some mutant survives.
"""

from __future__ import annotations

import ast
import copy
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from tests.kit import collection
from tests.kit.places import ROOT

collection.make_importable()

from ansible_collections.streamward.antmedia.plugins.modules import (  # noqa: E402, F401
    facts,
    settings,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (  # noqa: E402
    table as _table,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (  # noqa: E402
    AnyControl,
    FleetControl,
)

FOLDER = ROOT / "plugins/plugin_utils/_controls"
# What judges in place of the controls that call it.
PIECES = ("guards", "java", "keys", "known", "modes", "remarks")
TESTS = "tests/unit/plugins/plugin_utils/_controls"
BOUNDS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
OPPOSITES = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In}


def sites(tree: ast.Module) -> Iterator[tuple[int, str, Callable[[ast.AST], None]]]:
    """Where a file can be changed: the place of a node in a walk, what is done, and how."""
    for number, node in enumerate(ast.walk(tree)):
        for what, change in _changes(node):
            yield number, f"line {getattr(node, 'lineno', 0)}: {what}", change


def _changes(node):
    if isinstance(node, (ast.If, ast.IfExp)):
        yield "a condition is turned round", lambda n: setattr(n, "test", _not(n.test))
    if isinstance(node, ast.comprehension) and node.ifs:
        yield "a filter is dropped", lambda n: setattr(n, "ifs", [])
    if isinstance(node, ast.Compare):
        (kind,) = {type(node.ops[0])}
        if kind in BOUNDS:
            yield "a bound is moved", lambda n: setattr(n, "ops", [BOUNDS[kind](), *n.ops[1:]])
        if kind in OPPOSITES:
            yield (
                "a comparison is turned round",
                lambda n: setattr(n, "ops", [OPPOSITES[kind](), *n.ops[1:]]),
            )
    if isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            yield f"part {index + 1} is dropped", lambda n, i=index: n.values.pop(i)
    if isinstance(node, ast.Dict) and len(node.keys) > 1:
        for index in range(len(node.keys)):
            yield f"entry {index + 1} is dropped", lambda n, i=index: _without_entry(n, i)
    if isinstance(node, ast.Call):
        yield from _of_call(node)


def _without_entry(node, index):
    del node.keys[index], node.values[index]


def _of_call(node):
    name = ast.unparse(node.func)
    if name == "_control.found":
        yield "faults are forgotten", lambda n: n.args.__setitem__(0, ast.List([], ast.Load()))
    if name == "Fault" and (len(node.args) > 2 or _keyword(node, "policy")):
        yield "the policy is emptied", _without_policy
    for index, keyword in enumerate(node.keywords):
        if keyword.arg == "unknown":
            yield "what is unknown is forgotten", lambda n, i=index: n.keywords.pop(i)


def _keyword(node, name):
    return next((k for k in node.keywords if k.arg == name), None)


def _without_policy(node):
    empty = ast.Dict([], [])
    if _keyword(node, "policy"):
        _keyword(node, "policy").value = empty
    else:
        node.args[2:] = [empty]


def _not(test):
    return ast.UnaryOp(ast.Not(), test)


@dataclass(frozen=True)
class Subject:
    """What is broken: a file, and the tests that are to notice.

    calls: whether a piece judges for it, so that there may be nothing left to change.
    """

    name: str
    path: Path
    tests: tuple[str, ...]
    calls: bool = False

    @property
    def module(self) -> str:
        """The name under which it is imported."""
        below = self.path.relative_to(FOLDER).with_suffix("").parts
        return ".".join((_table.__package__, *below))


def subjects() -> Iterator[Subject]:
    """Every control, and every piece with the tests of the controls that call it."""
    calls: dict[str, list[str]] = {name: [] for name in PIECES}
    for control in _table.controls():
        found, noticing = path(control), tests(control)
        text = found.read_text(encoding="utf-8")
        called = [name for name in PIECES if f" as _{name}" in text]
        yield Subject(control.id, found, tuple(noticing), bool(called))
        for name in called:
            calls[name] += noticing
    for name, noticing in calls.items():
        own = [f"{TESTS}/test_{name}.py"] if (ROOT / TESTS / f"test_{name}.py").exists() else []
        yield Subject(name, FOLDER / f"{name}.py", (*own, *noticing))


def mutants(subject: Subject) -> Iterator[tuple[str, ast.Module]]:
    """The changed files of a subject, each with what was changed."""
    tree = ast.parse(subject.path.read_text(encoding="utf-8"))
    rule = ast.Module([node for node in tree.body if not _told(node)], [])
    told = [node for node in tree.body if _told(node)]
    for number, what, change in sites(rule):
        changed = copy.deepcopy(rule)
        change(list(ast.walk(changed))[number])
        changed.body += told
        yield what, ast.fix_missing_locations(changed)


def _told(node):
    """Whether a statement is what people read of a control."""
    return [ast.unparse(target) for target in getattr(node, "targets", [])] == ["CONTROL"]


def path(control: AnyControl) -> Path:
    """The file of a control."""
    folder = "fleet" if isinstance(control, FleetControl) else "controls"
    return FOLDER / folder / f"{control.id.replace('-', '_')}.py"


def tests(control: AnyControl) -> list[str]:
    """What looks at a control."""
    found = path(control)
    own = [f"{TESTS}/{found.parent.name}/test_{found.stem}.py"]
    mended = f"{TESTS}/test_mended.py::test_its_remedy_turns_it_green[{control.id}]"
    return own + ([mended] if control.mends and found.parent.name == "controls" else [])


def survives(subject: Subject, tree: ast.Module) -> bool:
    """Whether the tests of a subject pass with a changed file."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os._exit(_tried(subject, tree))
    return os.waitpid(child, 0)[1] == 0


def _tried(subject, tree):
    name = subject.module
    module = importlib.import_module(name)
    if subject.name not in PIECES:  # whose callers hold on to the module that is there
        module = sys.modules[name] = ModuleType(name)
        module.__file__ = str(subject.path)
    try:
        exec(compile(tree, str(subject.path), "exec"), module.__dict__)
    except Exception:
        return 1
    setattr(importlib.import_module(name.rpartition(".")[0]), subject.path.stem, module)
    _table.controls.cache_clear()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        arguments = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", *subject.tests]
        # A test that was not found is none that passed.
        return int(pytest.main(arguments) != pytest.ExitCode.OK)


def main(wanted: list[str]) -> int:
    """Try them all, and say which survive."""
    tried, alive = 0, {}
    with redirect_stdout(io.StringIO()):  # so that every child has the plugins of pytest
        pytest.main(["-q", "--collect-only", "-p", "no:cacheprovider", f"{TESTS}/test_score.py"])
    for subject in subjects():
        if wanted and subject.name not in wanted:
            continue
        found = list(mutants(subject))
        left = [what for what, tree in found if survives(subject, tree)]
        tried += len(found)
        alive.update({subject.name: left} if left else {})
        print(f"{subject.name}: {len(found) - len(left)} of {len(found)}", *left, sep="\n    ")
        if not found and not subject.calls:
            alive[subject.name] = ["there is nothing to change"]
    left = sum(map(len, alive.values()))
    print(f"{tried} mutants, {left} survive, of {len(alive)} files")
    return len(alive)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
