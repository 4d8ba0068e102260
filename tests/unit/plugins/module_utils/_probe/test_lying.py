from __future__ import annotations

from types import SimpleNamespace

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import lying as _lying


def test_pictures_that_were_made_before(tmp_path):
    for app in ("full", "empty", "bare"):
        (tmp_path / "webapps" / app).mkdir(parents=True)
    for app in ("full", "empty"):
        (tmp_path / "webapps" / app / "previews").mkdir()
    (tmp_path / "webapps/full/previews/stream1.png").write_bytes(b"x")
    (tmp_path / "webapps/bare/previews").write_bytes(b"x")
    installation = SimpleNamespace(home=str(tmp_path), apps=("full", "empty", "bare", "gone"))
    assert _lying.look(installation) == {("full", "previews")}
