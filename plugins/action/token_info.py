# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module token_info: Ansible's side of it, on the controller."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.doc_fragments.tokens import (
    ModuleDocFragment as Fragment,
)
from ansible_collections.streamward.antmedia.plugins.modules.token_info import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    documented as _documented,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    action as _action,
    judge as _judge,
)

SECRET_OPTIONS = frozenset(("secret", "secrets", "subscriber_secret", "token"))


def argument_spec() -> dict:
    """The options as the module's documentation declares them."""
    fragments = (Fragment.DOCUMENTATION,)
    return _documented.argument_spec(DOCUMENTATION, SECRET_OPTIONS, fragments)


class ActionModule(_action.TokenAction):
    """Judges a token on the controller."""

    spec = staticmethod(argument_spec)
    task = staticmethod(_judge.run)
