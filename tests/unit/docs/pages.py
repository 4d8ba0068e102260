"""The pages that people write and read; the changelog is written by antsibull-changelog."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("", "docs", "docs/*", "inventories/*", "molecule", "roles/*", "tests/*")
PAGES = sorted(
    path
    for folder in FOLDERS
    for path in ROOT.glob(f"{folder}/*.md".lstrip("/"))
    if path.name != "CHANGELOG.md"
)


def name(page: Path) -> str:
    """What a page is called in the output of a test."""
    return str(page.relative_to(ROOT))
