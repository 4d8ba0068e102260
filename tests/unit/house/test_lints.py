"""Every static check of `make lint` is one of the tiers that CI runs, in the same order."""

from __future__ import annotations

import ast
import re

from tests.kit.places import ROOT


def of_make():
    found = re.search(r"^LINTS := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    return tuple(name.removeprefix("lint-") for name in found.group(1).split())


def of_tiers():
    tree = ast.parse((ROOT / "tests/tools/tiers.py").read_text("utf-8"))
    return next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "LINTS"
    )


def test_make_and_tiers_know_the_same_checks():
    assert of_make() == of_tiers()
