"""Write the pages of the audit's controls, docs/controls, anew, each from the control's file.

python -m tests.tools.controls
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable

from tests.kit import collection
from tests.kit.places import ROOT

collection.make_importable()

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (  # noqa: E402
    table as _table,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (  # noqa: E402
    TOPICS,
    AnyControl,
    FleetControl,
)

FOLDER = ROOT / "docs" / "controls"
WIDTH = 120
INDEX = "README.md"
ABOUT = (
    "What the [audit](../audit.md) judges. Each control has a page. Where the last column says so,"
    " `secure` mends it: the audit then prints the lines of the policy."
)


def wrapped(text: str, first: str = "", other: str = "") -> str:
    """A paragraph; what stands in backticks, and a link, is not broken."""
    whole, marked = "", False
    for character in text:
        marked ^= character == "`"
        whole += "\0" if character == " " and marked else character
    lines = textwrap.wrap(
        whole,
        WIDTH,
        initial_indent=first,
        subsequent_indent=other,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines).replace("\0", " ")


def page(control: AnyControl) -> str:
    """The page of a control."""
    page = control.page
    who = "hosts, compared with each other" if isinstance(control, FleetControl) else "each host"
    mends = "`secure` mends it." if control.mends else "`secure` cannot mend it."
    chapters = (
        ("What is looked at", page.what),
        ("Why it matters", page.why),
        ("How it is used", page.attack),
        ("What to do", f"{page.remedy} {mends}"),
    )
    parts = [
        f"# {control.title}",
        wrapped(f"Control `{control.id}`, severity **{control.severity}**, of {who}."),
    ]
    for heading, text in chapters:
        parts += [f"## {heading}", wrapped(text)]
    if page.references:
        parts += ["## Read on", "\n".join(f"- {reference(each)}" for each in page.references)]
    return "\n\n".join(parts) + "\n"


def reference(target: str) -> str:
    """A line that leads somewhere: to a page of these docs, or to an address."""
    if target.startswith("docs/"):
        path = os.path.relpath(ROOT / target, FOLDER)
        return f"[{target[len('docs/') :].removesuffix('.md')}]({path})"
    return f"<{target}>"


def index(controls: Iterable[AnyControl]) -> str:
    """The page that lists them, by topic."""
    controls = list(controls)
    parts = ["# Controls", wrapped(f"{ABOUT} There are {len(controls)}.")]
    for topic, heading in TOPICS.items():
        rows = [row(control) for control in controls if control.topic == topic]
        if rows:
            head = [
                "| control | severity | where it fails | `secure` |",
                "| --- | --- | --- | --- |",
            ]
            parts += [f"## {heading}", "\n".join([*head, *rows])]
    return "\n\n".join(parts) + "\n"


def row(control: AnyControl) -> str:
    """A control in the list."""
    mends = "mends it" if control.mends else ""
    link = f"[`{control.id}`]({control.id}.md)"
    return f"| {link} | {control.severity} | {control.title} | {mends} |"


def pages() -> dict[str, str]:
    """Every page by its file's name."""
    controls = _table.controls()
    return {INDEX: index(controls), **{f"{each.id}.md": page(each) for each in controls}}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    wanted = pages()
    for old in FOLDER.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
