"""What a policy guards, and another door leaves open."""

from __future__ import annotations

import pytest

OLD = {"edition": "enterprise", "version": "2.6.2"}
WHERE = "antmedia_app_defaults.play: "


@pytest.fixture
def policy(fake):
    def of(**words):
        secrets = {"stream": fake.SECRETS["stream"], "rest": fake.SECRETS["rest"]}
        return {"app_defaults": {"play": "jwt", **words}, "secrets": {"app_defaults": secrets}}

    return of


def test_a_door_that_is_open_is_a_fault(faults, policy):
    assert faults(on=OLD, **policy(settings={"rtmpPlaybackEnabled": True})) == [
        WHERE + "everybody plays over RTMP, which asks for no token before 2.16.0; set settings:"
        " {rtmpPlaybackEnabled: false}, or set antmedia_unenforceable: warn"
    ]
    (fault,) = faults(on={**OLD, "version": "2.4.3"}, **policy())
    assert "no switch before 2.5.0; upgrade the server" in fault


def test_what_the_host_holds_counts_too(faults, policy, compile_):
    files = {"LiveApp": b"rtmpPlaybackEnabled=true\n"}
    (fault,) = faults(on={**OLD, "apps": files}, **policy())
    assert "over RTMP" in fault
    closed = policy(settings={"rtmpPlaybackEnabled": False})
    assert compile_(on={**OLD, "apps": files}, **closed).warnings == []


def test_it_may_be_a_warning(compile_, policy):
    open_ = policy(settings={"generatePreview": True})
    wanted = compile_(on=OLD, unenforceable="warn", **open_)
    assert wanted.warnings
    assert all("preview pictures are shown to everybody" in text for text in wanted.warnings)


def test_a_door_that_something_else_closes(compile_, faults, policy):
    open_ = policy(settings={"generatePreview": True, "rtmpPlaybackEnabled": True})
    closed = ["rtmp-play", "preview"]
    assert compile_(on=OLD, closed_doors=closed, **open_).closed == set(closed)
    (fault,) = faults(on=OLD, closed_doors=["preview", "cellar"], **policy())
    assert fault.startswith(
        "antmedia_closed_doors: 'cellar' is not a door; known are hls-adaptive,"
    )
    (fault,) = faults(on=OLD, closed_doors="preview", **policy())
    assert "not a list of names" in fault


def test_an_open_api_makes_tokens(faults, policy):
    (fault,) = faults(on=OLD, **policy(rest_cidrs="any"))
    assert "make tokens; narrow rest_cidrs, or set rest_jwt: true" in fault
    found = faults(on=OLD, **policy(rest_cidrs="any", rest_jwt=True, publish="jwt"))
    assert [text.partition(":")[0] for text in found] == ["antmedia_app_defaults.publish"]
    assert "/chunked" in found[0]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (OLD, {}),
        (OLD, {"play": "none", "settings": {"rtmpPlaybackEnabled": True}}),
        ({**OLD, "version": "2.17.1"}, {"settings": {"rtmpPlaybackEnabled": True}}),
    ],
)
def test_where_nothing_is_open(compile_, policy, on, words):
    assert compile_(on=on, **policy(**words)).warnings == []


def test_where_no_token_is_enforced_no_door_makes_that_untrue(compile_, policy):
    on = {"edition": "community", "version": "2.6.2"}
    open_ = policy(settings={"generatePreview": True})
    found = compile_(on=on, unenforceable="warn", **open_).warnings
    assert found and not any("preview" in text for text in found)


def test_a_switch_that_this_version_does_not_act_upon(faults, compile_):
    policy = {"app_defaults": {"settings": {"rtmpPlaybackEnabled": False}}}
    for edition in ("community", "enterprise"):
        (fault,) = faults(on={"edition": edition, "version": "2.17.1"}, **policy)
        assert fault.startswith("antmedia_app_defaults.settings.rtmpPlaybackEnabled: false: ")
        assert "2.16.0 to 2.17.1" in fault
    assert compile_(on={"version": "2.15.0"}, **policy).warnings == []
