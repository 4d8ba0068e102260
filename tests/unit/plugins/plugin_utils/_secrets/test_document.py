from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    changes as _changes,
    document as _document,
)
from hypothesis import given, strategies as st

from tests.kit.kept import FIRST as A, SECOND as B, entry

NOW = 1795525494.0


@pytest.mark.parametrize(
    "text, parts",
    [
        ("fleet/LiveApp/stream", ("fleet", "LiveApp", "stream")),
        ("a-b.c/x_y/rest", ("a-b.c", "x_y", "rest")),
        ("fleet/_default/stream", ("fleet", "_default", "stream")),
        ("fleet/management", ("fleet", "", "management")),
        ("fleet/cluster", ("fleet", "", "cluster")),
    ],
)
def test_scopes_are_read_and_written(text, parts):
    assert tuple(_document.Scope.parse(text)) == parts
    assert str(_document.Scope.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "fleet", "fleet/stream", "fleet/a/management", "fleet/a/b/stream", "/a/stream",
     "fleet/../stream", "fleet//stream", "fl eet/a/rest", "fleet/a/rest/",
     "f/" + "a" * 65 + "/rest", "fleet\n/management",
     "fleet/a/stream\n", None],
)  # fmt: skip
def test_anything_else_is_no_scope(text):
    with pytest.raises(_document.SecretError, match="is not a scope"):
        _document.Scope.parse(text)


@given(st.integers(0, 4102444800))
def test_a_stamp_is_read_back(moment):
    assert _document.unix(_document.stamp(moment)) == moment


def test_a_text_that_is_no_time_is_long_ago():
    assert _document.unix("yesterday") == _document.unix("") == 0.0
    assert _document.unix("1970-01-01T00:00:10") == 10.0


def test_nothing_that_is_described_is_a_secret():
    document = _changes.promote({"current": entry(A), "pending": entry(B)}, NOW)
    assert A not in repr(_document.describe(document)) and B not in repr(
        _document.describe(document)
    )
    assert set(_document.describe(document)) == {"current", "previous"}


@pytest.mark.parametrize(
    "document, reason",
    [
        ([], "is not a mapping"),
        ({"current": "text"}, "no text 'secret'"),
        ({"current": {"secret": 5}}, "no text 'secret'"),
        ({"pending": {"secret": ""}}, "empty secret"),
        ({"current": {**entry(A), "secret": B}}, "one of the two was edited"),
    ],
)
def test_documents_that_cannot_be_trusted(document, reason):
    assert reason in _document.check(document)
    assert A not in _document.check(document)


def test_what_a_person_leaves_out_is_filled_in():
    assert _document.check({"current": {"secret": A}, "pending": None}) is None
    assert _document.normalise({"current": {"secret": A}, "pending": None, "x": 1}) == {
        "current": entry(A),
        "x": 1,
    }
