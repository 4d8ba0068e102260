from __future__ import annotations

import hashlib

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)

NOW = 1_800_000_000


def test_hashes(compile_, fake):
    control = compile_(app_defaults={"play": "hash"})["play"]
    (good,) = (p for p in control.probes if p.expected == LET_IN)
    stream = good.path.rpartition("/")[2].partition(".")[0]
    text = stream + "play" + fake.SECRETS["hash"]
    assert good.token.text(NOW) == hashlib.sha256(text.encode()).hexdigest()
    assert sum(p.expected == REFUSED for p in control.probes) == 5


def test_streams_are_new_every_time(compile_):
    first, second = (compile_(app_defaults={"play": "jwt"})["play"] for _time in range(2))
    assert {p.path for p in first.probes}.isdisjoint(p.path for p in second.probes)
