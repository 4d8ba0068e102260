"""Prose wraps at one width. Tables, code, and what has no blank to break at may be wider."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.unit.docs.pages import PAGES, ROOT, name

WIDTH = 120


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines of a page that are neither a table nor code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not (fenced or line.startswith(("    ", "|"))):
            yield number, line


def breakable(line: str) -> bool:
    """Whether a line that is too wide could be two: a link or a command in it stays in one."""
    whole = re.sub(r"`[^`]*`|\]\([^)]*\)", lambda match: match[0].replace(" ", "_"), line.strip())
    return " " in re.sub(r"^([-*>]|\d+\.) +", "", whole)


def too_wide(text: str) -> list[int]:
    """Numbers of the lines of prose that are too wide."""
    return [n for n, line in prose(text) if len(line) > WIDTH and breakable(line)]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_prose_wraps_at_one_width(page):
    assert too_wide(page.read_text(encoding="utf-8")) == []


def test_pages_of_every_folder_are_looked_at():
    assert {"README.md", "docs", "inventories", "molecule", "tests"} <= {
        page.relative_to(ROOT).parts[0] for page in PAGES
    }


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("word " * 24, []),
        ("word " * 25, [1]),
        ("- " + "word " * 24, [1]),
        ("a line\n\n1. " + "word " * 24, [3]),
        ("| " + "word " * 25 + "|", []),
        ("    " + "word " * 25, []),
        ("```sh\n" + "word " * 25 + "\n```\n" + "word " * 25, [4]),
        ("- [page](" + "a" * 120 + ")", []),
        ("`" + "word " * 25 + "`", []),
    ],
)
def test_the_search_itself(text, wrong):
    assert too_wide(text) == wrong
