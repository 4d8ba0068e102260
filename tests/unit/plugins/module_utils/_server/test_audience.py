from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    audience as _audience,
)

pytestmark = pytest.mark.usefixtures("listens")

Audience = _audience.Audience
LIST = "/{0}/rest/v2/broadcasts/list/{1}/50"


@pytest.fixture
def count(fake, web):
    def ask():
        server = f"http.port={web.port}".encode()
        return _audience.count(
            fake.installation(server=server, apps={"LiveApp": b"", "events": b""})
        )

    for app in ("LiveApp", "events"):
        web.answers["GET", LIST.format(app, 0)] = (200, [])
    return ask


def stream(name, status="broadcasting", **viewers):
    return {"streamId": name, "status": status, **viewers}


def test_nobody(count):
    assert count() == []


def test_publishers_and_viewers(count, web):
    web.answers["GET", LIST.format("events", 0)] = (
        200,
        [
            stream("a", hlsViewerCount=3, webRTCViewerCount=2, dashViewerCount=None),
            stream("b", hlsViewerCount=-1, rtmpViewerCount=-1),
            stream("old", status="finished", hlsViewerCount=9),
            stream("created", status="created"),
        ],
    )
    (found,) = count()
    assert found == Audience("events", {"a": 5, "b": 0})
    assert found.viewers == 5
    assert found.shown() == {
        "app": "events",
        "publishers": 2,
        "viewers": 5,
        "streams": ["a", "b"],
        "known": True,
    }


def test_every_page(count, web):
    for page, size in enumerate((50, 50, 1)):
        web.answers["GET", LIST.format("LiveApp", page * 50)] = (
            200,
            [stream(f"s{page}-{number}") for number in range(size)],
        )
    (found,) = count()
    assert len(found.streams) == 101
    assert len(found.shown()["streams"]) == 20


def test_a_list_without_end(count, web, monkeypatch):
    monkeypatch.setattr(_audience, "MOST_PAGES", 2)
    page = [stream(f"s{number}") for number in range(50)]
    for offset in (0, 50):
        web.answers["GET", LIST.format("LiveApp", offset)] = (200, page)
    (found,) = count()
    assert len(found.streams) == 50
    assert len(web.requests) == 3


@pytest.mark.parametrize("answer", [(403, b""), (500, b""), (200, {"x": 1})])
def test_an_application_that_does_not_say(count, web, answer):
    web.answers["GET", LIST.format("LiveApp", 0)] = answer
    (found,) = count()
    assert found == Audience("LiveApp", {}, known=False)
    assert found.shown()["known"] is False


def test_in_words():
    found = [
        Audience("a", {"one": 1, "two": 0}),
        Audience("b", {}, known=False),
        Audience("c", {f"s{number}": 1 for number in range(9)}),
    ]
    assert _audience.sentence(found) == (
        "a: 2 publishers (one, two), 1 viewer; b: cannot tell, its REST API does not answer; c: 9"
        " publishers (s0, s1, s2, s3, s4), 9 viewers"
    )


def test_how_many_in_all():
    audiences = [
        _audience.Audience("LiveApp", {"a": 2, "b": 1}),
        _audience.Audience("events", {"c": 0}),
    ]
    assert _audience.total(audiences) == "3 publishers, 3 viewers"
    audiences.append(_audience.Audience("other", {}, known=False))
    assert _audience.total(audiences) == (
        "3 publishers, 3 viewers, and whoever was on other, which did not say"
    )
