"""Where things are: the repository, and what is kept between runs."""

from __future__ import annotations

from pathlib import Path

from demo.sandbox import cache

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / ".collections"
CACHE = cache()
