from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import unit as _evidence
from ansible_collections.streamward.antmedia.plugins.module_utils._host import service as _service
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import unit as _unit

TEXT = """\
[Unit]
User=nobody
[Service]
User=antmedia
NoNewPrivileges=no
Environment=SECRET=hidden
ExecStart=/usr/bin/java org.red5.server.Bootstrap
[Install]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    path = tmp_path / "system"
    path.mkdir()
    monkeypatch.setattr(_unit, "FOLDERS", (str(path),))
    monkeypatch.setattr(_service, "systemd_runs", lambda: True)
    return path


def test_a_unit_and_what_changes_it(scene, folder):
    (folder / "antmedia.service").write_text(TEXT)
    drop_in = folder / "antmedia.service.d" / "local.conf"
    drop_in.parent.mkdir()
    drop_in.write_text("[Service]\nNoNewPrivileges=yes\n")
    drop_in.chmod(0o666)
    found = _evidence.look(scene())
    assert found["flags"] == {"User": "antmedia", "NoNewPrivileges": "yes"}
    assert [(each["path"], each["mode"]) for each in found["files"]] == [
        (str(folder / "antmedia.service"), "0644"),
        (str(drop_in), "0666"),
    ]
    assert "hidden" not in str(found)


def test_none(scene, folder, monkeypatch):
    assert _evidence.look(scene()) is None
    monkeypatch.setattr(_service, "systemd_runs", lambda: False)
    (folder / "antmedia.service").write_text(TEXT)
    assert _evidence.look(scene()) is None
