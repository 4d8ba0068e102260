from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.endpoint import (
    Endpoint,
    UrlError,
)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({}, "host: is needed"),
        ({"host": ""}, "endpoint.host"),
        ({"host": "https://h"}, "neither a host name"),
        ({"host": "h/app"}, "neither a host name"),
        ({"host": "h:5443"}, "neither a host name"),
        ({"host": "-h"}, "neither a host name"),
        ({"host": "a b"}, "neither a host name"),
        ({"host": "h", "http_port": 0}, "from 1 to 65535"),
        ({"host": "h", "srt_port": 70000}, "from 1 to 65535"),
        ({"host": "h", "rtmp_port": "x"}, "is not a port"),
        ({"host": "h", "rtmp_port": True}, "is not a port"),
        ({"host": "h", "tls": "maybe"}, "neither true nor false"),
        ({"host": "h", "port": 80}, "is not known"),
    ],
)
def test_bad_endpoints(values, word):
    with pytest.raises(UrlError, match=word):
        Endpoint.of(values)


def test_all_faults_of_an_endpoint_at_once():
    with pytest.raises(UrlError) as caught:
        Endpoint.of({"host": "a b", "tls": "x", "port": 1})
    assert len(caught.value.faults) == 3
