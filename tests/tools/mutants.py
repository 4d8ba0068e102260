"""Break the rule of each control, one thing at a time, and see whether its own tests notice.

python -m tests.tools.mutants [ID ...]

A mutant is the file of a control with one change: a condition turned round, a comparison moved by
one, a fault left out, what is unknown forgotten, a policy emptied, a row taken out of a table. Each
is tried in a process of its own, which has everything imported already. The exit code is the number
of controls of which some mutant survives.
"""

from __future__ import annotations

import ast
import copy
import importlib
import io
import os
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout

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


def mutants(control: AnyControl) -> Iterator[tuple[str, ast.Module]]:
    """The changed files of a control, each with what was changed."""
    tree = ast.parse(path(control).read_text(encoding="utf-8"))
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


def path(control: AnyControl):
    """The file of a control."""
    folder = "fleet" if isinstance(control, FleetControl) else "controls"
    return ROOT / "plugins/plugin_utils/_controls" / folder / f"{control.id.replace('-', '_')}.py"


def tests(control: AnyControl) -> list[str]:
    """What looks at a control."""
    found = path(control)
    own = [f"{TESTS}/{found.parent.name}/test_{found.stem}.py"]
    mended = f"{TESTS}/test_mended.py::test_its_remedy_turns_it_green[{control.id}]"
    return own + ([mended] if control.mends and found.parent.name == "controls" else [])


def survives(control: AnyControl, tree: ast.Module) -> bool:
    """Whether the tests of a control pass with a changed file."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os._exit(_tried(control, tree))
    return os.waitpid(child, 0)[1] == 0


def _tried(control, tree):
    found = path(control)
    name = f"{_table.__package__}.{found.parent.name}.{found.stem}"
    module = types.ModuleType(name)
    module.__file__ = str(found)
    sys.modules[name] = module
    try:
        exec(compile(tree, str(found), "exec"), module.__dict__)
    except Exception:
        return 1
    setattr(importlib.import_module(name.rpartition(".")[0]), found.stem, module)
    _table.controls.cache_clear()
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        arguments = ["-x", "-q", "-p", "no:cacheprovider", "--no-header", *tests(control)]
        # A test that was not found is none that passed.
        return int(pytest.main(arguments) != pytest.ExitCode.OK)


def main(wanted: list[str]) -> int:
    """Try them all, and say which survive."""
    tried, alive = 0, {}
    with redirect_stdout(io.StringIO()):  # so that every child has the plugins of pytest
        pytest.main(["-q", "--collect-only", "-p", "no:cacheprovider", f"{TESTS}/test_score.py"])
    for control in _table.controls():
        if wanted and control.id not in wanted:
            continue
        found = list(mutants(control))
        left = [what for what, tree in found if survives(control, tree)]
        tried += len(found)
        alive.update({control.id: left} if left else {})
        print(f"{control.id}: {len(found) - len(left)} of {len(found)}", *left, sep="\n    ")
        if not found:
            alive[control.id] = ["there is nothing to change"]
    left = sum(map(len, alive.values()))
    print(f"{tried} mutants, {left} survive, of {len(alive)} controls")
    return len(alive)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
