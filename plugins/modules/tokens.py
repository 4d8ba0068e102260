#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: tokens
short_description: Mint many tokens that Ant Media Server accepts, into a file or into the result
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Makes a token for each stream of a list or a file.
  - If rows are bad, one error names them all, and no file is written.
  - Runs on the controller and needs no server, except for O(source=server) and O(read_host).
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_controller
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
  - streamward.antmedia.tokens
  - streamward.antmedia.tokens.mint
attributes:
  check_mode:
    support: partial
    details:
      - Every row is checked. Nothing is written, and the server is not asked for tokens that it
        keeps.
  diff_mode:
    details: Tokens are secret.
options:
  streams:
    description:
      - Stream ids, or mappings. A mapping has C(stream), and any of O(app), O(type), O(lifetime),
        O(room) and O(subscriber) that differ from the options of the same name.
      - A row without C(stream) takes O(stream), for example for many subscribers of one stream.
      - Either this or O(streams_file) is needed.
    type: list
    elements: raw
  streams_file:
    description:
      - The same from a file on the controller, as CSV with a header line, or as a YAML or JSON
        list.
      - The columns are those of O(streams).
    type: path
  keep_columns:
    description: Further columns to copy to O(dest), such as a customer's number.
    type: list
    elements: str
    default: []
  strings:
    description:
      - Which strings to make. V(all) makes all that fit, no list makes none. See
        RV(streamward.antmedia.token#module:strings).
    type: list
    elements: str
  dest:
    description:
      - File on the controller to write the tokens to, with mode 0600. It is replaced only if
        everything went well.
    type: path
  format:
    description: Format of O(dest). JSON is an object with one list, C(tokens).
    type: str
    choices: [csv, json]
    default: csv
  encrypt:
    description: Whether to encrypt O(dest) with Ansible Vault and the run's own vault password.
    type: bool
    default: false
  vault_id:
    description: Which of the run's vault identities encrypts; the first if not given.
    type: str
seealso:
  - module: streamward.antmedia.token
  - module: streamward.antmedia.token_info
  - module: streamward.antmedia.secret
"""

EXAMPLES = r"""
- name: Tokens for every camera, for people who have the vault password
  streamward.antmedia.tokens:
    app: LiveApp
    type: publish
    lifetime: 30d
    streams_file: cameras.csv
    keep_columns: [site]
    strings: [rtmp]
    dest: cameras-tokens.json
    format: json
    encrypt: true

- name: Two tokens for the tasks that follow
  streamward.antmedia.tokens:
    app: LiveApp
    type: play
    streams: [stream1, {stream: stream2, lifetime: 1d}]
  register: made
"""

RETURN = r"""
tokens:
  description: The tokens, each with the values of its row.
  returned: unless O(dest) is given
  type: list
  elements: dict
count:
  description: How many tokens were made.
  returned: always
  type: int
dest:
  description: The file they were written to.
  returned: when O(dest) is given
  type: str
"""
