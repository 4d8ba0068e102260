from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    account_groups,
)

from tests.kit import audited


def account(**more):
    """Have the server run as some account."""
    return audited.seen(account=more)


CASES = audited.Cases(
    account_groups.CONTROL,
    fails={"Docker": account(groups=["antmedia", "docker"])},
    passes={"as shipped": audited.shipped, "its own": account(groups=["antmedia", "video", "adm"])},
    others={
        "root": (account(uid=0, groups=["root"]), "not applicable"),
        "nonsense": (account(groups="docker"), "cannot tell"),
    },
)

test_cases = CASES.test
