from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import log as _log

from tests.kit.accounts import ACCOUNT as THEM


def test_the_log_is_made_with_its_folder_and_grows(tmp_path):
    path = tmp_path / "reports" / "log"
    before = os.umask(0)
    try:
        for _time in range(2):
            _log.write(str(path), [{"b": 1, "a": 2}])
    finally:
        os.umask(before)
    assert path.read_text() == '{"a": 2, "b": 1}\n' * 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    "kind, said",
    [
        ("another's link", "is a symbolic link that"),
        ("hard link", r"has 2 names \(hard links\)"),
        ("open folder", "everybody may write to the folder"),
        ("FIFO", "it is a FIFO"),
    ],
)
def test_the_log_adds_to_nothing_else(tmp_path, kind, said):
    victim, path = tmp_path / "victim", tmp_path / "log"
    victim.write_text("precious")
    if kind == "another's link":
        if os.geteuid():
            pytest.skip("a second account needs root")
        path.symlink_to("victim")
        os.lchown(path, THEM, THEM)
    elif kind == "hard link":
        os.link(victim, path)
    elif kind == "open folder":
        tmp_path.chmod(0o777)
    else:
        os.mkfifo(path)
    with pytest.raises(ValueError, match=f"antmedia_rotation_log: .*{said}.*itself is done: {{"):
        _log.write(str(path), [{"a": 1}])
    assert victim.read_text() == "precious"
