#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: token_info
short_description: Say whether Ant Media Server would accept a token, and why not
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Judges a token in words, without asking any server.
  - Compares it with the policy and with every secret that is known, including pending and previous
    ones.
  - Recognises the kind of O(token) by its form. O(kind) only says for which kind O(secret) or
    O(read_host=secret) is.
  - A token that a server would refuse does not fail the task; see RV(accepted).
  - Runs on the controller.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_controller
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
  - streamward.antmedia.tokens
options:
  token:
    description: What to judge, a token, a header with it or a URL that contains it.
    type: str
  realm:
    description: What the token must be good for.
    type: str
    choices: [stream, rest, management]
    default: stream
  read_host:
    description:
      - What to read from the settings on the host that the task runs for. This connects to it.
      - V(secret) reads the secret that the host holds.
    type: list
    elements: str
    choices: [secret]
    default: []
seealso:
  - module: streamward.antmedia.token
  - module: streamward.antmedia.outcome
"""

EXAMPLES = r"""
- name: Why does this player get 403?
  streamward.antmedia.token_info:
    texts_from: {token: token_from_the_ticket} # the name of a variable, whose text is no template
    app: LiveApp
    stream: stream1
    type: play
  register: judged

- name: Stop if the server would refuse it
  ansible.builtin.assert:
    that: judged.accepted
    fail_msg: "{{ judged.verdict }}"
"""

RETURN = r"""
accepted:
  description: Whether a server would accept the token; null if only the server can tell.
  returned: always
  type: bool
verdict:
  description: The verdict in one sentence.
  returned: always
  type: str
reasons:
  description: Why a server would refuse it, each with a C(code) and a C(text).
  returned: always
  type: list
  elements: dict
notes:
  description:
    - What else to know, although a server would accept it, each with a C(code) and a C(text).
  returned: always
  type: list
  elements: dict
signed_by:
  description: App, realm, version and fingerprint of the secret that signed it, empty if unknown.
  returned: always
  type: dict
claims:
  description: What the token says.
  returned: always
  type: dict
header:
  description: The token's header.
  returned: always
  type: dict
expires:
  description: Unix time in seconds at which it stops working, null for never.
  returned: always
  type: int
expires_at:
  description: The same as ISO 8601 in UTC, or C(never).
  returned: always
  type: str
"""
