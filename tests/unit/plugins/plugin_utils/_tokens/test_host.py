from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import host as _host
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.host import (
    HostSettingsError,
)

SERVER = b"""server.name=live.example.org
server.jwtServerSecretKey=mm
http.port=5080
https.port=5443
rtmp.port=1936
rtmps.port=8444
rtmps.enabled=true
"""
OFF = b"""<list>
  <!-- https start
  <bean><property value="${http.host}:${https.port}"/><entry key="SSLEnabled" value="true"/></bean>
  https end -->
</list>"""
ON = OFF.replace(b"<!-- https start", b"<!-- https start -->").replace(
    b"https end -->", b"<!-- https end -->"
)
NEW, OLD = (2, 17, 1), (2, 6, 1)


def test_endpoint():
    assert _host.endpoint(SERVER, OFF) == {
        "host": "live.example.org",
        "http_port": "5080",
        "https_port": "5443",
        "rtmp_port": "1936",
        "rtmps_port": "8444",
        "rtmps": True,
        "tls": False,
    }
    assert _host.endpoint(b"", ON) == {"tls": True, "rtmps": False}


def test_secrets():
    assert _host.secret(SERVER, "management", "") == "mm"
    both = b"jwtSecretKey=new\nsettings.jwtSecretKey=old\n"
    assert _host.secret(both, "rest", "LiveApp", NEW) == "new"
    assert _host.secret(both, "rest", "LiveApp", OLD) == "old"
    with pytest.raises(HostSettingsError, match=r"jwtSecretKey and settings\.jwtSecretKey differ"):
        _host.secret(both, "rest", "LiveApp")
    for data in (b"jwtStreamSecretKey=x", b"settings.jwtStreamSecretKey=x"):
        assert _host.secret(data, "stream", "LiveApp") == "x"
    assert _host.secret(b"tokenHashSecret=h", "hash", "LiveApp") == "h"
    assert _host.secret(b"timeTokenSecretForPlay=t", "totp_play", "LiveApp") == "t"
    assert _host.secret(b"", "rest", "LiveApp") == ""


def test_damaged_files():
    with pytest.raises(HostSettingsError, match=r"webapps/LiveApp/.* line 1"):
        _host.secret(b"a=\\u12", "rest", "LiveApp")


def test_versions():
    assert _host.parse_version("2.17.1") == NEW
    assert _host.parse_version("3.0.3-SNAPSHOT") == (3, 0, 3)
    for text in ("latest", "", "2"):
        with pytest.raises(HostSettingsError, match=r"such as 2\.17\.1"):
            _host.parse_version(text)


def test_where_secrets_are():
    assert _host.secret_file("") == "conf/red5.properties"
    assert _host.secret_file("a") == "webapps/a/WEB-INF/red5-web.properties"
