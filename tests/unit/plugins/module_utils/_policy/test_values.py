"""Values of YAML as texts of the server."""

from __future__ import annotations

import math

import pytest


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("mp4MuxingEnabled", "maybe", "is not a boolean; write true or false"),
        ("mp4MuxingEnabled", "", "is not a boolean; write true or false"),
        ("mp4MuxingEnabled", 1, "is not a boolean; write true or false"),
        ("mp4MuxingEnabled", [], "is not a boolean; write true or false"),
        ("gopSize", "1k", "is not a whole number"),
        ("gopSize", "", "is not a whole number"),
        ("gopSize", "1_000", "is not a whole number"),
        ("gopSize", 1.5, "is not a whole number"),
        ("gopSize", math.inf, "is not a number"),
        ("gopSize", math.nan, "is not a number"),
        ("hlsTime", math.nan, "is not a number"),
        ("hlsTime", 2**63, "is beyond what the server can hold"),
        ("gopSize", True, "is not a number"),
        ("gopSize", [1], "is not a number"),
        ("gopSize", 2**31, "is beyond what the server can hold, 2147483647"),
        ("abrUpScalePacketLostRatio", "x", "is not a decimal number"),
        ("abrUpScalePacketLostRatio", math.inf, "is not a number"),
        ("abrUpScalePacketLostRatio", {}, "is not a number"),
        ("customSettings", "{", "is not a JSON object"),
        ("customSettings", [1], "is not a JSON object"),
        ("customSettings", {"a": math.nan}, "is not a JSON object"),
        ("customSettings", {"a": {1}}, "is not a JSON object"),
        ("hlsTime", [2], "is not a text"),
        ("hlsTime", "2 ", "has blanks at an end, which the server would keep"),
        ("hlsTime", "2\n3", "has control characters"),
        ("hlsTime", "2\x7f", "has control characters"),
        ("hlsTime", "${x}", "has ${ or #{, which the server would expand or execute"),
        (
            "customSettings",
            '{"a": "#{1}"}',
            "has ${ or #{, which the server would expand or execute",
        ),
        ("listenerHookURL", "ftp://x", "is not an address that starts with http:// or https://"),
        ("listenerHookURL", True, "is not an address that starts with http:// or https://"),
    ],
)
def test_values_of_the_wrong_type(faults, name, value, reason):
    assert faults(apps={"LiveApp": {"settings": {name: value}}}) == [
        f"antmedia_apps.LiveApp.settings.{name}: {value!r} {reason}"
    ]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("mp4MuxingEnabled", True, "true"),
        ("mp4MuxingEnabled", "off", "false"),
        ("gopSize", 5, "5"),
        ("gopSize", "05", "5"),
        ("gopSize", 5.0, "5"),
        ("gopSize", -(2**31), "-2147483648"),
        ("abrUpScalePacketLostRatio", ".5", "0.5"),
        ("abrUpScalePacketLostRatio", 1, "1.0"),
        ("customSettings", {"b": 1, "a": [True]}, '{"a":[true],"b":1}'),
        ("customSettings", '{"b": 1}', '{"b":1}'),
        ("hlsTime", 4, "4"),
        ("encoderName", True, "true"),
        ("hlsPlayListType", "event", "event"),
        ("s3StorageClass", "standard_ia", "standard_ia"),
        ("hlsflags", "", ""),
        ("listenerHookURL", "", ""),
        ("listenerHookURL", "https://example.net/x", "https://example.net/x"),
    ],
)
def test_texts_of_values(compile_, name, value, text):
    assert compile_(apps={"LiveApp": {"settings": {name: value}}}).apps["LiveApp"] == {name: text}


@pytest.mark.parametrize(
    "value",
    ["[" * 100_000, '{"a":' * 100_000, "9" * 100_000, 10**100_000],
    ids=["lists", "mappings", "digits", "number"],
)
@pytest.mark.parametrize("name", ["customSettings", "gopSize"])
def test_a_value_too_large_to_show(faults, name, value):
    (fault,) = faults(apps={"LiveApp": {"settings": {name: value}}})
    assert fault.startswith(f"antmedia_apps.LiveApp.settings.{name}: ") and len(fault) < 400


@pytest.mark.parametrize("port", [0, -1, 65536, 70000])
def test_a_port_is_one(faults, port):
    assert faults(server_settings={"rtmp.port": port}) == [
        f"antmedia_server_settings.rtmp.port: {port} is not a port; a port is a number from 1 to"
        " 65535"
    ]
