#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: audit
short_description: Judge what hosts reported, and print and write what is open and what to do
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Takes what M(streamward.antmedia.facts) with O(streamward.antmedia.facts#module:evidence)
    reported for the hosts of a play, and judges every control on every host. Prints a table, the
    worst first, and writes files for people, programs and pipelines.
  - Needs no policy and no secret. What could not be seen comes out as V(cannot tell), which is
    never a pass.
  - Runs on the controller and changes nothing but its files. Does not fail by itself; see
    RV(failed_hosts).
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_controller
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
  - streamward.antmedia.audit_formats
attributes:
  check_mode:
    details: Prints, but writes no file.
options:
  results_from:
    description:
      - Name of the variable in which each host has the result of M(streamward.antmedia.facts).
    type: str
    required: true
  probes_from:
    description:
      - Name of the variable in which each host has the result of M(streamward.antmedia.probe).
    type: str
  hosts:
    description: The hosts to report on.
    type: list
    elements: str
    required: true
  fail_on:
    description:
      - The least severity of a control that makes a host fail. A host that could not be audited
        fails then, too. V(none) lets all hosts pass.
    type: str
    choices: [none, critical, high, medium, low]
    default: none
  controls:
    description: Ids of the controls to judge, as shell patterns. All if empty.
    type: list
    elements: str
    default: []
  skip:
    description: Ids of controls to leave out, as shell patterns.
    type: list
    elements: str
    default: []
  previous:
    description:
      - The JSON report of an earlier run to compare with. If not given, the one that is in
        O(dest).
    type: path
  title:
    description: The name of the report and of its files.
    type: str
    default: audit
  dest:
    description:
      - Folder for the files, on the controller. It is created if absent. A relative path starts
        from the current folder.
    type: path
    default: reports
seealso:
  - module: streamward.antmedia.facts
  - module: streamward.antmedia.probe
"""

EXAMPLES = r"""
- name: Look at every server
  streamward.antmedia.facts:
    evidence: true
  register: look
  ignore_unreachable: true
  failed_when: false

- name: Judge what was seen
  streamward.antmedia.audit:
    results_from: look
    hosts: "{{ ansible_play_hosts_all }}"
    fail_on: high
  run_once: true
  register: audit
"""

RETURN = r"""
score:
  description: The score of all hosts, from 0 to 100. Null where nothing could be judged.
  returned: always
  type: int
  sample: 72
scores:
  description: The score of each host.
  returned: always
  type: dict
  sample: {web1: 72}
counts:
  description: How many findings of all hosts have which status.
  returned: always
  type: dict
  sample: {fail: 3, cannot tell: 0, waived: 1, pass: 40, not applicable: 8}
failed_hosts:
  description: Each host that does not pass by O(fail_on), and why.
  returned: always
  type: dict
  sample: {web1: "critical: rest-open: LiveApp: ipFilterEnabled is false"}
failing:
  description: Ids of the controls that fail and are not waived, by host, the worst first.
  returned: always
  type: dict
  sample: {web1: [rest-open, panel-open]}
policy:
  description:
    - By host, the variables for the role P(streamward.antmedia.secure#role) that mend what they
      can mend.
  returned: always
  type: dict
  sample: {web1: {antmedia_dashboard_cidrs: [127.0.0.1]}}
files:
  description: Paths of the files.
  returned: always
  type: list
  elements: str
"""
