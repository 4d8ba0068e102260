from __future__ import annotations

import os

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import copies as _copies

SECRET = "rEst-secret-0123456789-abcdefghij-x"


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setattr(_copies, "ELSEWHERE", (str(folder),))
    return folder


@pytest.fixture
def look(scene, elsewhere, tmp_path):
    def found():
        return {os.path.relpath(row["path"], tmp_path): row for row in _copies.look(scene())}

    return found


def test_as_shipped(look, home):
    (home / "StreamApp-2.17.1.war").write_bytes(b"")
    (home / "conf" / ".red5.properties.streamward-old").write_bytes(b"")
    assert look() == {}


@pytest.mark.parametrize(
    "name",
    [
        "conf/red5.properties.bak",
        "conf/red5.properties~",
        "conf/red5.properties-2026-01-01",
        "conf/red5.properties.orig",
        "conf/jee-container.xml.save",
        "conf/keystore.jks.old",
        "conf/red5 copy.properties",
        "webapps/LiveApp/WEB-INF/red5-web.properties.1",
        "server.db.bak",
        "backup.tar.gz",
    ],
)
def test_beside_the_files(look, home, name):
    (home / name).write_bytes(b"")
    assert list(look()) == [f"antmedia/{name}"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("antmedia-backup-2026", True),
        ("ant-media-server.tar.gz", True),
        ("red5.properties.bak", True),
        ("antmedia", False),
        ("something.tar.gz", False),
        ("red5", False),
    ],
)
def test_elsewhere(look, elsewhere, name, found):
    (elsewhere / name).mkdir()
    assert list(look()) == ([f"elsewhere/{name}"] if found else [])


def test_beside_the_home(look, tmp_path):
    (tmp_path / "antmedia-backup-old").mkdir(mode=0o755)
    row = look()["antmedia-backup-old"]
    assert (row["folder"], row["mode"], row["secrets"]) == (True, "0755", {})


def test_which_secrets_are_in_it(look, home):
    path = home / "conf" / "red5-web.properties.bak"
    path.write_text(f"jwtSecretKey={SECRET}\nserver.jwtServerSecretKey=\nx=1\n")
    path.chmod(0o644)
    row = look()["antmedia/conf/red5-web.properties.bak"]
    assert row["secrets"] == {"jwtSecretKey": _secret.fingerprint(SECRET)}
    assert row["written"] == int(path.stat().st_mtime)
    path.write_bytes(b"a=\\u12\n")
    assert look()["antmedia/conf/red5-web.properties.bak"]["secrets"] is None


def test_copies_without_end(scene, elsewhere):
    for number in range(_copies.MOST + 1):
        (elsewhere / f"antmedia-backup-{number}").mkdir()
    found = scene()
    assert len(_copies.look(found)) == _copies.MOST
    assert found.files.unread == ["copies: there are more than 50; the others were left out"]
