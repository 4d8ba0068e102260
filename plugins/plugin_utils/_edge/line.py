# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The line on the screen that says how a host's changes came into force.

Ansible says only that something changed, and of a task that is tried again only how often it still
will be.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible.plugins.action import ActionBase
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible

WAYS = {
    "live": ("applied live, without a restart", "would be applied live, without a restart"),
    "restart": ("restarted for {}", "would restart for {}"),
}


def show(action: ActionBase, result: Mapping, host: str) -> None:
    """Show how changes came into force, or who is on air meanwhile.

    :arg result: of ``settings`` or ``cutover``.
    :arg host: its name in the inventory.
    """
    text = _of(result, action._task.check_mode)
    if text:
        action._display.display(f"{host}: {_visible.line(text)}")


def _of(result, check):
    if result.get("waiting"):
        return f"a restart waits: {result.get('msg', '')}"
    left = result.get("restart_required") or result.get("cutover_pid")
    if result.get("failed") or not result.get("changed") or left:
        return ""
    done, predicted = WAYS.get(str(result.get("way")), ("", ""))
    text = predicted if check else done
    return text.format(", ".join(map(str, result.get("reasons") or ())))
