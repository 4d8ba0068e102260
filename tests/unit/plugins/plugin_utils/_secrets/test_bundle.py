from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    bundle as _bundle,
    document as _document,
)

from tests.kit.kept import FIRST as A, SECOND as B, entry


def test_the_bundle_has_the_shape_of_the_variable():
    documents = {
        "fleet/LiveApp/stream": {"current": entry(A), "pending": entry(B)},
        "fleet/LiveApp/rest": {"current": entry("r" * 9)},
        "fleet/_default/stream": {"current": entry("d" * 9), "previous": entry("p" * 9)},
        "fleet/management": {"current": entry("m" * 9)},
        "fleet/new/rest": {"pending": entry("n" * 9)},
        "other/LiveApp/stream": {"current": entry("o" * 9)},
    }
    assert _bundle.bundle(documents, "fleet") == {
        "management": "m" * 9,
        "app_defaults": {"stream": "d" * 9},
        "apps": {"LiveApp": {"stream": A, "rest": "r" * 9}},
    }
    pending = _bundle.bundle(documents, "fleet", "pending")
    assert pending["apps"] == {"LiveApp": {"stream": B, "rest": "r" * 9}, "new": {"rest": "n" * 9}}
    assert _bundle.bundle(documents, "fleet", "previous") == {"app_defaults": {"stream": "p" * 9}}
    assert _bundle.bundle(documents, "none") == {}
    with pytest.raises(_document.SecretError, match="is not a version"):
        _bundle.bundle(documents, "fleet", "newest")


def test_what_a_rotation_chooses_has_the_shape_of_the_variable():
    documents = {
        "fleet/_default/rest": {"current": {"secret": "r"}},
        "fleet/cluster": {"current": {"secret": "c"}, "pending": {"secret": "d"}},
        "fleet/management": {"current": {"secret": "m"}},
    }

    def use(scope, realm, app="", version="current"):
        return {"scope": scope, "version": version, "app": app, "realm": realm}

    uses = [
        use("fleet/_default/rest", "rest", "LiveApp"),
        use("fleet/cluster", "cluster", "LiveApp", "pending"),
        use("fleet/cluster", "cluster", "live", "pending"),
        use("fleet/management", "management", version="previous"),
    ]
    assert _bundle.chosen(documents, uses) == {
        "apps": {"LiveApp": {"rest": "r"}},
        "cluster": "d",
    }
    trial = _bundle.chosen(documents, [use("fleet/cluster", "cluster", "live", "trial")])
    assert set(trial) == {"cluster"} and len(trial["cluster"]) == 43
