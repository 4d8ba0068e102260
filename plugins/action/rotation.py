# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module rotation: Ansible's side of it, on the controller."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.doc_fragments.words import (
    ModuleDocFragment as Words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.modules.rotation import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    documented as _documented,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import steps as _steps
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    context as _context,
)


def argument_spec() -> dict:
    """The options as the module's documentation declares them."""
    return _documented.argument_spec(DOCUMENTATION, fragments=(Words.REALMS,))


class ActionModule(Action):
    """Looks at all hosts' results and works on the store."""

    _requires_connection = False
    _supports_check_mode = True

    def work(self, task_vars: dict) -> dict:
        faults = _options.faults(self._task.args, given=True)
        if faults:
            raise Faults(faults)
        _valid, args = self.validate_argument_spec(argument_spec())
        result = _steps.take(
            plain(args),
            task_vars.get("hostvars") or {},
            _context.of(self._loader, task_vars),
            self._task.check_mode,
            lambda note: self._display.warning(_visible.text(note)),
        )
        for line in result.get("lines", ()):
            self._display.display(_visible.line(line))
        return result
