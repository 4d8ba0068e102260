#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: rotation
short_description: Decide what a rotation of secrets does next, and do its steps in the store
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Decides, once and on the controller, what the role P(streamward.antmedia.rotate#role) does. It
    touches only the store; between its steps the role does the work on the hosts.
  - No run remembers anything. The fingerprints on the hosts and in the store show how far a
    rotation got and what comes next.
  - No secret is ever part of a result.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_controller
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
  - streamward.antmedia.words.realms
options:
  step:
    description:
      - V(plan) says what there is to do, from O(looks_from).
      - V(check) refuses to go on if O(preflight_from) shows a host that could not take all of
        O(plan), which is then what V(plan) returned.
      - V(begin) locks the scopes of O(plan) in the store and stages new secrets, after
        O(preflight_from) has shown that every host can take them.
      - V(decide) says, from O(changes_from), whether to call off the hosts that wait for the
        instant, either all of them or none.
      - V(finish) promotes, discards or retires what O(proofs_from) allows, and writes O(record).
      - V(renew) keeps the locks while hosts restart batch by batch, and says in RV(stopped_by)
        whether to go on.
      - V(release) gives the locks back.
    type: str
    required: true
    choices: [plan, check, begin, decide, renew, finish, release]
  hosts:
    description:
      - The names of all hosts that share the secrets, including those that are not in this run.
    type: list
    elements: str
    default: []
  looks_from:
    description:
      - Name of the variable in which each host has what M(streamward.antmedia.facts) returned.
    type: str
  preflight_from:
    description:
      - Name of the variable in which each host has what M(streamward.antmedia.settings) predicted.
    type: str
  changes_from:
    description:
      - Names of variables in which hosts have what M(streamward.antmedia.settings) returned. The
        last one that a host has counts.
    type: list
    elements: str
    default: []
  proofs_from:
    description:
      - Name of the variable in which each host has what M(streamward.antmedia.probe) returned.
    type: str
  plan:
    description:
      - One of the RV(passes) that an earlier V(plan) step returned. For V(decide), V(renew) and
        V(finish), what V(begin) returned.
    type: dict
  mode:
    description:
      - V(auto) finishes what was interrupted and rotates what is older than O(max_age). V(now)
        rotates at once.
      - V(abort) takes every host back to the current secret and destroys the pending one.
    type: str
    default: auto
  apps:
    description:
      - Which applications to work on, C(_default) for the secrets of those that have none of their
        own. Secrets of the whole fleet are then left alone. If empty, everything.
    type: list
    elements: str
    default: []
  max_age:
    description:
      - The age at which a secret is rotated, such as V(90d). If not given, no secret is too old.
    type: str
  grace:
    description:
      - How long a replaced secret stays in the store, such as V(24h). No server accepts it any
        more. V(0) destroys it at once.
    type: str
    default: 24h
  quorum:
    description:
      - How many of the hosts that share a secret have to take part, V(all), a number, or a
        percentage such as V(90%).
      - It excuses hosts that cannot be reached or whose server does not run, never one that takes
        part and does not prove the new secret.
    type: str
    default: all
  since:
    description: Unix time in seconds at which the preflight began.
    type: float
  lead:
    description:
      - Seconds from staging to the instant at which hosts switch, up to 86400. If not given, it
        follows from how long the hosts took to answer.
    type: float
  drain_timeout:
    description:
      - Seconds that one batch may wait for people on air before it restarts. The locks have to hold
        that long.
    type: float
    default: 0
  batches:
    description:
      - How many of the hosts that have to restart do so at once, batch by batch, as numbers or
        percentages.
    type: list
    elements: raw
    default: [1, 10%, 100%]
  tolerant:
    description:
      - Whether a secret may stay unproved if the edition or version of the server cannot show it.
    type: bool
    default: false
  record:
    description:
      - File to which one line of JSON is added for each secret that a run worked on. It holds
        fingerprints only. No file if empty.
    type: path
seealso:
  - module: streamward.antmedia.secret
"""

EXAMPLES = r"""
- name: Say what a rotation of everything would do
  streamward.antmedia.rotation:
    step: plan
    mode: now
    hosts: "{{ groups.all }}"
    looks_from: looked
  run_once: true
  register: plan
"""

RETURN = r"""
passes:
  description:
    - What there is to do, the applications first and the management API last. Empty if there is
      nothing.
  returned: for O(step=plan)
  type: list
  elements: dict
together:
  description:
    - By host, the secrets to try at once if there is more than one pass, for the lookup
      P(streamward.antmedia.secrets#lookup).
  returned: for O(step=plan)
  type: dict
absent:
  description: Hosts that cannot take part and that O(quorum) does not excuse, each with the reason.
  returned: for O(step=plan)
  type: dict
lines:
  description: The same for people.
  returned: always
  type: list
  elements: str
refusals:
  description: Why nothing is done.
  returned: for O(step=plan)
  type: list
  elements: str
hosts:
  description:
    - By host, which secrets to try (C(try)), to give (C(give)), to prove (C(new)) and to see
      refused (C(old)), and the policy to prove.
  returned: for O(step=begin)
  type: dict
cutover_at:
  description:
    - Unix time in seconds at which the hosts in C(live) switch, which need no restart. The hosts in
      C(batches) follow.
  returned: for O(step=begin)
  type: float
call_off:
  description: Hosts that wait for the instant and are to give up.
  returned: for O(step=decide)
  type: list
  elements: str
stopped_by:
  description: Hosts that failed. No other host is to be restarted after that.
  returned: for O(step=renew)
  type: list
  elements: str
records:
  description: What was done, by scope, as it is written to O(record).
  returned: for O(step=finish)
  type: list
  elements: dict
summary:
  description: One line that says what was done.
  returned: for O(step=finish)
  type: str
"""
