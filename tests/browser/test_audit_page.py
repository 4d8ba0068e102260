"""The page of an audit in a real browser: what people see of it, and what it does not do."""

from __future__ import annotations

import json
import select
import socket
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    as_html,
    packed as _packed,
)

from tests.kit import axe, judged

READY = "document.readyState === 'complete' && !!document.getElementById('shown').textContent"
HOSTS, KINDS, AT_ONCE = 500, 60, 50


@pytest.fixture
def show(browser, tmp_path):
    """Open the page of an audit as somebody does who got it by mail."""

    def show(audit, ready=READY):
        path = tmp_path / "audit.html"
        path.write_text(as_html.render(audit), encoding="utf-8")
        browser.open(path.as_uri())
        assert browser.wait(ready)
        return path.as_uri()

    return show


@pytest.fixture(scope="module")
def fleet():
    return judged.fleet(HOSTS, KINDS)


def said(browser):
    return browser.run("document.getElementById('shown').textContent")


def choose(browser, name, value):
    browser.run(
        f"""(() => {{
            const field = document.getElementById({json.dumps(name)});
            field.value = {json.dumps(value)};
            field.dispatchEvent(new Event("input", {{bubbles: true}}));
        }})()"""
    )


def search(browser, words, until):
    choose(browser, "words", words)
    assert browser.wait(
        f"document.getElementById('shown').textContent.startsWith({json.dumps(until)})"
    ), said(browser)


def visible(browser, selector):
    return browser.run(
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        ".filter(e => e.checkVisibility()).map(e => e.textContent.trim().replace(/\\s+/g, ' '))"
    )


def dialog(browser):
    return browser.run("document.getElementById('dialog').open") and browser.run(
        "document.getElementById('dialog').innerText"
    )


@pytest.mark.parametrize("hosts", [0, 1, 30])
def test_it_opens_without_a_complaint_and_asks_for_nothing(browser, show, hosts):
    uri = show(judged.fleet(hosts) if hosts > 1 else judged.audit(None if hosts else []))
    browser.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    browser.run("new Promise(done => setTimeout(done, 200))")
    assert browser.complaints == []
    assert browser.requests == [uri]


@pytest.mark.parametrize("text", judged.HOSTILE)
def test_nothing_that_a_host_says_is_run(browser, show, text):
    uri = show(judged.hostile(text))
    browser.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    for row in range(2):
        browser.run(f"document.querySelectorAll('#matrix tbody tr')[{row}].cells[0].click()")
        assert dialog(browser)
        browser.run("document.getElementById('close').click()")
        browser.run(f"document.querySelectorAll('#matrix tbody tr')[{row}].cells[2].click()")
        assert dialog(browser)
        browser.run("document.getElementById('close').click()")
    browser.run("new Promise(done => setTimeout(done, 200))")
    assert browser.run("document.scripts.length") == 2
    assert browser.run("document.querySelectorAll('img, svg, iframe, object').length") == 0
    assert (browser.complaints, browser.requests) == ([], [uri])


def heard(listener):
    """What a listener is told within a second. A browser may connect ahead, and say nothing."""
    found, callers, limit = b"", [], time.monotonic() + 1
    while (left := limit - time.monotonic()) > 0:
        for ready in select.select([listener, *callers], [], [], left)[0]:
            if ready is listener:
                callers.append(listener.accept()[0])
            else:
                data = ready.recv(1000)
                found += data
                if not data:
                    callers.remove(ready)
    for caller in callers:
        caller.close()
    return found


def test_its_policy_of_content_stops_what_somebody_puts_in(browser, show):
    show(judged.audit())
    with socket.create_server(("127.0.0.1", 0)) as outside:
        browser.run(
            """(outside => {
                const image = document.createElement("img");
                image.src = outside + "x.png";
                const frame = document.createElement("iframe");
                frame.src = outside;
                const script = document.createElement("script");
                script.append("window.harmed = true");
                document.body.append(image, frame, script);
                try { document.body.innerHTML = "<b>x</b>"; } catch { window.kept = true; }
                fetch(outside).catch(() => { window.refused = true; });
            })"""
            f"('http://127.0.0.1:{outside.getsockname()[1]}/')"
        )
        assert browser.wait("window.refused && window.kept")
        assert browser.run("window.harmed === undefined")
        assert heard(outside) == b""
    assert len(browser.complaints) >= 4


def test_a_fleet_of_500_hosts_is_searched_and_filtered(browser, show, fleet):
    show(fleet)
    everything = f"{HOSTS} of {HOSTS} hosts, {KINDS} of {KINDS} controls, 30000 findings"
    assert said(browser) == everything
    assert len(visible(browser, "#matrix tbody tr")) == AT_ONCE
    search(browser, "edge-0123", f"1 of 500 hosts, {KINDS} of")
    (row,) = visible(browser, "#matrix tbody tr")
    assert row.startswith("edge-0123")
    search(browser, "EDGE-0123 setting4enabled", "1 of 500 hosts, 1 of 60")
    assert visible(browser, "#matrix thead th.control") == ["control-04"]
    assert len(visible(browser, ".failing")) == 1
    search(browser, "region7", "50 of 500 hosts")
    search(browser, "nobody has this", "0 of 500 hosts")
    assert visible(browser, "#no-failing") == ["Nothing of what is filtered fails."]
    browser.run("document.querySelector('#filter button').click()")
    assert browser.wait(f"document.getElementById('shown').textContent === {everything!r}")


def test_every_filter_leaves_what_it_says(browser, show, fleet):
    show(fleet)
    data = _packed.of(fleet)

    def count(wanted):
        found = {
            (host["name"], control["id"])
            for host in data["hosts"]
            for control, number in zip(data["controls"], host["found"], strict=True)
            if wanted(host, control, data["statuses"][data["details"][number][0]])
        }
        hosts, controls = ({pair[each] for pair in found} for each in (0, 1))
        return (
            f"{len(hosts)} of {HOSTS} hosts, {len(controls)} of {KINDS} controls,"
            f" {len(found)} findings"
        )

    edge = data["texts"].index("region3")
    for name, value, wanted in (
        ("severity", "1", lambda _h, control, _s: control["severity"] in ("critical", "high")),
        ("topic", "tls", lambda _h, control, _s: control["topic"] == "tls"),
        ("group", "region3", lambda host, _c, _s: edge in host["groups"]),
        *(
            ("status", str(number), lambda _h, _c, status, word=word: status == word)
            for number, word in enumerate(data["statuses"])
        ),
    ):
        choose(browser, name, value)
        assert said(browser) == count(wanted), (name, value)
        choose(browser, name, "")


def test_a_cell_a_host_and_a_control_open(browser, show):
    show(judged.audit([judged.evidence("a"), judged.evidence("b", problem="no route")]))
    assert visible(browser, "#matrix tbody th") == ["b", "a"]
    browser.run("document.querySelector('#matrix tbody tr:nth-child(2) td.f').click()")
    for text in ("title of bad-one", "of an app", "rest_cidrs: [127.0.0.1]", "attack"):
        assert text in dialog(browser)
    browser.press("Escape")
    assert not dialog(browser)
    browser.run("document.querySelector('#matrix tbody tr:nth-child(2) th').click()")
    for text in ("Score 15", "2.17.1", "not seen", "a reason (jane@example.net", "All that the"):
        browser.run("document.querySelectorAll('dialog details').forEach(e => e.open = true)")
        assert text in dialog(browser)
    browser.press("Escape")
    browser.run("document.querySelector('#matrix tbody th').click()")
    assert "no route" in dialog(browser)
    browser.press("Escape")
    browser.run("document.querySelector('#matrix thead th.control').click()")
    assert "1 fail, 1 cannot tell" in dialog(browser)


def test_the_keyboard_goes_everywhere(browser, show, fleet):
    show(fleet)
    focused = "document.activeElement.textContent"
    browser.run("document.getElementById('group').focus()")
    for _each in range(200):
        if browser.run("document.activeElement.id") == "matrix" or browser.run(
            "!!document.activeElement.closest('#matrix')"
        ):
            break
        browser.press("Tab")
    assert browser.run(focused) == "Host"
    browser.press("ArrowDown")
    first = browser.run("document.querySelector('#matrix tbody th').textContent")
    assert browser.run(focused) == first
    browser.press("ArrowRight")
    browser.press("ArrowRight")
    browser.press("PageDown")
    row = browser.run("document.activeElement.parentNode.cells[0].textContent")
    place = browser.run("document.activeElement.cellIndex")
    assert row != first and place == 2
    browser.press("Enter")
    assert f"on {row}" in dialog(browser)
    browser.press("Escape")
    assert browser.run("document.activeElement.cellIndex") == 2
    browser.press("End", control=True)
    assert browser.run("document.activeElement.cellIndex") == KINDS + 1
    assert browser.run("document.activeElement.parentNode.rowIndex") == HOSTS
    browser.press("Home", control=True)
    assert browser.run(focused) == "Host"
    assert browser.complaints == []


def test_all_hosts_can_be_had(browser, show, fleet):
    show(fleet)
    for shown in range(2 * AT_ONCE, HOSTS + 1, AT_ONCE):
        browser.run("document.getElementById('more').click()")
        assert len(visible(browser, "#matrix tbody tr")) == shown
    assert visible(browser, "#more") == []
    silent = "#matrix td:not(.score):not([aria-label])"
    assert browser.run(f"document.querySelectorAll({silent!r}).length") == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("hosts", [1, 12])
def test_everybody_can_use_it(browser, show, hosts, dark):
    browser.see(dark=dark)
    show(judged.fleet(hosts) if hosts > 1 else judged.audit())
    browser.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    script = axe.script()
    assert axe.faults(browser, script) == []
    if hosts > 1:
        search(browser, "setting3", "12 of 12")
        assert axe.faults(browser, script) == []
        browser.run("document.querySelector('#matrix tbody td.u').click()")
        assert dialog(browser)
        assert axe.faults(browser, script) == []


def test_without_scripts_it_says_what_fails_and_what_to_do(browser, show):
    browser.scripts(False)
    show(judged.fleet(9), ready="document.readyState === 'complete'")
    assert visible(browser, "#filter") == []
    (note,) = visible(browser, "noscript p")
    assert "need scripts" in note
    assert len(visible(browser, "#matrix tbody tr")) == 9
    browser.run("document.querySelector('.failing').open = true")
    (policy, *_others) = visible(browser, ".failing pre")
    assert policy.startswith("antmedia_apps:")
    assert browser.complaints == []


@pytest.mark.parametrize("hosts", [1, 30])
def test_on_paper_everything_that_fails_is_open(browser, show, hosts):
    show(judged.fleet(hosts) if hosts > 1 else judged.audit())
    paper = browser.paper()
    assert paper.startswith(b"%PDF")
    # What was closed is closed again afterwards.
    assert browser.run("document.querySelectorAll('.untold[open]').length") == 0


def test_a_link_to_a_control_opens_it(browser, show):
    show(judged.audit())
    browser.run("document.querySelector('a[href^=\"#page-\"]').click()")
    assert browser.wait("document.getElementById('page-bad-one').open")


@pytest.mark.parametrize("width", [360, 800, 1920])
def test_it_fits_the_window(browser, show, width):
    browser.see(width=width)
    show(judged.fleet(20, KINDS))
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")


def test_on_paper_it_is_never_dark(browser, show):
    show(judged.audit())
    for dark in (False, True):
        browser.see(dark=dark, medium="print")
        back = browser.run("getComputedStyle(document.body).backgroundColor")
        assert back == "rgb(255, 255, 255)"
