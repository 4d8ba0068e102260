# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a module ends: with a result, or with all that is wrong in one error.

PRIVATE to the collection.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import Refused


def understand(module: AnsibleModule) -> None:
    """End the module if the options are not valid, whatever they are for."""
    faults = _options.faults(module.params)
    if faults:
        refuse(module, Refused("the options are not valid", faults))


def refuse(module: AnsibleModule, error: Refused) -> NoReturn:
    """End with one error that holds every fault."""
    fail(module, error, faults=error.faults)


# That a module ends by these mypy cannot see: Ansible's have no types.
def fail(module: AnsibleModule, error: object, **more: Any) -> NoReturn:  # type: ignore[misc]
    """End with an error that names this machine."""
    module.fail_json(msg=f"{platform.node()}: {error}", **more)


def end(module: AnsibleModule, told: Mapping[str, Any]) -> NoReturn:  # type: ignore[misc]
    """End with what is told, as a failure if it is one."""
    result = dict(told)
    for warning in result.pop("warnings"):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
