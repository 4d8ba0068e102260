from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
)


def test_no_rest_tokens(compile_, cases):
    control = compile_(app_defaults={"rest_jwt": False})["rest-jwt"]
    assert cases(control) == {"no token": LET_IN}


def test_tokens_of_somebody_else_cannot_be_made(compile_):
    policy = {"rest_jwt": True, "settings": {"jwksURL": "https://keys.example"}}
    controls = compile_(app_defaults={**policy, "rest_cidrs": ["127.0.0.1"]})
    assert controls["rest-jwt"].silent and controls["rest-address"].silent
