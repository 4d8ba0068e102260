from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    sudo_to_root,
)

from tests.kit import audited


def rule(*commands, free=True):
    """Have sudo have a rule for the server's account."""
    row = {"where": "/etc/sudoers.d/antmedia line 1", "who": "antmedia", "runs_as": "ALL"}
    return audited.seen(sudo=[{**row, "free": free, "commands": list(commands)}])


CASES = audited.Cases(
    sudo_to_root.CONTROL,
    fails={
        "as the installer makes it": (rule("/bin/bash enable_ssl.sh*"), "wherever the account is"),
        "everything": rule("ALL"),
        "a script of its own": lambda host: rule(f"{host.home}/enable_ssl.sh")(host),
        "an editor": (rule("/usr/bin/vi -R /etc/motd"), "a program that runs others"),
        "a star": (rule("/usr/sbin/nft *"), "stands for anything"),
        "a command without a path": rule("systemctl restart antmedia"),
        "by its password": audited.both(
            audited.seen(account={"password": "set"}), rule("ALL", free=False)
        ),
    },
    passes={
        "no rule": audited.shipped,
        "one command": rule("/usr/bin/systemctl restart antmedia"),
        "what is forbidden": rule("!/bin/sh"),
        "a password that it has not": rule("ALL", free=False),
    },
    others={
        "root": (audited.both(audited.seen(account={"uid": 0}), rule("ALL")), "not applicable"),
        "not as root": (audited.seen(machine={"root": False}), "cannot tell"),
        "not told": (audited.seen(sudo=None), "cannot tell"),
    },
)

test_cases = CASES.test
