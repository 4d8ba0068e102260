from __future__ import annotations

import os

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import paths as _paths


@pytest.fixture
def look(scene, home):
    def found():
        return {os.path.relpath(row["path"], home): row for row in _paths.look(scene())}

    return found


def test_what_holds_secrets_or_code(look, home):
    for name in ("conf/privkey.pem", "conf/keystore.jks", "server.db", "SECRET_KEY", "start.sh"):
        (home / name).write_bytes(b"")
    (home / "conf" / "readme.txt").write_bytes(b"")
    (home / "conf" / "privkey.pem").chmod(0o604)
    found = look()
    kinds = {name: row["kind"] for name, row in found.items()}
    assert kinds == {
        "conf/red5.properties": "settings",
        "SECRET_KEY": "keys",
        "ant-media-server.jar": "code",
        "start.sh": "code",
        ".": "folder",
        "conf": "folder",
        "plugins": "folder",
        "webapps": "folder",
        "conf/keystore.jks": "keys",
        "conf/privkey.pem": "keys",
        "server.db": "database",
        "webapps/LiveApp/WEB-INF/red5-web.properties": "settings",
        "webapps/events/WEB-INF/red5-web.properties": "settings",
    }
    assert found["conf/privkey.pem"]["mode"] == "0604"


def test_a_log_elsewhere(look, home, tmp_path):
    log = tmp_path / "log"
    log.mkdir()
    (log / "0.0.0.0_access.log").write_text("")
    (home / "log").symlink_to(log)
    row = look()["log/0.0.0.0_access.log"]
    assert row["kind"] == "log"
    assert look()["log"]["link"] is True


def test_a_folder_that_lets_nobody_pass(base, monkeypatch):
    (base / "inner").mkdir()
    path = base / "inner" / "file"
    path.write_text("")
    assert _paths.shown(str(path))["closed_by"] == ""
    (base / "inner").chmod(0o750)
    assert _paths.shown(str(path))["closed_by"] == str(base / "inner")
    assert _paths.shown(str(base / "nothing")) is None


def test_what_cannot_be_looked_at_is_named(scene, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(_paths, "shown", refuse)
    found = scene()
    assert _paths.look(found) == []
    assert any(text.endswith("red5.properties: Permission denied") for text in found.files.unread)
