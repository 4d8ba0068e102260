# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module token: Ansible's side of it, on the controller."""

from __future__ import annotations

from collections.abc import Mapping

import yaml
from ansible_collections.streamward.antmedia.plugins.modules.token import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    on_host as _on_host,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import task as _task

SECRET_OPTIONS = frozenset(("secret", "secrets", "subscriber_secret", "token"))
# What people outside may have written.
TEXT_OPTIONS = frozenset(("app", "room", "stream", "subscriber", "token", "vod_file"))
_SPEC_KEYS = ("type", "elements", "choices", "default", "required")


def argument_spec():
    """The options as the module's documentation declares them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    options = yaml.load(DOCUMENTATION, Loader=loader)["options"]
    spec = {
        name: {key: option[key] for key in _SPEC_KEYS if key in option}
        for name, option in options.items()
    }
    for name in SECRET_OPTIONS:
        spec[name]["no_log"] = True
    return spec


class Edge:
    """What a task needs of Ansible; see ``_tokens_task.Task``."""

    def __init__(self, action, task_vars):
        self._action, self._vars = action, task_vars
        self.host = str(task_vars.get("inventory_hostname", "localhost"))
        self.check_mode = bool(action._task.check_mode)

    def variable(self, name):
        """A variable of the host, templated; ``None`` if it is not defined."""
        if name not in self._vars:
            return None
        return plain(self._action._templar.template(self._vars[name]))

    def warn(self, text):
        # Not in the result: one that is hidden would hide its warnings too.
        self._action._display.warning(_visible.line(f"host {self.host}: {text}"))

    def say(self, text):
        self._action._display.display(_visible.text(text))

    def tell(self, text):
        self._action._display.v(_visible.line(text))

    def path(self, path):
        return self._action._loader.path_dwim(path)

    def store_context(self):
        # Only who has a store pays for what it needs.
        from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
            context as _context,
        )

        return _context.of(self._action._loader, self._vars)

    @property
    def vault(self):
        return self._action._loader._vault

    def on_host(self, module, arguments):
        """The answer of a module on the host."""
        return _on_host.ask(self._action, module, arguments, self._vars)


class ActionModule(Action):
    """Mints and verifies on the controller."""

    def work(self, task_vars):
        args = self._options(task_vars)
        edge = Edge(self, task_vars)
        try:
            return _task.Task(args, edge).run()
        except ValueError as error:
            faults = getattr(error, "faults", None) or [str(error)]
            number = f"{len(faults)} faults: " if len(faults) > 1 else ""
            raise ValueError(f"host {edge.host}: {number}{'; '.join(faults)}") from None

    def _options(self, task_vars):
        self._take_texts(task_vars)
        # A batch may have 100,000 streams, which the validator would copy again and again.
        streams = self._task.args.pop("streams", None)
        try:
            _valid, args = self.validate_argument_spec(argument_spec())
        finally:
            if streams is not None:
                self._task.args["streams"] = streams
        args = {name: plain(value) for name, value in args.items()}
        args["streams"] = streams
        return args

    def _take_texts(self, task_vars):
        """Options from variables that are no templates, whoever wrote them."""
        given = self._task.args.get("texts_from")
        for option, name in given.items() if isinstance(given, Mapping) else ():
            if option not in TEXT_OPTIONS:
                raise ValueError(
                    f"texts_from: {option} is none of {', '.join(sorted(TEXT_OPTIONS))}"
                )
            if task_vars.get(name) is not None:
                self._task.args[option] = str(task_vars[name])
