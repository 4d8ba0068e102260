"""The guard's files: what is in them."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    files as _files,
    guard as _guard,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import own as _own

HOME = "/usr/local/antmedia"


def test_the_unit_and_the_drop_in():
    _program, unit, drop_in = (c.decode("latin-1") for c in _files.contents(HOME).values())
    program = "/usr/local/lib/streamward/boot-guard.pyz"
    assert f"ExecStart={_own.python()} -I {program} check {HOME}\n" in unit
    # It would be called as well when a check ends and has not opened the ports.
    assert "ExecStop=" not in unit
    assert f"boot-guard.pyz ended {HOME}\n" in unit
    lines = [line.partition("=+")[::2] for line in drop_in.splitlines() if line.startswith("Exec")]
    assert [name for name, _command in lines] == [
        *("ExecStartPre", "ExecStartPost", "ExecStopPost", "ExecStopPost"),
    ]
    assert lines[0][1].endswith(f"{program} close {HOME}")
    assert lines[1][1].endswith("systemctl --no-block start streamward-boot-guard.service")
    assert lines[2][1].endswith("systemctl stop streamward-boot-guard.service")
    assert lines[3][1].endswith(f"{program} open {HOME}")


def test_a_home_that_systemd_would_read_otherwise():
    unit = _files.contents('/srv/a "b" 50%/$x')[_files.UNIT].decode()
    assert 'check "/srv/a \\"b\\" 50%%/$$x"\n' in unit


@pytest.mark.parametrize("home", [HOME, '/srv/a "b" 50%/$x'])
def test_whose_server_is_watched(system, home):
    assert not _files.watches(home)
    _guard.Guard(home, True).put()
    assert _files.watches(home)
    assert _files.watches(home + "/")
    assert not _files.watches("/srv/other")
