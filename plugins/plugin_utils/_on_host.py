# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Modules whose answers hold secrets, run from an action.

PRIVATE to the collection.
"""

from __future__ import annotations


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
