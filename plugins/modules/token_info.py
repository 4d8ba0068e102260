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
  - If a server would refuse it, says what was probably done wrong, and, with the secrets that are
    known, which formula makes this very text.
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
  kind:
    description:
      - What kind of token it must be. It is judged by the rules of that kind, whatever its form.
      - If not given, it is judged by the kind that it clearly looks like, else by the one that the
        policy wants, else by the likeliest.
      - The other realms know V(jwt) only.
    default: ~
  room:
    description:
      - The conference room that the token must open, the id of its main track.
      - As the vendor has it, that is a token to publish whose C(streamId) is the room, for those
        who publish into the room and for those who play it. Where the vendor does not say what a
        token opens, RV(accepted) is null.
    type: str
    default: ""
  subscriber_secret:
    description:
      - The base32 secret of a subscriber that is registered at the server, for O(kind=totp).
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
