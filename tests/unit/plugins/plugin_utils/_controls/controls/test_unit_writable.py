from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    unit_writable,
)

from tests.kit import audited

DROPIN = {"path": "/etc/systemd/system/x.conf", "mode": "0644", "owner": "root"}


def unit(files=(), **flags):
    """Have systemd have a unit for the server."""
    rows = [{"path": "/etc/systemd/system/antmedia.service", "mode": "0644", "owner": "root"}]
    return audited.seen(unit={"flags": flags, "files": [*rows, *files]})


CASES = audited.Cases(
    unit_writable.CONTROL,
    fails={
        "of the server's account": unit([{**DROPIN, "owner": "antmedia"}]),
        "for everybody": unit([{**DROPIN, "mode": "0666"}]),
        "for a group": unit([{**DROPIN, "mode": "0664"}]),
    },
    passes={"root's": unit([DROPIN])},
    others={
        "no unit": (audited.shipped, "not applicable"),
        "nonsense": (unit([{**DROPIN, "mode": "rw"}]), "cannot tell"),
    },
)

test_cases = CASES.test
