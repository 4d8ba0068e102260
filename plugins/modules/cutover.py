#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: cutover
short_description: Collect what came of a cutover, or call it off
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - M(streamward.antmedia.settings) with O(streamward.antmedia.settings#module:cutover_at) leaves a
    process on the host that puts its changes in force at that instant. This module waits for the
    process to end, and returns what came of it.
  - The result stays on the host until the next cutover, so it can be collected again.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_host
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
attributes:
  check_mode:
    support: none
    details: In check mode no cutover is prepared, so there is none to collect.
  diff_mode:
    support: full
options:
  home:
    description: The installation's folder, as an absolute path.
    type: path
    default: /usr/local/antmedia
  state:
    description:
      - V(collected) waits until the cutover has ended.
      - V(called_off) calls the cutover off if its instant has not come yet. The cutover then counts
        as failed, and nothing was changed. If its instant has come, it goes on, and its result says
        so.
    type: str
    choices: [collected, called_off]
    default: collected
  timeout:
    description: Seconds to wait until the cutover has ended, up to 604800.
    type: int
    default: 180
seealso:
  - module: streamward.antmedia.settings
  - module: streamward.antmedia.rotation
"""

EXAMPLES = r"""
- name: Prepare new secrets for one instant
  streamward.antmedia.settings:
    secrets: "{{ antmedia_secrets }}"
    apply: live
    cutover_at: "{{ cutover_instant }}"
  register: prepared

- name: See what came of it
  streamward.antmedia.cutover:
    timeout: 300
  when: prepared.cutover_pid is defined

- name: Call it off after all
  streamward.antmedia.cutover:
    state: called_off
"""

RETURN = r"""
changes:
  description:
    - The changes of the call that prepared the cutover.
    - These and all other values, such as C(way), C(healed), C(switched_at) and C(fingerprints), are
      what M(streamward.antmedia.settings) returns when it does the work itself.
  returned: when a cutover has ended
  type: list
  elements: dict
  sample:
    - app: LiveApp
      file: /usr/local/antmedia/webapps/LiveApp/WEB-INF/red5-web.properties
      key: jwtSecretKey
      old: "fp:8cd57864b1aa"
      new: "fp:c3f2062f3bc8"
      reason: value
      apply: live
switched_at:
  description: Unix time in seconds at which the changes were in force in the running server.
  returned: when they are in force
  type: float
faults:
  description: Every fault in the options.
  returned: when the options are not valid
  type: list
  elements: str
"""

from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import answer as _answer
from ansible_collections.streamward.antmedia.plugins.module_utils._host import cutover as _cutover


def argument_spec() -> dict[str, Any]:
    """The options as AnsibleModule takes them."""
    return dict(
        _options.home_spec(),
        state={"type": "str", "choices": ["collected", "called_off"], "default": "collected"},
        timeout={"type": "int", "default": 180},
    )


def main() -> None:
    module = AnsibleModule(argument_spec=argument_spec())
    _answer.understand(module)
    home, timeout = module.params["home"], module.params["timeout"]
    if module.params["state"] == "called_off":
        _cutover.call_off(home)
    told = _cutover.collect(home, timeout)
    if told is None:
        _answer.fail(module, f"no cutover has ended within {timeout} s")
    _answer.end(module, told)


if __name__ == "__main__":
    main()
