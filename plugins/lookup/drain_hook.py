# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: drain_hook
short_description: The files of tasks that take a host out of service and back
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - The absolute paths of the files that C(antmedia_drain_before) and C(antmedia_drain_after) name.
    Relative paths start from the folder of the run's first inventory.
  - If a named file does not exist, that is an error.
options:
  _terms:
    description:
      - V(before), V(after), or neither for both. What the inventory does not name is left out.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Take the host out of service
  ansible.builtin.include_tasks: "{{ item }}"
  loop: "{{ query('streamward.antmedia.drain_hook', 'before') }}"
"""

RETURN = r"""
_raw:
  description: Absolute paths.
  type: list
  elements: str
"""


from typing import Any  # noqa: E402

from ansible.errors import AnsibleLookupError  # noqa: E402
from ansible.plugins.lookup import LookupBase  # noqa: E402
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (  # noqa: E402
    inventory as _inventory,
    visible as _visible,
)


class LookupModule(LookupBase):
    """Ansible's side of :func:`_inventory.hook`."""

    def run(self, terms: list, variables: dict | None = None, **kwargs: Any) -> list:
        self.set_options(var_options=variables or {}, direct=kwargs)
        inventory = _inventory.Inventory(self._templar, variables or {})
        try:
            unknown = [term for term in terms if term not in _inventory.HOOKS]
            if unknown:
                raise ValueError(f"{unknown[0]!r} is neither before nor after")
            found = [_inventory.hook(inventory, which) for which in terms or _inventory.HOOKS]
        except ValueError as error:
            raise AnsibleLookupError(_visible.text(error)) from None
        return [path for path in found if path]
