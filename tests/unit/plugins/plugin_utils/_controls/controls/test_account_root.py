from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    account_root,
)

from tests.kit import audited


def account(**more):
    """Have the server run as some account."""
    return audited.seen(account=more)


CASES = audited.Cases(
    account_root.CONTROL,
    fails={
        "running": (account(uid=0, name="root"), "the server runs as root"),
        "stopped": (account(uid=0, name="root", running=False), "would run as root"),
    },
    passes={"as shipped": audited.shipped},
    others={
        "nobody says": (audited.seen(account=None), "cannot tell"),
        "nonsense": (account(uid="0"), "cannot tell"),
    },
)

test_cases = CASES.test
