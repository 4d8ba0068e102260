#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: rotation
short_description: Decide about a rotation of secrets and take its steps in the store
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - The part of the role P(streamward.antmedia.rotate#role) that thinks. Runs once, on the controller, and touches the store only; the role does what
    has to be done on hosts in between.
  - Nothing is remembered between runs. What hosts and store hold, by fingerprint, says how far a rotation got and what comes next.
  - No secret is ever part of a result.
extends_documentation_fragment:
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
attributes:
  action:
    description: Runs on the controller.
    support: full
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    platforms: posix
    support: full
options:
  step:
    description:
      - V(plan) says what there is to do, from O(looks_from).
      - V(check) refuses to go on where O(preflight_from) shows a host that could not take all of O(plan), which is then what V(plan) returned.
      - V(begin) locks the scopes of O(plan) in the store and stages new secrets, after O(preflight_from) has shown that every host can take them.
      - V(decide) says from O(changes_from) which hosts that wait for the instant are to be called off, all of them or none.
      - V(finish) promotes, discards or retires what O(proofs_from) allows, and writes O(record).
      - V(renew) keeps the locks while hosts restart one batch after the other, and says in RV(stopped_by) whether to go on.
      - V(release) gives the locks back.
    type: str
    required: true
    choices: [plan, check, begin, decide, renew, finish, release]
  hosts:
    description: The names of all hosts that share the secrets, those that are not in this run included.
    type: list
    elements: str
    default: []
  looks_from:
    description: The name of the variable in which each host has what M(streamward.antmedia.facts) returned.
    type: str
  preflight_from:
    description: The name of the variable in which each host has what M(streamward.antmedia.settings) predicted.
    type: str
  changes_from:
    description: Names of variables in which hosts have what M(streamward.antmedia.settings) returned. The last one that a host has counts.
    type: list
    elements: str
    default: []
  proofs_from:
    description: The name of the variable in which each host has what M(streamward.antmedia.probe) returned.
    type: str
  plan:
    description: One of the RV(passes) of an earlier V(plan) step; for V(decide), V(renew) and V(finish), what V(begin) returned.
    type: dict
  mode:
    description: V(auto) goes on with what was interrupted and rotates what is too old, V(now) rotates, V(abort) goes back.
    type: str
    default: auto
  realms:
    description: Which realms to work on.
    type: list
    elements: str
    choices: [stream, rest, cluster, management]
    default: [stream, rest, cluster, management]
  apps:
    description: Which applications to work on, and on nothing else; on everything if empty.
    type: list
    elements: str
    default: []
  max_age:
    description: The age at which a secret is rotated, such as V(90d); never if not given.
    type: str
  grace:
    description: How long the previous secret is kept after a rotation, such as V(24h).
    type: str
    default: 24h
  quorum:
    description: How many hosts have to take part, V(all), a number or a percentage.
    type: str
    default: all
  since:
    description: Unix time in seconds at which the preflight began.
    type: float
  lead:
    description: Seconds from the V(begin) step to the instant at which hosts switch, up to 86400. The default follows from how long the preflight took.
    type: float
  drain_timeout:
    description: Seconds that one batch may wait for people on air before it restarts, for which the locks have to hold.
    type: float
    default: 0
  batches:
    description: For hosts that have to restart, how many at once, one batch after the other.
    type: list
    elements: raw
    default: [1, 10%, 100%]
  tolerant:
    description: Whether what the edition or version of the server cannot show may stay unproved.
    type: bool
    default: false
  record:
    description: File to which V(finish) appends one line of JSON for each scope; none if empty.
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
  description: What there is to do, applications first, the management API last. Empty if there is nothing.
  returned: for O(step=plan)
  type: list
  elements: dict
together:
  description: By host, the secrets to try at once where there is more than one pass, for the lookup P(streamward.antmedia.secrets#lookup).
  returned: for O(step=plan)
  type: dict
absent:
  description: Hosts that cannot take part, with the reason, where O(quorum) does not excuse them.
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
  description: By host, which secrets to try (C(try)), to give (C(give)), to prove (C(new)) and to see refused (C(old)), and the policy to prove.
  returned: for O(step=begin)
  type: dict
cutover_at:
  description: Unix time in seconds at which hosts switch that need no restart, C(live); the others, C(batches), follow.
  returned: for O(step=begin)
  type: float
call_off:
  description: Hosts that wait for the instant and are to give up.
  returned: for O(step=decide)
  type: list
  elements: str
stopped_by:
  description: Hosts that failed, and on whose account no other is to be restarted.
  returned: for O(step=renew)
  type: list
  elements: str
records:
  description: What was done, by scope, as it is written to O(record).
  returned: for O(step=finish)
  type: list
  elements: dict
summary:
  description: One line on what was done.
  returned: for O(step=finish)
  type: str
"""
