from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.streamward.antmedia.plugins.filter import antmedia_urls as plugin
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import urls as _urls
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.endpoint import Endpoint

urls = plugin.FilterModule().filters()["antmedia_urls"]
HOST = Endpoint("live.example.org")


def test_each_realm():
    proof = _urls.credentials("t")
    assert urls("t", "a", "s", "publish", host="live.example.org") == _urls.publish(
        HOST, "a", "s", proof
    )
    assert urls("t", "a", "s", "play", host="live.example.org", vod_file="x.mp4") == _urls.play(
        HOST, "a", "s", proof, file="x.mp4"
    )
    assert urls("t", "a", realm="rest", host="live.example.org") == _urls.rest(HOST, "a", "t")
    assert urls("t", realm="management", host="live.example.org") == _urls.management(HOST, "t")


def test_codes():
    made = urls("123456", "a", "s", "play", host="h.example", tls=False, subscriber="sub1")
    assert made["hls"].endswith("?subscriberId=sub1&subscriberCode=123456")


def test_the_doors_of_a_version():
    new = urls("t", "a", "s", "play", host="h.example", version="2.17.1", quality="720p")
    assert {"ll_hls", "dash", "rtmp_play", "hls_quality"} <= set(new)
    old = urls("t", "a", "s", "play", host="h.example", version="2.4.3")
    assert not {"ll_hls", "dash", "rtmp_play", "hls_quality"} & set(old)
    made = urls("t", "a", "s", "publish", host="h.example", version="2.10.1")
    assert made["whip_header"] == "Authorization: t"
    made = urls("t", "a", "s", "publish", host="h.example", version="2.11.0")
    assert made["whip_header"] == "Authorization: Bearer t"


def test_one_error_with_every_fault():
    with pytest.raises(AnsibleFilterError) as caught:
        urls("", "a/b", "s t", "x", host="a b", vod_file="..", version="new", quality="hd")
    for word in ("token", "app", "stream", "type", "host", "vod_file", "version", "quality"):
        assert word in str(caught.value)


def test_the_documentation_has_every_argument():
    path = Path(plugin.__file__).with_suffix(".yml")
    options = yaml.safe_load(path.read_text())["DOCUMENTATION"]["options"]
    arguments = {*plugin.antmedia_urls.__annotations__}
    code = plugin.antmedia_urls.__code__
    arguments = set(code.co_varnames[: code.co_argcount]) - {"token"}
    arguments |= set(Endpoint.__dataclass_fields__)
    assert arguments | {"_input"} == set(options)
