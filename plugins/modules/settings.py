#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: settings
short_description: Bring Ant Media Server on a host to a policy
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Takes the whole policy of a host in one call. Looks at the installation (version, edition,
    applications), compiles the policy for it, plans the changes of C(conf/red5.properties) and of
    every application's C(WEB-INF/red5-web.properties), and carries them out.
  - Every fault in the policy is found before the first byte is written.
  - Keys are edited in place, in the spelling that the server's version reads, and other spellings
    of the same setting are removed. Files are replaced together or not at all. They keep owner,
    group, mode, SELinux context and symbolic links. A file that holds secrets is closed to other
    users.
  - If ports of the installation answer and no process of its server is found, as with one in a
    container, nothing is written or started.
  - Restarts the server only where a change needs it. Then it waits until every application answers
    and compares what the server holds with its files. If the server does not come up, the previous
    files are put back.
  - Creates the first admin account if the server has none yet and O(secrets) has one. If neither
    that nor O(dashboard_cidrs) is given and the panel lets everybody in,
    C(server.allowed_dashboard_CIDR) is narrowed to 127.0.0.1, the address the connection came from
    and O(operator_cidrs), and a warning says so.
  - The application C(root), which is the web panel, is never touched.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_host
  - streamward.antmedia.policy
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
attributes:
  diff_mode:
    support: full
options:
  secrets_locked:
    description:
      - What to do while a rotation works on the secrets of the store. V(refuse) fails before
        anything is written.
    type: str
    choices: [ignore, refuse]
    default: ignore
  apply:
    description:
      - How changes come into force.
      - V(auto) posts them to the running server if all of them allow that and the server can be
        asked; otherwise it restarts the server. V(live) only posts them, and fails if a restart is
        needed. V(restart) restarts, whatever the change. V(defer) writes the files and leaves the
        server alone.
    type: str
    choices: [auto, live, restart, defer]
    default: auto
  service_manager:
    description:
      - What starts and stops the server. V(auto) means systemd if it runs and its unit starts the
        server of this home, else V(none).
      - With V(none) nothing is restarted, and a restart that is due is a failure, unless
        O(apply=defer).
      - The module itself says that a restart is due; M(streamward.antmedia.outcome) fails for it.
    type: str
    choices: [auto, systemd, command, none]
    default: auto
  service_commands:
    description:
      - For O(service_manager=command), the command lines C(start), which starts the server and
        returns, and C(stop). They run without a shell.
    type: dict
    suboptions:
      start:
        description: Starts the server and returns.
        type: str
        required: true
      stop:
        description: Stops it.
        type: str
        required: true
  live_streams:
    description:
      - What a restart may do to people on air. V(refuse) fails before anything is written. V(drain)
        waits until nobody is on air. V(drop) goes ahead and counts who is cut off.
      - The module itself does not wait for V(drain). It returns without a change and with
        RV(waiting), so that the caller can ask again later.
    type: str
    choices: [refuse, drain, drop]
    default: refuse
  announce:
    description:
      - With O(live_streams=drain), return with RV(waiting) before every restart of a running
        server, even if nobody is on air. The caller can then take the host out of service first.
    type: bool
    default: false
  maintenance_window:
    description:
      - When restarts are allowed, in the host's own time, for example V(02:00-04:30) or
        V(sat,sun 23:00-05:00). Outside this window, a run that needs a restart fails before
        anything is written.
    type: str
  ready_timeout:
    description: Seconds to wait until every application of a starting server answers, up to 604800.
    type: int
    default: 180
  boot_guard:
    description:
      - Whether a guard on the host keeps the server's ports closed at every start, even after a
        reboot or a crash, until it has checked that the server holds what its files say. Only root
        on the host itself gets through meanwhile.
      - The guard is a drop-in for the server's unit, a unit of its own and a program. It needs
        systemd, nftables and O(management_jwt). V(false) removes it, with its firewall rules.
      - If not given, the guard is left as it is. A policy under which an installed guard could not
        check the server is refused.
    type: bool
  mark_unproved:
    description:
      - Whether to leave a mark on the host, the file C(conf/.streamward-unproved), before changes
        are put in force. If this run does not get to the proof, the mark says that a later one has
        to prove them.
      - Whoever has proved the host removes the file.
    type: bool
    default: false
  cutover_at:
    description:
      - Unix time in seconds at which to put the changes in force, so that many hosts switch at one
        instant. It may be two days ahead.
      - The call returns with RV(cutover_pid) as soon as everything is prepared. A process of its
        own does the rest, with the secrets in its memory only. M(streamward.antmedia.cutover)
        returns what came of it.
    type: float
  asked_at:
    description:
      - Unix time in seconds at which the caller made this call, by its own clock. The result then
        has RV(clock_ahead).
    type: float
notes:
  - Uses Python's standard library only.
seealso:
  - module: streamward.antmedia.cutover
  - module: streamward.antmedia.facts
  - module: streamward.antmedia.probe
"""

EXAMPLES = r"""
- name: Narrow the panel and ask for tokens on every REST API
  streamward.antmedia.settings:
    dashboard_cidrs: [203.0.113.0/24, 127.0.0.1]
    management_jwt: true
    app_defaults:
      rest_cidrs: [127.0.0.1]
      rest_jwt: true

- name: Guard both directions of one application, without a restart
  streamward.antmedia.settings:
    apps:
      LiveApp: {publish: jwt, play: jwt}
    apply: live
    policy: task # leave alone whatever else the inventory says
    secrets: "{{ antmedia_secrets }}"
"""

RETURN = r"""
installation:
  description: What was found on the host.
  returned: always
  type: dict
  sample:
    home: /usr/local/antmedia
    version: 2.17.1
    edition: community
    apps: [LiveApp]
    clustered: false
changes:
  description:
    - Every change, done or predicted. C(app) is empty for the server itself. C(old) and C(new) are
      fingerprints if the setting is a secret.
    - C(reason) is one of V(value), V(spelling), V(explicit), V(twin), V(duplicate), V(access) and
      V(guard). C(apply) is what the running server needs to put it in force.
  returned: always
  type: list
  elements: dict
  sample:
    - app: LiveApp
      file: /usr/local/antmedia/webapps/LiveApp/WEB-INF/red5-web.properties
      key: jwtControlEnabled
      old: null
      new: "true"
      reason: value
      apply: live
way:
  description: How the changes came into force, or would.
  returned: always
  type: str
  sample: restart
reasons:
  description: Why a restart is needed, or, with O(apply=defer), which changes are not in force yet.
  returned: always
  type: list
  elements: str
restart_required:
  description: Whether a restart is due that was not done. A warning says why.
  returned: always
  type: bool
drift:
  description: By application, the settings that the running server held differently from its files.
  returned: always
  type: dict
healed:
  description: Applications whose running settings were brought back to their files.
  returned: always
  type: list
  elements: str
waiting:
  description: Whether nothing was done because somebody is on air, or because of O(announce).
  returned: always
  type: bool
audience:
  description:
    - Who was on air before a restart, by application. A warning says how many were cut off.
  returned: always
  type: list
  elements: dict
unproved:
  description: Whether the mark of O(mark_unproved) is on the host.
  returned: always
  type: bool
unclaimed:
  description:
    - Whether the server has no admin yet, so that whoever reaches the panel first becomes the
      admin.
  returned: always
  type: bool
starts:
  description: How many times the server was started.
  returned: always
  type: int
ready_seconds:
  description: Seconds from the restart until everything answered.
  returned: when the server was restarted
  type: float
switched_at:
  description: Unix time in seconds at which the changes were in force in the running server.
  returned: when there were changes to put in force
  type: float
cutover_pid:
  description: The process that waits for the instant to switch.
  returned: when O(cutover_at) is given and there is something to change
  type: int
clock_ahead:
  description:
    - Seconds by which the host's clock is ahead of the caller's, including the time that the call
      took to get here.
  returned: when O(asked_at) is given
  type: float
fingerprints:
  description: Fingerprints of the secrets in the files, C(management) and by application.
  returned: always
  type: dict
boot_guard:
  description:
    - Whether the boot guard is, or would be, C(installed), and whether it was found keeping the
      server C(closed).
  returned: always
  type: dict
  sample: {installed: false, closed: false}
faults:
  description: Every fault in the policy.
  returned: when the policy cannot be carried out
  type: list
  elements: str
server_log:
  description: The server's own last error lines.
  returned: when the server did not come up
  type: list
  elements: str
"""

import time
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import (
    answer as _answer,
    call as _call,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import Refused
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    lock as _lock,
    service as _service,
)


def argument_spec() -> dict[str, Any]:
    """The options as AnsibleModule takes them."""
    return dict(
        _options.policy_spec(),
        apply={"type": "str", "choices": ["auto", "live", "restart", "defer"], "default": "auto"},
        service_manager={"type": "str", "choices": list(_service.MANAGERS), "default": "auto"},
        service_commands={
            "type": "dict",
            "options": {
                "start": {"type": "str", "required": True},
                "stop": {"type": "str", "required": True},
            },
        },
        live_streams={"type": "str", "choices": ["refuse", "drain", "drop"], "default": "refuse"},
        announce={"type": "bool", "default": False},
        secrets_locked={"type": "str", "choices": ["ignore", "refuse"], "default": "ignore"},
        maintenance_window={"type": "str"},
        ready_timeout={"type": "int", "default": 180},
        boot_guard={"type": "bool"},
        mark_unproved={"type": "bool", "default": False},
        cutover_at={"type": "float"},
        asked_at={"type": "float"},
    )


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(),
        supports_check_mode=True,
        required_if=[("service_manager", "command", ("service_commands",))],
    )
    _answer.understand(module)
    asked_at = module.params["asked_at"]
    clock = {} if asked_at is None else {"clock_ahead": time.time() - asked_at}
    try:
        result = _call.carry_out(module.params, module.check_mode)
    except Refused as error:
        _answer.refuse(module, error)
    except _lock.Locked as error:
        _answer.fail(module, error)
    _answer.end(module, dict(result.as_dict(), **clock))


if __name__ == "__main__":
    main()
