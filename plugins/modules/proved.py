#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: proved
short_description: Record that a host was proved to enforce what was changed
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - M(streamward.antmedia.settings) leaves a mark on a host that it changes, if
    O(streamward.antmedia.settings#module:mark_unproved) says so. This module removes the mark.
  - It removes nothing but that one file, and follows no link, because the folder belongs to the
    server's account.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_host
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
options:
  home:
    description: The installation's folder, as an absolute path.
    type: path
    default: /usr/local/antmedia
seealso:
  - module: streamward.antmedia.settings
"""

EXAMPLES = r"""
- name: Remember that it is proved
  streamward.antmedia.proved:
"""

RETURN = r"""
"""


import platform

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._host import unproved as _unproved


def main() -> None:
    module = AnsibleModule(argument_spec=_options.home_spec(), supports_check_mode=True)
    home = module.params["home"]
    try:
        changed = _unproved.marked(home) if module.check_mode else _unproved.forget(home)
    except OSError as error:
        module.fail_json(
            msg=f"{platform.node()}: {home}/conf/{_unproved.NAME} cannot be removed:"
            f" {error.strerror}; the host stays marked as not proved"
        )
    module.exit_json(changed=changed)


if __name__ == "__main__":
    main()
