# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the actions token, tokens and token_info share: their options, and Ansible's side of a run.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    faults as _faults,
    on_host as _on_host,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.options import Options

if TYPE_CHECKING:  # only who has a store pays for what it needs
    from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Context

# What people outside may have written.
TEXT_OPTIONS = frozenset(("app", "room", "stream", "subscriber", "token", "vod_file"))


class Edge:
    """What a task needs of Ansible; see ``_tokens.options``."""

    def __init__(self, action: Action, task_vars: Mapping[str, Any]) -> None:
        self._action, self._vars = action, task_vars
        self.host = str(task_vars.get("inventory_hostname", "localhost"))
        self.check_mode = bool(action._task.check_mode)

    def variable(self, name: str) -> Any:
        """A variable of the host, templated; ``None`` if it is not defined."""
        return Inventory(self._action._templar, self._vars).raw(name)

    def warn(self, text: str) -> None:
        # Not in the result: one that is hidden would hide its warnings too.
        self._action._display.warning(_visible.line(f"host {self.host}: {text}"))

    def say(self, text: str) -> None:
        self._action._display.display(_visible.text(text))

    def tell(self, text: str) -> None:
        self._action._display.v(_visible.line(text))

    def path(self, path: str) -> str:
        return self._action._loader.path_dwim(path)

    def store_context(self) -> Context:
        # Only who has a store pays for what it needs.
        from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
            context as _context,
        )

        return _context.of(self._action._loader, self._vars)

    @property
    def vault(self) -> Any:
        return self._action._loader._vault

    def on_host(self, module: str, arguments: dict) -> dict:
        """The answer of a module on the host."""
        return _on_host.ask(self._action, module, arguments, self._vars)


class TokenAction(Action):
    """Runs on the controller; a fault names the host."""

    spec: Callable[[], dict]
    task: Callable[[Options], dict]

    def work(self, task_vars: dict) -> dict:
        args = self._options(task_vars)
        edge = Edge(self, task_vars)
        try:
            return type(self).task(Options(args, edge))
        except ValueError as error:
            faults = _faults.of(error)
            number = f"{len(faults)} faults: " if len(faults) > 1 else ""
            raise ValueError(f"host {edge.host}: {number}{'; '.join(faults)}") from None

    def _options(self, task_vars):
        spec = type(self).spec()
        self._take_texts(task_vars, TEXT_OPTIONS.intersection(spec))
        # A batch may have 100,000 streams, which the validator would copy again and again.
        streams = self._task.args.pop("streams", None) if "streams" in spec else None
        try:
            _valid, args = self.validate_argument_spec(spec)
        finally:
            if streams is not None:
                self._task.args["streams"] = streams
        args = {name: plain(value) for name, value in args.items()}
        return {**args, "streams": streams} if "streams" in spec else args

    def _take_texts(self, task_vars, allowed):
        """Options from variables that are no templates, whoever wrote them."""
        given = self._task.args.get("texts_from")
        for option, name in given.items() if isinstance(given, Mapping) else ():
            if option not in allowed:
                raise ValueError(f"texts_from: {option} is not one of {', '.join(sorted(allowed))}")
            if task_vars.get(name) is not None:
                self._task.args[option] = str(task_vars[name])
