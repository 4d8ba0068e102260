from __future__ import annotations

import hypothesis
import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    run as _run,
    table as _table,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    LONGEST_TEXT,
    MOST_ROWS,
    CannotTell,
    Evidence,
    Part,
    shown,
)
from hypothesis import strategies as st

from tests.kit import judged

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def untold(part, kind, key="x"):
    with pytest.raises(CannotTell, match=r"^here\.x is not told$"):
        getattr(part, kind)(key)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("text", "a", [None, 1, True, ["a"], {}, "a" * (LONGEST_TEXT + 1)]),
        ("flag", True, [None, 1, "true", "yes", []]),
        ("number", 1.5, [None, True, "1", [], 1e16, float("nan"), float("inf")]),
        ("texts", ["a"], [None, "a", {"a": 1}, [1], ["a", None], ["a"] * (MOST_ROWS + 1)]),
        ("part", {}, []),
        ("rows", [{}], [None, {}, "a", [{}] * (MOST_ROWS + 1)]),
        ("parts", {"a": {}}, [None, [], "a"]),
    ],
)
def test_a_value_of_another_kind_is_not_told(kind, good, bad):
    assert getattr(Part({"x": good}, "here"), kind)("x") is not None
    for value in (*bad, ...):
        untold(Part({} if value is ... else {"x": value}, "here"), kind)


@pytest.mark.parametrize(("kind", "value"), [("part", []), ("rows", [1]), ("parts", {"a": 1})])
def test_what_is_no_mapping_is_not_told(kind, value):
    with pytest.raises(CannotTell):
        getattr(Part({"x": value}, "here"), kind)("x")


def test_what_is_shown_is_a_line_and_not_too_long():
    assert shown("a\nb\x1b[0m") == "a b\\x1b[0m"
    assert shown("x" * 5000) == "x" * 197 + "..."
    assert shown(["\x00"]) == "['\\x00']"


@hypothesis.given(JSON)
@hypothesis.settings(max_examples=60)
def test_whatever_a_host_tells_is_judged(facts):
    host = Evidence("web1", facts if isinstance(facts, dict) else {})
    result = _run.run([host], _table.controls(), judged.NOW).hosts[0]
    assert not [f for f in result.findings if f.status == "fail"]
    assert not [f for f in result.findings if any("should not happen" in t for t in f.lines)]


def leaves(value, path=()):
    """The ways to all values in a mapping or list."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner if isinstance(value, (dict, list)) else ():
        if isinstance(part, (dict, list)):
            yield from leaves(part, (*path, key))
        else:
            yield (*path, key)


def with_one(facts, path, value):
    """A copy with one value in another's place."""
    if not path:
        return value
    copy = facts.copy()
    copy[path[0]] = with_one(facts[path[0]], path[1:], value)
    return copy


def test_nonsense_in_any_one_place_is_no_fault_of_ours(audited_host):
    audited_host.only("LiveApp")
    audited_host.app({"jwtControlEnabled": "true", "jwtSecretKey": "short"})
    facts = audited_host.facts()
    controls = _table.controls()
    for path in leaves(facts):
        for value in (None, 7, "\x00<b>", [[]], {"x": 1}):
            host = Evidence("web1", with_one(facts, path, value), fleet="a")
            if isinstance(host.facts, dict):
                result = _run.run([host, Evidence("b", facts, fleet="b")], controls, judged.NOW)
                texts = [text for f in result.hosts[1].findings for text in f.lines]
                assert not [text for text in texts if "should not happen" in text], (path, value)


def test_a_host_that_was_not_reached():
    host = Evidence("web1", problem="unreachable: no route")
    with pytest.raises(CannotTell, match=r"^unreachable: no route$"):
        host.told.text("home")


def test_a_host_without_an_installation():
    host = Evidence("web1", {"home": "/x", "faults": ["home: /x is not a folder"]})
    assert not host.installed
    for name in ("version", "server", "apps", "running", "enterprise", "overruled", "differs"):
        with pytest.raises(CannotTell, match=r"^home: /x is not a folder$"):
            getattr(host, name)


def test_whether_it_runs():
    def runs(**facts):
        return judged.evidence(facts=facts).running

    assert runs() is True
    assert runs(process=None, unseen=None) is False
    with pytest.raises(CannotTell, match=r"^port 5080 answers$"):
        runs(process=None, unseen="port 5080 answers")


def test_a_text_that_does_not_hold_is_not_told(audited_host):
    place = audited_host.evidence().apps[0]
    assert (place.text("remoteAllowedCIDR"), place.of_file("ipFilterEnabled")) == (
        "127.0.0.1",
        "true",
    )
    assert place.text("s3Permission") == "public-read"
    assert place.text("clusterCommunicationKey") == ""
    with pytest.raises(CannotTell, match=r"^LiveApp: nothing is not told$"):
        place.text("nothing")
    audited_host.tell(memory={"differs": {"LiveApp": ["remoteAllowedCIDR"]}})
    place = audited_host.evidence().apps[0]
    with pytest.raises(CannotTell, match="running server holds another remoteAllowedCIDR"):
        place.text("remoteAllowedCIDR")
    assert place.of_file("remoteAllowedCIDR") == "127.0.0.1"


def test_a_secret_without_a_word_of_it(audited_host):
    audited_host.app({"jwtSecretKey": "short-and-secret"})
    place = audited_host.evidence().apps[0]
    secret = place.secret("jwtSecretKey")
    assert (secret.number("length"), secret.flag("sample")) == (16, False)
    assert place.secret("jwtStreamSecretKey") is None
    assert "short-and-secret" not in str(audited_host.facts())


def test_what_could_not_be_seen(audited_host):
    audited_host.tell(unread=["/a: no", "/b: no"], evidence={"unread": ["/b: no", "/c: no"]})
    audited_host.tell(faults=["/d: no"])
    assert audited_host.evidence().unread() == ("/d: no", "/a: no", "/b: no", "/c: no")
