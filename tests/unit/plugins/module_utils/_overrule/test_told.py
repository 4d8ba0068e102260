from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    told as _told,
)


def entry(way=_entry.PROPERTY, app="*", setting="hlsTime", key=None, where="/x", **more):
    return _entry.Entry(app, setting, key or setting, way, where, **more)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            entry(),
            "/x sets the system property hlsTime, which overrules the files of all applications;"
            " take it out there",
        ),
        (
            entry(_entry.PARAMETER, "LiveApp", when=_entry.NEXT),
            "/x has the context parameter hlsTime, which overrules the file of application LiveApp"
            " from the next start on; take it out there",
        ),
        (
            entry(_entry.ENVIRONMENT, where="the server's environment", when=_entry.NOW),
            "the server's environment has hlsTime, which overrules the files of all applications;"
            " take it out of the unit and its drop-ins",
        ),
        (
            entry(_entry.LITERAL, "", "http.port", "address"),
            "/x has a value of its own for address, which overrules the server's file; put the"
            " placeholder back",
        ),
        (
            entry(_entry.BEAN, "LiveApp", "*", "a second bean"),
            "/x has a second bean, which overrules the file of application LiveApp; take it out"
            " there",
        ),
        (
            entry(_entry.BEAN, "LiveApp"),
            "/x sets hlsTime, which overrules the file of application LiveApp; take it out there",
        ),
        (
            entry(_entry.PROPERTY, "", "http.port", fills=True),
            "/x sets the system property http.port, for lack of it in the server's file; take it"
            " out there",
        ),
        (
            entry(_entry.REFERENCE, "LiveApp"),
            "/x has a reference to elsewhere as the value of hlsTime; write the value itself",
        ),
    ],
)
def test_a_sentence(found, sentence):
    assert _told.sentences([found]) == [sentence]


WAYS = {
    *(_entry.ENVIRONMENT, _entry.PROPERTY, _entry.PARAMETER, _entry.NAMING, _entry.OTHER_FILE),
    *(_entry.BEAN, _entry.CLASS_PATH, _entry.FOLDER, _entry.LITERAL, _entry.REFERENCE),
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_every_way_has_its_words(way):
    assert len(_told.sentences([entry(way)])) == 1


def test_these_are_all_ways():
    words = {text for name, text in vars(_entry).items() if name.isupper()}
    moments = {_entry.NOW, _entry.NEXT, _entry.ALWAYS, _entry.EVERY}
    assert words == {*WAYS, *moments, _entry.DATABASE}


def test_one_sentence_for_a_place():
    found = [entry(setting=name) for name in ("a", "b", "c", "d", "e", "f", "g")]
    (sentence,) = _told.sentences([*found, found[0]])
    assert "a, b, c, d, e and 2 more" in sentence


def test_one_sentence_for_what_applications_have_in_common():
    found = [entry(app=app) for app in ("one", "two")] + [entry(app="three", setting="other")]
    one, other = _told.sentences(found)
    assert "the files of applications one, two;" in one
    assert "the file of application three;" in other


def test_a_database_is_told_elsewhere():
    assert _told.sentences([entry(_entry.DATABASE)]) == []


def test_what_the_unit_does_not_have_any_more():
    now = entry(when=_entry.NOW)
    assert "restart the server first" in _told.sentences([now], unit=True)[0]
    assert "restart" not in _told.sentences([now])[0]
    both = _told.sentences([now, entry(where="/unit", when=_entry.NEXT)], unit=True)
    assert not [sentence for sentence in both if "restart" in sentence]
