# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What all actions of the collection share: how they end when something goes wrong.

PRIVATE to the collection.

Before 2.19, ansible-core takes the text of an error that leaves an action for a template, and runs
it as soon as somebody looks at the result. Such texts come from hosts and whoever answers in their
place. What an action returns is marked as mere text, so a failure is returned. A connection that
fails cannot be: what is returned would be tried again, waited for, and end as another failure. So
its error brings the mark along.
"""

from __future__ import annotations

import traceback

from ansible.errors import AnsibleActionSkip, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible


class Unreached(AnsibleConnectionFailure):
    """A connection failed, and what is said of it is no template."""

    def __str__(self) -> str:
        return wrap_var(super().__str__())


class Action(ActionBase):
    """An action whose work is in :meth:`work`."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict | None = None) -> dict:
        try:
            result = super().run(tmp, task_vars)
            result.update(self.work(task_vars or {}))
        except AnsibleActionSkip:
            raise
        except AnsibleConnectionFailure as error:
            raise Unreached(_visible.text(error)) from None
        except (AnsibleError, ValueError) as error:
            return _failed(_visible.text(error))
        except Exception as error:
            # A fault of ours: not even its trace, which has texts of others in it, leaves unmarked.
            trace = _visible.text(traceback.format_exc())
            text = f"{type(error).__name__}: {_visible.text(error)}"
            return _failed(f"this should not happen, please report it: {text}", exception=trace)
        return result

    def work(self, task_vars: dict) -> dict:
        """What the action does.

        :returns: what to add to the result.
        :raises ValueError: for what the user has to know; the task fails with its text.
        """
        raise NotImplementedError


def _failed(text, **more):
    return {"failed": True, "changed": False, "msg": text, **more}
