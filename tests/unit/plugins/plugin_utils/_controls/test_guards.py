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
