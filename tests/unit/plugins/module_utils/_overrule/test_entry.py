from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import entry as _entry


def entry(app="*", setting="hlsTime", way=_entry.PROPERTY, fills=False):
    return _entry.Entry(app, setting, "key", way, "/x", _entry.NOW, fills)


@pytest.mark.parametrize(
    ("found", "app", "names", "concerned"),
    [
        (entry(), "one", ["hlsTime"], True),
        (entry(), "one", ["gopSize"], False),
        (entry(), "", ["hlsTime"], False),  # of all applications, and the server is none
        (entry("one"), "one", ["hlsTime"], True),
        (entry("two"), "one", ["hlsTime"], False),
        (entry("one", "*"), "one", ["hlsTime"], True),
        (entry("one", "*"), "one", [], False),
        (entry("", "http.port"), "", ["http.port"], True),
        (entry("", "http.port"), "one", ["http.port"], False),
    ],
)
@pytest.mark.parametrize("written", [True, False])
def test_whom_it_concerns(found, app, names, concerned, written):
    assert found.concerns(app, names, written) is concerned


@pytest.mark.parametrize("found", [entry(fills=True), entry(way=_entry.REFERENCE)])
def test_what_a_run_mends(found):
    assert not found.concerns("one", ["hlsTime"], written=True)
    assert found.concerns("one", ["hlsTime"], written=False)


def test_a_database_concerns_nobody():
    found = entry(way=_entry.DATABASE)
    assert not found.concerns("one", ["hlsTime"], True)
    assert not found.concerns("one", ["hlsTime"], False)


def test_as_facts_show_it():
    assert entry("one").shown() == {
        "app": "one",
        "setting": "hlsTime",
        "key": "key",
        "way": "system property",
        "where": "/x",
        "when": "now",
        "fills": False,
    }
