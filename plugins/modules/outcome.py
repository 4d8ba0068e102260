#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: outcome
short_description: Fail, or say which host has what, from the results that hosts registered
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - The last step of the roles and playbooks of this collection. Runs on the controller and changes
    nothing.
  - Takes the names of variables rather than their values, and reads them as they are. So a message
    of a host, or of whoever answers in its place, is never taken for a template.
    C(ansible.builtin.fail) may do that with such a message before ansible-core 2.19. Whatever could
    control a terminal is shown as an escape.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_controller
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
options:
  of:
    description:
      - V(settings) fails for a host that M(streamward.antmedia.settings) could not reach or did not
        bring to its policy, and for one whose policy is in its files only, since nothing there can
        restart the server. With V(defer) the latter is what was asked for.
      - V(report) fails for a host that does not pass, according to M(streamward.antmedia.report).
      - V(rotation) fails for what a step of M(streamward.antmedia.rotation) left undone, or for
        hosts that were missing.
      - V(token) shows the verdict of M(streamward.antmedia.token_info), and fails unless the token
        is accepted.
      - V(lost) fails if a host of the play that has O(result_from) cannot be reached any more.
      - V(fleet) says which host of the play has what, one line each, and does not fail.
      - V(stop) fails with the message of O(result_from), or with a general one if there is none.
    type: str
    required: true
    choices: [settings, report, rotation, token, lost, fleet, stop]
  result_from:
    description: Name of the variable that holds the result in question.
    type: str
    required: true
  report_from:
    description:
      - For O(of=fleet), name of the variable that holds the result of
        M(streamward.antmedia.report).
    type: str
  proved_from:
    description:
      - For O(of=fleet), name of the variable in which each host has the result of
        M(streamward.antmedia.proved).
    type: str
  last:
    description:
      - For O(of=settings), whether this was the last try. A host that still waits until nobody is
        on air then fails.
    type: bool
    default: false
seealso:
  - module: streamward.antmedia.settings
"""

EXAMPLES = r"""
- name: Bring the host to its policy
  streamward.antmedia.settings:
    app_defaults: {rest_cidrs: [127.0.0.1]}
  register: policy
  ignore_errors: true
  ignore_unreachable: true

- name: Fail for a host that does not get its policy
  streamward.antmedia.outcome:
    of: settings
    result_from: policy
"""

RETURN = r"""
msg:
  description: Why it failed, or the verdict on a token.
  returned: when there is something to say
  type: str
lines:
  description: Which host has what.
  returned: for O(of=fleet)
  type: list
  elements: str
  sample: ["web1: has the policy", "web2: not touched"]
"""
