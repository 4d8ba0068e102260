from __future__ import annotations

import jwt
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)

NOW = 1_800_000_000


def test_management_tokens_from_inside_the_panels_list(compile_, fake, cases):
    control = compile_(dashboard_cidrs=["203.0.113.0/24"], management_jwt=True)["management-jwt"]
    assert cases(control) == {
        "no token": REFUSED,
        "a good token": LET_IN,
        "an expired token": REFUSED,
        "a token of a wrong key": REFUSED,
        "an unsigned token": REFUSED,
    }
    assert {p.source.address for p in control.probes} == {"203.0.113.77"}
    good = next(p for p in control.probes if p.expected == LET_IN)
    assert jwt.decode(
        good.token.text(NOW),
        fake.SECRETS["management"],
        ["HS256"],
        options={"verify_exp": False},
    ) == {"exp": NOW + 60}


def test_management_tokens_that_are_not_wanted_are_refused(compile_, cases):
    control = compile_(management_jwt=False)["management-jwt"]
    assert cases(control)["a good token"] == REFUSED
    assert [p.surface.name for p in control.probes if p.expected == LET_IN] == ["panel"]
