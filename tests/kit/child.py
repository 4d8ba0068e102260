"""Processes of a test that import what the test can."""

from __future__ import annotations

import os
import sys


def environment(**more: str) -> dict[str, str]:
    """This process's, with its search path for modules."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **more}
