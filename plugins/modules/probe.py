#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: probe
short_description: Prove that Ant Media Server enforces a policy
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Asks the running server what the policy says it must let in and what it must refuse, and
    compares. Takes the same policy as M(streamward.antmedia.settings), and asks about all
    applications of a host in one call.
  - It asks the web panel by source address and by X-Forwarded-For of peers that nobody trusts, the
    management REST API by token, each application's REST API by source address and by token, HLS
    players and RTMP publishers by token, and publishers by source address. Tokens are absent, good,
    expired, unsigned, signed with a wrong key, for another stream or for the other direction.
  - It changes nothing on the server. It needs no stream and starts none, uses up no one-time token
    and calls no hook. Tokens live for a minute, name streams that nobody has, and are never part of
    a result.
  - Every refusal has a counterpart that is let in, in the same run. A server that is starting, is
    broken or refuses everything proves nothing.
  - It asks for no address of an application before the application has started, because a server of
    2.15 or later may otherwise come up with the application's security off.
  - It really asks from addresses of the host itself. For others, it names the address in
    X-Forwarded-For, which the server believes when it comes from its own host. To ask from another
    machine, give O(plan) and delegate the task.
  - With O(plan), and the variable C(antmedia_endpoint) of the server's host, it asks the front that
    people use as well. It tells whether the lists hold through it, whether its certificate is good
    and for how long, and which ports of the server can be reached beside it. A certificate that
    ends within 14 days is a warning.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_host
  - streamward.antmedia.policy
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
options:
  previous_secrets:
    description:
      - Secrets that the server must no longer accept, in the form of O(secrets). Those that the
        store keeps as V(previous) are tried anyway.
    type: dict
  call_hooks:
    description:
      - Whether publishers may be tried where C(webhookAuthenticateURL) is set. The server then
        calls the hook for each of them.
    type: bool
    default: false
  ready_timeout:
    description: Seconds to wait until every application of a starting server answers, up to 604800.
    type: int
    default: 180
  plan:
    description:
      - The RV(plan) that an earlier call on the host of the server returned. The module then runs
        on another machine and asks from there.
      - No secret goes to that machine, only tokens that live for two minutes.
    type: dict
  previous_uses:
    description:
      - Certain secrets of the store, instead of O(previous_secrets), as
        M(streamward.antmedia.rotation) names them.
    type: list
    elements: dict
  target:
    description: With O(plan), the name or address of the server as this machine reaches it.
    type: str
  vantage_address:
    description:
      - With O(plan), the address of this machine that the servers see, if that is not its own, as
        behind NAT.
    type: str
  tokens:
    description:
      - With O(plan), the tokens to ask with. The action makes them from O(secrets), so leave this
        out.
    type: dict
notes:
  - Uses Python's standard library only.
  - For each publisher that would be let in, the server logs a warning with a stack trace.
seealso:
  - module: streamward.antmedia.settings
  - module: streamward.antmedia.report
"""

EXAMPLES = r"""
- name: Ask the server
  streamward.antmedia.probe:
    dashboard_cidrs: [203.0.113.0/24, 127.0.0.1]
    app_defaults: {rest_cidrs: [127.0.0.1], rest_jwt: true}
  register: probe

- name: Ask it from another machine
  streamward.antmedia.probe:
    plan: "{{ probe.plan }}"
    target: "{{ ansible_host }}"
  delegate_to: vantage.example.org
"""

RETURN = r"""
outcome:
  description:
    - The worst of all controls, V(enforced), V(not enforced) or V(cannot tell). Only V(enforced) is
      good.
  returned: always
  type: str
  sample: enforced
controls:
  description: What the policy asks for, one by one. C(app) is empty for the server itself.
  returned: always
  type: list
  elements: dict
  sample:
    - app: LiveApp
      control: rest-jwt
      wants: jwt
      outcome: not enforced
      reason: "lets in: no token"
      note: ""
      probes: 5
      right: 4
      milliseconds: 31.2
probes:
  description: Every question. C(answer) is what the server said.
  returned: always
  type: list
  elements: dict
  sample:
    - app: LiveApp
      control: rest-jwt
      case: no token
      asked: GET /LiveApp/rest/v2/version from 127.0.0.1
      expected: refused
      came: let in
      answer: HTTP 200
      milliseconds: 4.1
installation:
  description: What was found on the host.
  returned: when the module runs on the host of the server
  type: dict
forwarded_for:
  description:
    - Whether the server believes the X-Forwarded-For of a peer on its own host, V(believed),
      V(ignored) or V(unknown).
  returned: when the module runs on the host of the server
  type: str
notes:
  description: What else the reader should know.
  returned: always
  type: list
  elements: str
plan:
  description: What another machine needs to know to ask. It holds no secrets.
  returned: when the module runs on the host of the server
  type: dict
vantage:
  description: The machine that asked, and its address.
  returned: when O(plan) is given
  type: dict
faults:
  description: Every fault in the policy.
  returned: when the policy cannot be carried out
  type: list
  elements: str
"""

import platform
from collections.abc import Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import held as _held
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    wiring as _wiring,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import compile as _compile
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    run as _run,
    vantage as _vantage,
)


def argument_spec() -> dict[str, Any]:
    """The options as AnsibleModule takes them."""
    return dict(
        _options.policy_spec(),
        previous_secrets={"type": "dict", "no_log": True},
        previous_uses={"type": "list", "elements": "dict"},
        call_hooks={"type": "bool", "default": False},
        ready_timeout={"type": "int", "default": 180},
        plan={"type": "dict"},
        target={"type": "str"},
        vantage_address={"type": "str"},
        tokens={"type": "dict", "no_log": True},
    )


def refuse(module: AnsibleModule, faults: Sequence[str]) -> None:
    """End with one error that holds every fault."""
    lines = "\n".join(f"- {fault}" for fault in faults)
    module.fail_json(msg=f"{platform.node()}: nothing was asked:\n{lines}", faults=list(faults))


def main() -> None:
    module = AnsibleModule(
        argument_spec=argument_spec(),
        supports_check_mode=True,
        required_by={"plan": ["target"]},
    )
    faults = _options.faults(module.params)
    names = ("plan", "target", "tokens", "vantage_address")
    faults += _vantage.faults(*(module.params[name] for name in names))
    if faults:
        refuse(module, faults)
    if module.params["plan"]:
        vantage = _vantage.Vantage(
            module.params["plan"],
            module.params["target"],
            module.params["tokens"],
            module.params["vantage_address"] or "",
        )
        found = vantage.run()
        for text in found.pop("soon"):
            module.warn(text)
        module.exit_json(changed=False, **found)
    try:
        installation = _installation.observe(module.params["home"])
        run = _run.Run(module.params, installation, _wiring.look(installation), _held.look())
    except OSError as error:
        refuse(module, [f"gate: {error}"])
    except (_installation.InstallationError, _compile.PolicyError) as error:
        refuse(module, error.faults)
    module.exit_json(changed=False, **run.run())


if __name__ == "__main__":
    main()
