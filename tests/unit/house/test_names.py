"""What is used of a module of ours, that module has: files move, and edges are seldom called."""

from __future__ import annotations

import ast
import importlib

import pytest

from tests.kit.places import ROOT

BASE = "ansible_collections.streamward.antmedia.plugins."
SOURCES = sorted((ROOT / "plugins").glob("**/*.py"))


def modules(tree):
    """Our modules that a source imports as a whole, by the names it gives them."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(BASE[:-1]):
            for alias in node.names:
                try:
                    module = importlib.import_module(f"{node.module}.{alias.name}")
                except ImportError:
                    continue  # a name in a module: importing the source would tell
                found[alias.asname or alias.name] = module
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "plugins")))
def test_what_is_used_is_there(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = modules(tree)
    missing = [
        f"line {node.lineno}: {node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in known
        and not hasattr(known[node.value.id], node.attr)
    ]
    assert missing == []
