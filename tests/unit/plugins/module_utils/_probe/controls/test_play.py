from __future__ import annotations

import hashlib

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.asked import Options
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)

NOW = 1_800_000_000


def test_hashes(compile_, fake):
    control = compile_(app_defaults={"play": "hash"})["play"]
    (good,) = (p for p in control.probes if p.expected == LET_IN)
    stream = good.path.rpartition("/")[2].partition(".")[0]
    text = stream + "play" + fake.SECRETS["hash"]
    assert good.token.text(NOW) == hashlib.sha256(text.encode()).hexdigest()
    assert sum(p.expected == REFUSED and p.surface.name == "hls" for p in control.probes) == 4


def test_streams_are_new_every_time(compile_):
    first, second = (compile_(app_defaults={"play": "jwt"})["play"] for _time in range(2))
    streams = [
        {p.path or p.stream for p in control.probes if not p.surface.outside}
        for control in (first, second)
    ]
    assert streams[0].isdisjoint(streams[1])


def doors(control):
    return {p.surface.name for p in control.probes}


FILES = {
    "hls", "hls-adaptive", "hls-quality", "segment", "dash", "dash-segment", "recording",
    "recording-webm", "other-file",
}  # fmt: skip


@pytest.mark.parametrize(
    ("version", "more"),
    [
        ("2.4.3", set()),
        ("2.11.0", {"ll-hls", "fragment"}),
        ("2.17.1", {"ll-hls", "fragment"}),
    ],
)
def test_the_doors_of_a_version(compile_, version, more):
    control = compile_(on={"version": version}, app_defaults={"play": "jwt"})["play"]
    assert doors(control) == FILES | more | {"rtmp-play", "play-api"}
    for probe in control.probes:
        assert probe.surface.name == "hls" or probe.expected == REFUSED


@pytest.mark.parametrize(
    ("version", "setting", "more"),
    [
        ("2.4.3", "generatePreview", {"preview"}),
        ("2.17.1", "generatePreview", {"preview"}),
        ("2.14.0", "s3RecordingEnabled", set()),
        ("2.15.0", "s3RecordingEnabled", {"cloud-file"}),
    ],
)
def test_doors_that_a_setting_opens(compile_, version, setting, more):
    policy = {"play": "jwt", "settings": {setting: True}}
    control = compile_(on={"version": version}, app_defaults=policy)["play"]
    assert doors(control) & {"preview", "cloud-file"} == more


def test_a_door_for_tls(compile_):
    tls = {"server": b"rtmps.enabled=true\nrtmps.port=8443\n"}
    control = compile_(on=tls, app_defaults={"play": "jwt"})["play"]
    assert "rtmps-play" in doors(control)


def test_pictures_that_are_there_are_open_whatever_made_them(compile_):
    """A setting that is off now, or that something overrules, says nothing of them."""
    lying = frozenset({("LiveApp", "previews")})
    for version in ("2.4.3", "2.17.1"):
        about = {"on": {"version": version}, "app_defaults": {"play": "jwt"}}
        assert "preview" in doors(compile_(options=Options(lying=lying), **about)["play"])
        others = Options(lying=frozenset({("events", "previews"), ("LiveApp", "")}))
        found = doors(compile_(options=others, **about)["play"])
        assert "preview" not in found and "rtmps-play" not in found
    closed = compile_(
        options=Options(lying=lying), app_defaults={"play": "jwt"}, closed_doors=["preview"]
    )
    assert "preview" not in doors(closed["play"])


def test_an_api_that_is_open_to_ipv4_is_asked_from_there(compile_):
    policy = {"play": "jwt", "rest_cidrs": ["any_ipv4"]}
    (probe,) = (
        p for p in compile_(app_defaults=policy)["play"].probes if p.surface.name == "play-api"
    )
    assert probe.source.address == "127.0.0.1"


def test_whatever_is_bad_is_shown_over_rtmp(compile_):
    control = compile_(app_defaults={"play": "jwt"})["play"]
    cases = [p.case for p in control.probes if p.surface.name == "rtmp-play"]
    bad = [p.case for p in control.probes if p.surface.name == "hls" and p.expected == REFUSED]
    assert cases == [f"{case}, over RTMP" for case in bad]
