"""The page about proofs says of each control what the control's file says."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    controls as _controls,
)

PAGE = Path(__file__).resolve().parents[3] / "docs/verify.md"


def test_the_table_of_what_is_asked():
    chapter = PAGE.read_text().partition("\n## What is asked\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `.*$", chapter, flags=re.M)
    assert rows == [f"| `{c.NAME}` | {c.WHAT} | {c.WITH} |" for c in _controls.CONTROLS]
