# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Modules run from an action: answers that hold secrets, and errors that name their host.

PRIVATE to the collection.
"""

from __future__ import annotations

import re


def ask(action, module: str, arguments: dict, variables) -> dict:
    """The answer of a module on the task's host, kept out of what connections print at -vvv.

    :arg action: an ActionBase.
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


def call(action, variables, **more) -> dict:
    """The answer of the task's own module, whose error names its host.

    :arg action: an ActionBase.
    :arg variables: the task's.
    :kwarg more: what ``_execute_module`` takes besides.
    """
    answer = action._execute_module(task_vars=variables, wrap_async=action._task.async_val, **more)
    return named(answer, variables["inventory_hostname"])


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
