from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    certificates as _certificates,
)

TLS = Path(__file__).parent / "tls"
CONTAINER = b'<beans><entry key="SSLEnabled" value="true"/><x p="${https.port}"/></beans>'


@pytest.fixture
def look(scene, home):
    def found(https="", rtmps="", container=CONTAINER):
        (home / "conf/jee-container.xml").write_bytes(container)
        text = f"\nhttp.ssl_certificate_file={https}\nrtmps.keystorefile={rtmps}\n"
        text += f"rtmps.enabled={'true' if rtmps else 'false'}\n"
        path = home / "conf/red5.properties"
        path.write_text(path.read_text() + text)
        made = scene()
        return _certificates.look(made), made.files.unread

    return found


@pytest.fixture
def conf(home):
    def copy(name, target):
        (home / "conf" / target).write_bytes((TLS / name).read_bytes())

    return copy


def test_a_server_without_tls(look):
    found, _unread = look(https="conf/fullchain.pem", container=b"<beans/>")
    assert found == {"https": False, "rtmps": False, "files": []}


def test_the_certificates_of_https(look, conf, home):
    conf("chain.pem", "fullchain.pem")
    found, _unread = look(https="conf/fullchain.pem")
    (file,) = found["files"]
    assert found["https"] is True
    assert (file["path"], file["used_for"], file["kind"], file["open"]) == (
        str(home / "conf/fullchain.pem"),
        ["https"],
        "pem",
        None,
    )
    assert [each["subject"] for each in file["certificates"]] == [
        "CN=edge.example.net",
        "CN=Example CA",
    ]


@pytest.mark.parametrize(
    ("name", "kind", "opened", "count"),
    [
        ("keystore.jks", "jks", True, 1),
        ("keytool.p12", "pkcs12", True, 0),
        ("openssl.p12", "pkcs12", False, 0),
        ("make.sh", "", None, 0),
    ],
)
def test_the_keystore_of_rtmps(look, conf, name, kind, opened, count):
    conf(name, "keystore")
    found, _unread = look(rtmps="conf/keystore")
    (file,) = found["files"]
    assert (file["kind"], file["open"], len(file["certificates"])) == (kind, opened, count)


def test_a_file_that_is_not_there(look, home):
    found, _unread = look(https="/nowhere/x.pem")
    assert found["files"][0]["there"] is False
    assert found["files"][0]["path"] == "/nowhere/x.pem"


def test_a_file_that_is_none_is_named(look, home):
    path = home / "conf/x.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    found, unread = look(https="conf/x.pem")
    assert found["files"][0]["certificates"] == []
    assert unread and unread[0].startswith(f"{path}: ")


def test_what_is_no_certificate_is_not_shown(look, home):
    path = home / "conf/x.pem"
    path.write_text("root:hidden:0:0\n")
    found, unread = look(https="conf/x.pem")
    assert "hidden" not in str(found) + str(unread)
