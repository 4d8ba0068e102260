#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: secret
short_description: Keep the secrets of a fleet of Ant Media Servers in a store
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Makes, stages, promotes, retires, adopts and lists secrets in a store. Runs on the controller;
    only O(state=adopted) looks at the host.
  - A secret belongs to a scope, C(fleet/app/stream), C(fleet/app/rest), C(fleet/management) or
    C(fleet/cluster), and has up to three versions. V(current) is what the fleet verifies with,
    V(pending) what it will verify with after a rotation, V(previous) what it verified with before
    the last one.
  - No secret is ever part of a result. Results name secrets by fingerprint.
  - To rotate the secrets of running servers, use the role P(streamward.antmedia.rotate#role), which
    takes these steps in the right order.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_controller
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
attributes:
  diff_mode:
    support: full
options:
  state:
    description:
      - V(present) makes a current secret if there is none.
      - V(staged) makes a pending secret if there is none.
      - V(promoted) makes the pending secret the current one, and the current one the previous one.
      - V(retired) destroys O(version) for good, in everything the store keeps.
      - V(adopted) puts secrets that the host uses, and the store does not know, into the store. If
        hosts use different secrets for one scope, they are reported and none is overwritten.
      - V(listed) changes nothing.
    type: str
    choices: [present, staged, promoted, retired, adopted, listed]
    default: listed
  store:
    description:
      - Where the secrets are kept, with C(kind) and the options of that kind. The variable
        C(antmedia_secret_store) is used if this is not given.
      - V(vault_file) is a YAML file encrypted with Ansible's vault. C(path) is required. A relative
        one starts from the folder of the run's first inventory, or from the current folder without
        an inventory file. C(vault_id) is the identity to encrypt with, by default the one that
        opened the file, else Ansible's own choice. C(lock_timeout) is how many seconds to wait for
        another writer, 30 by default.
      - V(openbao) is OpenBao or HashiCorp Vault with the key/value engine of version 2. C(url) (or
        BAO_ADDR, VAULT_ADDR) must be https, except on loopback. C(auth) is V(token) or V(approle).
        For V(token), C(token) (or BAO_TOKEN, VAULT_TOKEN) or C(token_file), by default the file of
        C(bao login). For V(approle), C(role_id) and C(secret_id) (or BAO_ROLE_ID and
        BAO_SECRET_ID), with C(approle_mount).
      - Also for V(openbao), C(namespace) (or BAO_NAMESPACE); C(mount), V(secret) by default;
        C(path), V(antmedia) by default; C(ca_cert) (or BAO_CACERT), a file; C(timeout) in seconds,
        10 by default.
    type: dict
  fleet:
    description:
      - The name under which the store keeps the secrets of these hosts.
      - The variable C(antmedia_fleet) is used if this is not given, else V(fleet).
    type: str
  scopes:
    description:
      - The scopes to work on. Without it, V(adopted) and V(listed) mean all scopes. V(present) then
        means those that the policy of the host needs (C(antmedia_management_jwt),
        C(antmedia_app_defaults), ...) and for which the store has no secret.
    type: list
    elements: str
    default: []
  secret:
    description:
      - For V(present) and V(staged) with one scope, the secret itself, instead of a new random one.
    type: str
  length:
    description: How many characters a new secret has, 32 to 47.
    type: int
    default: 43
  version:
    description: For V(retired), what to destroy.
    type: str
    choices: [previous, pending]
    default: previous
  expect:
    description:
      - By scope, the fingerprints by version that must be in the store when the step is taken. An
        empty text stands for a version that must not be there. If the store differs, the step is
        not taken.
    type: dict
    default: {}
  home:
    description:
      - The installation's folder, as an absolute path.
      - Only V(adopted) needs it. The variable C(antmedia_home) is used if this is not given, else
        V(/usr/local/antmedia).
    type: path
notes:
  - Run it once, not once per host, except with V(adopted), and with V(present) without O(scopes).
seealso:
  - plugin: streamward.antmedia.secrets
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Make the secrets of two applications
  streamward.antmedia.secret:
    state: present
    store: {kind: vault_file, path: .secrets/antmedia.yml}
    scopes: [fleet/LiveApp/stream, fleet/LiveApp/rest]
  run_once: true

- name: Adopt the secrets that servers already use
  streamward.antmedia.secret:
    state: adopted

- name: Make the others that the policy needs
  streamward.antmedia.secret:
    state: present

- name: Show what there is
  streamward.antmedia.secret:
    state: listed
    store:
      kind: openbao
      url: https://bao.example.org:8200
      role_id: "{{ lookup('ansible.builtin.env', 'BAO_ROLE_ID') }}"
      secret_id: "{{ lookup('ansible.builtin.env', 'BAO_SECRET_ID') }}"
  run_once: true
"""

RETURN = r"""
scopes:
  description:
    - By scope, its versions after the step, with C(fingerprint), C(created) and, for the previous
      one, C(superseded).
  returned: always
  type: dict
  sample:
    fleet/LiveApp/stream:
      current: {fingerprint: "fp:4cc1b9bfca1d", created: "2026-11-24T15:00:00Z"}
where:
  description: Where the store is.
  returned: always
  type: str
  sample: /srv/fleet/.secrets/antmedia.yml
destroyed:
  description: Scopes whose old copies in the store were destroyed.
  returned: for O(state=retired)
  type: list
  elements: str
"""
