from __future__ import annotations

import re

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    as_markdown,
)
from hypothesis import given, settings, strategies as st
from markdown_it import MarkdownIt

from tests.kit import judged
from tests.unit.docs.test_width import too_wide

READER = MarkdownIt("commonmark").enable("table")


def tokens(text):
    """What a reader of Markdown makes of it, but for what stands in code."""
    for token in READER.parse(text):
        for each in [token, *(token.children or ())]:
            yield each.type, "" if "code" in each.type or each.type == "fence" else each.content


def shape(audit):
    """The kinds of marks in a report, in their order."""
    text = as_markdown.render(audit)
    assert text.replace("\n", "").isprintable()
    found = [kind for kind, _text in tokens(text)]
    assert not {"html_block", "html_inline", "link_open", "image"} & set(found)
    # Where its lines are broken depends on how long they are.
    return [kind for kind in found if kind not in ("softbreak", "text")]


def test_what_it_says():
    assert as_markdown.render(judged.audit()) == (
        """\
# Audit of `web1`

Score 15 of 100. 1 fail (1 critical), 1 cannot tell, 1 waived, 1 pass. Made 2026-09-21 14:13 UTC.

Ant Media Server `2.17.1` community, running.

## What fails

### title of bad-one

**critical**, control `bad-one`. why

- `of an app`

**What to do:** remedy

```yaml
antmedia_apps:
  LiveApp:
    rest_cidrs: [127.0.0.1]
```

## What cannot be told

`blind-one`, high: title of blind-one

- `not seen`

## What is waived

`known-one`, low, by `jane@example.net` until 2026-09-22: `a reason`

- `accepted`

## What passes

`fine-one`.
"""
    )


def test_of_several_hosts():
    hosts = [judged.evidence(f"web{number}") for number in range(10)]
    text = as_markdown.render(judged.audit([*hosts, judged.evidence("x", problem="no route")]))
    assert "\n| `x` |  | not reached |  |  |  |  |  |  |\n" in text
    assert "\n| `web3` | 15 | running | `2.17.1` | 1 |  |  |  | 1 |\n" in text
    assert "\n- `x`: `no route`\n" in text
    assert "**critical**, control `bad-one` on 10 of 11 hosts. why" in text
    names = ", ".join(f"`web{number}`" for number in range(8))
    assert f"- `of an app` on {names}, and 2 more" in text


def test_waivers_that_do_nothing():
    waivers = {"web1": [judged.waiver("bad-one", days=-1), judged.waiver("fine-one")]}
    text = as_markdown.render(judged.audit(waivers=waivers))
    owner = "by `jane@example.net` until"
    assert f"## Waivers that are over\n\n- `bad-one`, {owner} 2026-09-20: `a reason`" in text
    assert f"## Waivers that waive nothing\n\n- `fine-one`, {owner} 2026-09-22: `a reason`" in text


def test_what_it_leaves_out_it_says():
    rule = judged.control(judge=judged.failing(*map(str, range(60))))
    text = as_markdown.render(judged.audit(controls=[rule], waivers={}))
    assert "\n- `29`\n- and 30 more\n" in text
    text = as_markdown.render(judged.fleet(60))
    assert "\n\nAnd 10 better ones.\n\n" in text


@pytest.mark.parametrize("count", [1, 9])
def test_prose_is_no_wider_than_that_of_other_pages(count):
    assert too_wide(as_markdown.render(judged.fleet(count))) == []


@pytest.mark.parametrize("text", judged.HOSTILE)
def test_whatever_a_host_says(text):
    assert shape(judged.hostile(text)) == shape(judged.hostile("x"))


@pytest.mark.parametrize("text", [*judged.HOSTILE, *judged.RAW])
def test_whatever_a_run_would_leave_in(text):
    assert shape(judged.raw(text)) == shape(judged.raw("x"))


HARMFUL = st.text() | st.lists(st.sampled_from(["`", "``", "|", "\\", "\n", "#", "- ", "<b>", "x"]))


@settings(max_examples=100, deadline=None)
@given(HARMFUL.map("".join))
def test_whatever_anybody_says(text):
    assert shape(judged.hostile("x" + text)) == shape(judged.hostile("x"))
    assert shape(judged.raw("x" + text)) == shape(judged.raw("x"))


@settings(max_examples=300)
@given(HARMFUL.map("".join))
def test_code_says_what_it_is_given(text):
    line = re.sub(r"\s+", " ", as_markdown.code(text))
    (_open, inline, _close) = READER.parse(f"a {line} b")
    (_before, code, _after) = inline.children
    assert code.type == "code_inline"
    assert code.content == (as_markdown._visible.line(text) or "-")


@settings(max_examples=300)
@given(HARMFUL.map("".join))
def test_a_cell_is_one_cell(text):
    page = f"| a | b |\n| --- | --- |\n| {as_markdown.cell(text)} | x |\n"
    found = [token.type for token in READER.parse(page)]
    assert found.count("td_open") == 2 and found.count("tr_open") == 2
    (cell,) = [
        child.content
        for token in READER.parse(page)
        for child in token.children or ()
        if child.type == "code_inline"
    ]
    assert cell == (as_markdown._visible.line(text) or "-")


@pytest.mark.parametrize("text", ["a: b", "a: |\n  ```\n  b", "````"])
def test_lines_of_yaml_end_where_they_end(text):
    (token,) = READER.parse(as_markdown.fenced(text))
    assert (token.type, token.info, token.content) == ("fence", "yaml", text + "\n")
