from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    observation as _observation,
)


def test_summary(fake):
    assert _observation.summary(fake.installation("2.17.1", clustered=True)) == {
        "home": "/ams",
        "version": "2.17.1",
        "edition": "community",
        "apps": ["LiveApp", "events"],
        "clustered": True,
    }


def test_secrets_go_by_fingerprint(fake):
    secrets = fake.SECRETS
    server = fake.SERVER + "server.jwtServerSecretKey={management}\n".format(**secrets).encode()
    app = fake.app_text("LiveApp") + (
        "\njwtSecretKey={rest}\njwtStreamSecretKey={stream}\ntokenHashSecret={hash}\n"
        "timeTokenSecretForPlay={totp_play}\n".format(**secrets).encode()
    )
    found = fake.installation("2.17.1", server, {"LiveApp": app})
    prints = _observation.fingerprints(found)
    assert prints == {
        "management": _secret.fingerprint(secrets["management"]),
        "apps": {
            "LiveApp": {
                "rest": _secret.fingerprint(secrets["rest"]),
                "stream": _secret.fingerprint(secrets["stream"]),
                "hash": _secret.fingerprint(secrets["hash"]),
                "totp_publish": "",
                "totp_play": _secret.fingerprint(secrets["totp_play"]),
                "cluster": "",
            }
        },
    }
    told = repr((prints, _observation.settings(found, ""), _observation.settings(found, "LiveApp")))
    for secret in secrets.values():
        assert secret not in told


def test_settings_are_those_a_start_would_use(fake):
    app = fake.app_text("LiveApp") + b"\nipFilterEnabled=no\nsettings.jwtControlEnabled=true\n"
    new = _observation.settings(fake.installation("2.17.1", apps={"LiveApp": app}), "LiveApp")
    assert new["ipFilterEnabled"] == "no"
    assert new["jwtControlEnabled"] == "true"
    assert new["remoteAllowedCIDR"] == "127.0.0.1"
    assert new["jwtSecretKey"] == ""
    assert "hlsTime" not in new  # decides nobody's access
    old = _observation.settings(fake.installation("2.6.1", apps={"LiveApp": app}), "LiveApp")
    assert old["ipFilterEnabled"] == "true"
    assert "webhookPlayAuthUrl" in new
    assert "webhookPlayAuthUrl" not in old


def test_settings_of_the_server(fake):
    found = _observation.settings(fake.installation(), "")
    assert found["server.allowed_dashboard_CIDR"] == "0.0.0.0/0"
    assert found["server.jwtServerSecretKey"] == ""
    assert "http.port" not in found


def test_stale_keys(fake):
    text = b"jwtSecretKey=a\nsettings.jwtSecretKey=b\nsettings.hlsTime=2\nipFilterEnabled=true\n"

    def stale(version):
        return sorted(
            _observation.stale_keys(fake.installation(version, apps={"LiveApp": text}), "LiveApp")
        )

    assert stale("2.6.1") == ["ipFilterEnabled", "jwtSecretKey"]
    assert stale("2.17.1") == ["settings.jwtSecretKey"]
    assert stale("3.0.3") == ["settings.hlsTime", "settings.jwtSecretKey"]
    assert _observation.stale_keys(fake.installation(), "") == []


def test_what_in_a_file_is_no_value(fake):
    found = fake.installation(apps={"LiveApp": b"hlsTime=abc\nipFilterEnabled=true\n"})
    (remark,) = _observation.remarks(found, "LiveApp")
    assert (remark.name, remark.key) == ("hlsTime", "hlsTime")
    assert "rtmp.io_threads" not in found.server.document
    assert [remark.key for remark in _observation.remarks(found, "")] == [""]
