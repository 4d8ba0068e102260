# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `start-open`: a start can come up with its security off.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
)

POLICY: dict = {"antmedia_management_jwt": True, "antmedia_boot_guard": True}
STEP = "It needs systemd and nftables."


def judge(evidence: Evidence) -> Finding:
    """Whether the version has the fault, and no guard."""
    if evidence.version < _versions.OPEN_STARTS:
        return _control.passed("this version does not come up open")
    if evidence.installation.part("boot_guard").flag("installed"):
        return _control.passed("the boot guard watches every start")
    version = _versions.shown(evidence.version)
    line = f"version {version} can come up open, and there is no boot guard"
    return _control.found([Fault(line, policy=_remedy.with_store(POLICY), step=STEP)])


CONTROL = Control(
    id="start-open",
    title="A start can come up open, and nothing watches for it",
    severity="high",
    topic="operation",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Whether the version is one whose applications can come up with their security off,"
            " 2.15.0 and later, and whether the boot guard is installed."
        ),
        why=(
            "An application that gets a request while it loads may keep every default until the"
            " server ends: no tokens, empty secrets. Players that keep asking are enough. The files"
            " are right and nothing reports it."
        ),
        attack=(
            "Ask for a stream again and again. After a reboot, an update or a crash it plays"
            " without a token, and publishing is open as well."
        ),
        remedy=(
            "Install the boot guard: it keeps the ports closed until every application was checked."
        ),
        references=(
            "docs/boot-guard.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/7524",
            "https://github.com/ant-media/Ant-Media-Server/issues/7202",
        ),
    ),
)
