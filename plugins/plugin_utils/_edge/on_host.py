# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Modules run from an action: answers that hold secrets, and results by which no host can steer.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ansible.plugins.action import ActionBase
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    check as _check,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory

# Ansible's own, which it takes from no module.
_DISCOVERED = "discovered_interpreter_"


def ask(action: ActionBase, module: str, arguments: dict, variables: Mapping) -> dict:
    """The answer of a module on the task's host, kept out of what connections print at -vvv.

    It may hold secrets, so it is as it came: show none of it but by ``_visible``.

    :arg module: a fully qualified name.
    :arg variables: the task's.
    """
    # What counts is the connection's own context; the action's is another one.
    play = action._connection._play_context
    before, play.no_log = play.no_log, True
    try:
        return action._execute_module(
            module_name=module, module_args=arguments, task_vars=variables
        )
    finally:
        play.no_log = before


def filled(action: ActionBase, module: str, variables: Mapping) -> dict:
    """The options of a task; of those it leaves out, what the inventory says.

    :arg module: one of ours, by its short name; see :data:`_options.FROM_INVENTORY`.
    :arg variables: the task's.
    """
    inventory = Inventory(action._templar, variables)
    return inventory.fill(action._task.args, _options.FROM_INVENTORY[module])


def run(
    action: ActionBase,
    module: str,
    arguments: dict,
    variables: Mapping,
    facts: tuple[str, ...] = (),
) -> dict:
    """The result of one of our modules, or why its options cannot be meant; see :func:`call`."""
    return _check.refused(arguments, variables) or call(action, module, arguments, variables, facts)


def call(
    action: ActionBase,
    module: str,
    arguments: dict,
    variables: Mapping,
    facts: tuple[str, ...] = (),
) -> dict:
    """The result of one of our modules, whose error names its host.

    :arg arguments: such as :func:`_check.refused` lets pass.
    :kwarg facts: names of the facts that the module is there for.
    """
    answer = action._execute_module(
        module_name="streamward.antmedia." + module,
        module_args=arguments,
        task_vars=variables,
        wrap_async=action._task.async_val,
    )
    return named(shown(answer, facts), variables["inventory_hostname"])


def shown(answer: Mapping, facts: tuple[str, ...] = ()) -> dict:
    """A module's answer as it may be registered and printed.

    Facts win over the variables of the inventory, so a host could set any variable of ours.

    :arg answer: what came from the host.
    :kwarg facts: names of facts to keep.
    """
    found = _visible.values(answer)
    given = found.pop("ansible_facts", None)
    if isinstance(given, Mapping):
        kept = {
            name: value
            for name, value in given.items()
            if name in facts or name.startswith(_DISCOVERED)
        }
        if kept:
            found["ansible_facts"] = kept
    if "msg" in found:
        found["msg"] = _visible.text(found["msg"])
    return found


def named(result: dict, host: str) -> dict:
    """The result, whose error begins with the host's name in the inventory.

    Modules know only the machine's own name, which all that were made from one image share.

    :arg result: of one of the modules. What else makes a call fail begins with more than one word.
    """
    text = str(result.get("msg", ""))
    name = re.match(r"[^\s:]+(?=: )", text)
    if result.get("failed") and name:
        result["msg"] = host + text[name.end() :]
        result.pop("exception", None)  # holds the text as well
    return result
