from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    account_login,
)

from tests.kit import audited


def account(**more):
    """Have the server run as some account."""
    return audited.seen(account=more)


CASES = audited.Cases(
    account_login.CONTROL,
    fails={"a shell and a password": account(shell="/bin/bash", password="set")},
    passes={
        "as shipped": audited.shipped,
        "a shell without a password": account(shell="/bin/bash", password="none"),
        "a password without a shell": account(shell="/usr/sbin/nologin", password="set"),
    },
    others={
        "root": (account(uid=0, shell="/bin/bash", password="set"), "not applicable"),
        "nobody but root sees it": (account(shell="/bin/bash", password=None), "cannot tell"),
        "nobody says": (audited.seen(account=None), "cannot tell"),
    },
)

test_cases = CASES.test
