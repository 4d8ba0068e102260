"""Which layer decides, and how layers name applications."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
)
from hypothesis import given, strategies as st

BOTH = ("LiveApp", "events")


def test_layers_from_the_weakest_to_the_strongest(compile_):
    wanted = compile_(
        app_defaults={
            "settings": {"hlsTime": 1, "hlsListSize": 5, "gopSize": 1, "vp8Enabled": True}
        },
        apps={"LiveApp": {"settings": {"hlsListSize": 6, "gopSize": 2, "vp8Enabled": False}}},
        group_apps={"LiveApp": {"settings": {"gopSize": 3}}},
        host_apps={"LiveApp": {"settings": {"vp8Enabled": True}}, "events": {}},
    )
    assert wanted.apps["LiveApp"] == {
        "hlsTime": "1",
        "hlsListSize": "6",
        "gopSize": "3",
        "vp8Enabled": "true",
    }
    assert wanted.apps["events"] == {
        "hlsTime": "1",
        "hlsListSize": "5",
        "gopSize": "1",
        "vp8Enabled": "true",
    }


def test_an_app_may_be_named_with_blanks_around(compile_):
    assert compile_(apps={" LiveApp": {"settings": {"gopSize": 3}}}).apps["LiveApp"]


def test_a_layer_over_settings_of_the_wrong_kind(compile_):
    wanted = compile_(
        app_defaults={"settings": "x"}, apps={n: {"settings": {"gopSize": 3}} for n in BOTH}
    )
    assert wanted.apps["LiveApp"] == {"gopSize": "3"}


@given(data=st.data())
def test_the_strongest_layer_that_speaks_decides(fake, data):
    values = st.none() | st.integers(0, 9)
    said = {layer: data.draw(values, layer) for layer in _words.LAYERS}
    policy = {
        layer: {"settings": {"gopSize": value}}
        if layer == "app_defaults"
        else {"LiveApp": {"settings": {"gopSize": value}}}
        for layer, value in said.items()
        if value is not None
    }
    wanted = _compile.compile_policy(policy, fake.installation())
    decided = [value for value in said.values() if value is not None]
    assert wanted.apps["LiveApp"] == ({"gopSize": str(decided[-1])} if decided else {})


def test_unknown_application_with_those_there_are(faults):
    assert faults(apps={"liveapp": {}}) == [
        "antmedia_apps.liveapp: there is no application 'liveapp' on this host; it has LiveApp,"
        " events"
    ]
    assert faults(host_apps={"x": {}}, on={"apps": {}}) == [
        "antmedia_host_apps.x: there is no application 'x' on this host; it has none"
    ]


def test_an_app_named_twice_in_one_layer(faults):
    assert faults(group_apps={"LiveApp": {}, "LiveApp ": {"rest_jwt": False}}) == [
        "antmedia_group_apps.LiveApp : names the application LiveApp a second time"
    ]


@pytest.mark.parametrize("layer", _words.LAYERS)
def test_a_layer_that_is_no_mapping(faults, layer):
    assert faults(**{layer: ["LiveApp"]}) == [f"antmedia_{layer}: ['LiveApp'] is not a mapping"]


def test_an_app_that_is_no_mapping(faults):
    assert faults(apps={"LiveApp": "jwt"}) == ["antmedia_apps.LiveApp: 'jwt' is not a mapping"]
