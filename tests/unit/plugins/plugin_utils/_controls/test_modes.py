from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import modes as _modes
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    CannotTell,
    Part,
)

from tests.kit import judged


def row(mode, **more):
    return Part({"path": "/x", "kind": "log", "mode": mode, "closed_by": "", **more}, "paths")


@pytest.mark.parametrize(("mode", "bits"), [("0644", 0o644), ("4755", 0o4755), ("0", 0)])
def test_a_mode(mode, bits):
    assert _modes.mode(row(mode)) == bits


@pytest.mark.parametrize("mode", ["", "9", "0o644", "-1", "rw-", "٦٤٤", "0" * 7, None, 644])
def test_what_is_none(mode):
    with pytest.raises(CannotTell):
        _modes.mode(row(mode))


def test_who_may_what():
    rows = [row("0604"), row("0602"), row("0660"), row("0607", closed_by="/usr")]
    assert _modes.open_to_others(rows, _modes.READ) == ["/x has mode 0604"]
    assert _modes.open_to_others(rows, _modes.WRITE) == ["/x has mode 0602"]


def test_paths_of_some_kinds():
    paths = [{"path": name, "kind": name} for name in ("log", "code", "keys")]
    host = judged.evidence(facts={"evidence": {"paths": paths}})
    found = [part.text("path") for part in _modes.of_kinds(host, "code", "log")]
    assert found == ["log", "code"]
