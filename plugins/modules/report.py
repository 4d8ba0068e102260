#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: report
short_description: Print and write what was proved on all hosts of a play
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Collects what M(streamward.antmedia.probe) returned for the hosts of a play. Prints a table per
    host, or one line per host if there are many, and writes files for programs and pipelines.
  - A host that could not be asked is in the report too. It never passes.
  - Runs on the controller. Does not fail by itself; see RV(failed_hosts).
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_controller
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
  - streamward.antmedia.formats
attributes:
  check_mode:
    details: Prints, but writes no file.
options:
  results_from:
    description:
      - Name of the variable in which each host has the result of M(streamward.antmedia.probe).
    type: str
    required: true
  vantages_from:
    description:
      - Name of the variable that holds the results from other machines, registered in a loop over
        their names.
    type: str
  hosts:
    description: The hosts to report on.
    type: list
    elements: str
    required: true
  only_asked:
    description:
      - Whether to leave out a host that has no variable O(results_from), instead of reporting that
        it was not asked.
    type: bool
    default: false
  accept:
    description:
      - Names of controls, as shell patterns, for which V(cannot tell) lets a host pass, such as
        V(webrtc-*). V(not enforced) never does.
    type: list
    elements: str
    default: []
  title:
    description: The name of the report and of its files.
    type: str
    default: verify
  dest:
    description:
      - Folder for the files, on the controller. It is created if absent. A relative path starts
        from the current folder.
    type: path
    default: reports
seealso:
  - module: streamward.antmedia.probe
"""

EXAMPLES = r"""
- name: Ask every server
  streamward.antmedia.probe:
    app_defaults: {rest_jwt: true}
    secrets: "{{ antmedia_secrets }}"
  register: probe
  ignore_unreachable: true
  failed_when: false

- name: Report
  streamward.antmedia.report:
    results_from: probe
    hosts: "{{ ansible_play_hosts_all }}"
  run_once: true
  register: report
"""

RETURN = r"""
outcome:
  description: The worst outcome of all hosts.
  returned: always
  type: str
  sample: enforced
outcomes:
  description: The outcome of each host.
  returned: always
  type: dict
  sample: {web1: enforced}
failed_hosts:
  description: Each host that does not pass, and why.
  returned: always
  type: dict
  sample: {web1: "LiveApp rest-jwt: not enforced: lets in: no token"}
files:
  description: Paths of the files.
  returned: always
  type: list
  elements: str
"""
