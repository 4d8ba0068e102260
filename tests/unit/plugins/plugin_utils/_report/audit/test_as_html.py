from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import trend as _trend
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    as_html,
    as_json,
    packed as _packed,
)
from hypothesis import given, settings, strategies as st

from tests.kit import judged

# What leads out of a file.
LEADS = {"src", "srcset", "href", "action", "formaction", "data", "poster", "background", "ping"}

SPACES = dict.fromkeys(map(ord, "\n\t"), " ")


class Reader(HTMLParser):
    """The elements of a page, its texts, and what is in its script and its style."""

    def __init__(self):
        super().__init__()
        self.elements, self.leads, self.texts = Counter(), [], []
        self.whole, self._inside = {}, ""

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.elements[tag, tuple(sorted(found))] += 1
        self.leads += [(tag, found[name]) for name in LEADS & set(found)]
        assert not [name for name in found if name.startswith("on") or name == "style"]
        self._inside = found.get("type", tag) if tag in ("script", "style") else ""

    def handle_endtag(self, _tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside:
            self.whole[self._inside] = self.whole.get(self._inside, "") + data
        else:
            self.texts.append(data)


def read(audit):
    reader = Reader()
    reader.feed(as_html.render(audit))
    reader.close()
    return reader


def test_what_it_says():
    page = " ".join(" ".join(read(judged.audit()).texts).split())
    for text in (
        "Audit of web1",
        "Ant Media Server 2.17.1 community, running",
        "title of bad-one",
        "of an app",
        "rest_cidrs: [127.0.0.1]",
        "not seen",
        "a reason (jane@example.net, until 2026-09-22)",
    ):
        assert text in page


def test_all_of_it_is_there_as_data():
    audit = judged.fleet()
    data = json.loads(read(audit).whole["application/json"])
    assert data == json.loads(json.dumps(_packed.of(audit)))


@pytest.mark.parametrize("audit", [judged.audit(), judged.fleet(9)], ids=["one", "many"])
def test_it_loads_nothing_and_runs_its_own_script_only(audit):
    page = read(audit)
    assert {lead for tag, lead in page.leads if tag != "a"} == {"data:,"}
    for _tag, lead in page.leads:
        assert lead.startswith(("#", "data:,", "https://example.net/"))
    # The quotes of a policy are escaped in an attribute.
    (policy,) = re.findall(
        r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', as_html.render(audit)
    )
    rules = dict(rule.split(" ", 1) for rule in policy.replace("&#39;", "'").split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["trusted-types"] == "'none'" and rules["img-src"] == "data:"
    for name, kind in (("script-src", "script"), ("style-src", "style")):
        digest = hashlib.sha256(page.whole[kind].encode()).digest()
        assert rules[name] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert policy in as_html.render(audit).split("<style>")[0]


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_its_style_and_script_end_where_they_end(name):
    text = (as_html.FOLDER / name).read_text("utf-8")
    assert "</" not in text and "<!--" not in text and text.isascii()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|url\(", text)


def test_a_host_alone_has_no_matrix_and_several_have():
    assert ("table", ("aria-describedby", "aria-label", "id")) not in read(judged.audit()).elements
    page = read(judged.fleet(9))
    assert page.elements["table", ("aria-describedby", "aria-label", "id")] == 1
    assert page.elements["td", ("class",)] == 9 * 13  # its score, and the controls


def test_of_many_faults_some_are_shown():
    rule = judged.control(judge=judged.failing(*map(str, range(60))))
    page = " ".join(" ".join(read(judged.audit(controls=[rule], waivers={})).texts).split())
    assert "49 and 10 more" in page
    hosts = [judged.evidence(f"web{number}") for number in range(20)]
    page = " ".join(" ".join(read(judged.audit(hosts)).texts).split())
    assert "on web0 , web1 , web10 , " in page and " and 12 more " in page


def test_what_changed():
    before = judged.audit(controls=[judged.control("a"), judged.control("b", "low")])
    earlier = _trend.read(as_json.render(before).encode())
    rules = [judged.control("a", judge=judged.failing()), judged.control("b", "low")]
    page = read(judged.audit(controls=rules, earlier=earlier, waivers={}))
    words = " ".join(" ".join(page.texts).split())
    assert "Since 2026-09-21 14:13 UTC, when the score was 100: 1 new , 0 mended" in words


def test_waivers_that_do_nothing():
    waivers = {"web1": [judged.waiver("bad-one", days=-1), judged.waiver("fine-one")]}
    page = " ".join(read(judged.audit(waivers=waivers)).texts)
    assert "Over, while the fault is still there" in page and "For nothing that was found" in page


def test_code_in_a_text_of_ours():
    assert as_html._code("a `b<c` d") == "a <code>b&lt;c</code> d"


@pytest.mark.parametrize("text", judged.HOSTILE)
def test_whatever_a_host_says(text):
    assert read(judged.hostile(text)).elements == read(judged.hostile("x")).elements


@pytest.mark.parametrize("text", [*judged.HOSTILE, *judged.RAW])
def test_whatever_a_run_would_leave_in(text):
    page = read(judged.raw(text))
    assert page.elements == read(judged.raw("x")).elements
    assert "".join(page.texts).translate(SPACES).isprintable()


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_whatever_anybody_says(text):
    page = read(judged.hostile("x" + text))
    assert page.elements == read(judged.hostile("x")).elements
    assert read(judged.raw("x" + text)).elements == read(judged.raw("x")).elements
    assert set(page.whole) == {"style", "script", "application/json"}
