from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    guards as _guards,
)


def test_only_what_the_edition_enforces_counts(audited_host):
    audited_host.app({"playJwtControlEnabled": "true", "hashControlPlayEnabled": "true"})
    assert _guards.tokens(audited_host.evidence().apps[0], "play") == ()
    audited_host.enterprise()
    app = audited_host.evidence().apps[0]
    assert _guards.tokens(app, "play") == ("jwt", "hash")
    assert _guards.tokens(app, "publish") == ()


def test_a_door_that_is_open(audited_host):
    audited_host.app({"generatePreview": "true"})
    app = audited_host.evidence().apps[0]
    assert _guards.open_door(app, "play", "preview").name == "preview"
    assert _guards.open_door(app, "publish", "preview") is None
    assert _guards.open_door(app, "play", "rtmp-play") is None
