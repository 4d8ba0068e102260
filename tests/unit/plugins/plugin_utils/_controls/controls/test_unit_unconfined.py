from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    unit_unconfined,
)

from tests.kit import audited


def unit(files=(), **flags):
    """Have systemd have a unit for the server."""
    rows = [{"path": "/etc/systemd/system/antmedia.service", "mode": "0644", "owner": "root"}]
    return audited.seen(unit={"flags": flags, "files": [*rows, *files]})


CASES = audited.Cases(
    unit_unconfined.CONTROL,
    fails={
        "as shipped": unit(User="antmedia"),
        "three of four": unit(NoNewPrivileges="yes", ProtectSystem="full", ProtectHome="yes"),
        "without ProtectSystem": unit(NoNewPrivileges="yes", ProtectHome="yes", PrivateTmp="yes"),
        "without ProtectHome": unit(NoNewPrivileges="yes", ProtectSystem="yes", PrivateTmp="yes"),
        "one turned off": unit(
            NoNewPrivileges="no", ProtectSystem="full", ProtectHome="yes", PrivateTmp="true"
        ),
    },
    passes={
        "all": unit(
            NoNewPrivileges="Yes", ProtectSystem="strict", ProtectHome="tmpfs", PrivateTmp="1"
        ),
    },
    others={
        "no unit": (audited.shipped, "not applicable"),
        "nonsense": (audited.seen(unit={"flags": []}), "cannot tell"),
    },
)

test_cases = CASES.test
