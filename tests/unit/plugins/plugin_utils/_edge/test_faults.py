from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import faults as _faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.preflight import (
    RotationRefused,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    ConfigError,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import TokenError


@pytest.mark.parametrize(
    ("error", "text", "reasons"),
    [
        (_faults.Faults(["a", "b"]), "a; b", ["a", "b"]),
        (TokenError(["a"]), "a", ["a"]),
        (
            ConfigError(["no kind", "no path"]),
            "antmedia_secret_store: no kind; no path",
            ["antmedia_secret_store: no kind", "antmedia_secret_store: no path"],
        ),
        (RotationRefused(["a"]), "nothing was changed: a", ["nothing was changed: a"]),
        (ValueError("whatever"), "whatever", ["whatever"]),
    ],
)
def test_every_reason_is_in_one_error(error, text, reasons):
    assert str(error) == text
    assert _faults.of(error) == reasons
