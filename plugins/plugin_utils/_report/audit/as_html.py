# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An audit as one page for people: a file without anything from outside, to look at or to mail.

The page is ``page/page.html.j2`` with its style and its script. All that was found is in it once,
as data; the script shows a part of it when asked. Without scripts it says what fails and what to
do, too. Its policy of content lets it load nothing, and run no script but its own.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import jinja2
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.audit import (
    FAIL,
    STATUSES,
    Audit,
    HostResult,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    SEVERITIES,
    TOPICS,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    digest as _digest,
    packed as _packed,
)
from markupsafe import Markup, escape

NAME = "{title}.html"

FOLDER = Path(__file__).parent / "page"
# What is told of a control beside the matrix, which has the rest.
MOST_TEXTS, MOST_NAMES, MOST_POLICIES = 50, 8, 5
# What a cell of the matrix shows for each status, and the class of its style.
MARKS = dict(zip(STATUSES, ("\u2717", "?", "w", "\u2713", "\u00b7")))
CLASSES = dict(zip(STATUSES, ("f", "u", "w", "p", "n")))


def render(audit: Audit) -> str:
    """The text of the file."""
    style, script = (_read(name) for name in ("page.css", "page.js"))
    return _template().render(
        audit=audit,
        data=_packed.of(audit),
        style=Markup(style),
        script=Markup(script),
        content=_content(style, script),
        failing=_digest.failing(audit),
        untold=_digest.untold(audit),
        waived=_digest.waived(audit),
        hosts=_digest.worst_first(audit.hosts),
        problems=[host for host in audit.hosts if host.problem],
        row=_row,
        severities=SEVERITIES,
        statuses=STATUSES,
        topics=TOPICS,
        marks=MARKS,
        classes=CLASSES,
        some=_digest.some,
        sums=_digest.sums,
        when=_digest.when,
        most_texts=MOST_TEXTS,
        most_names=MOST_NAMES,
        most_policies=MOST_POLICIES,
    )


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _content(style: str, script: str) -> str:
    """What the page may load and run."""
    return "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _row(found: HostResult) -> Markup:
    """The cells of a host in the matrix. There are many, so they are short."""
    return Markup("".join(_cell(each.status, each.control.severity) for each in found.findings))


def _cell(status: str, severity: str) -> str:
    kind = f'"{CLASSES[status]} {severity}"' if status == FAIL else CLASSES[status]
    return f"<td class={kind}>{MARKS[status]}"


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["code"] = _code
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment.get_template("page.html.j2")


def _code(text: str) -> Markup:
    """A text of a control's page, with its backticks as code."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", str(escape(text))))


def _shown(value: Any) -> Any:
    # Markup is a text, too, and has been through here.
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return _visible.text(value) if is_text else value
