"""Imported first by each bench: puts the repository on the path of `python bench/NAME.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[1:1] = [str(ROOT), str(ROOT / ".collections")]
