# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: secrets
short_description: The secrets of a fleet, from its store
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Returns the secrets of a fleet in the form of the variable C(antmedia_secrets).
  - However many hosts and templates ask, a file is read once, and again only after it has changed.
    Another store is read once a minute. So a long run notices a rotation that has begun meanwhile.
    What the workers share is sealed with a key that exists only in the memory of the run.
options:
  _terms:
    description: None.
    required: false
  store:
    description:
      - Where the secrets are kept. M(streamward.antmedia.secret) describes the kinds of store and
        their options.
    type: dict
    required: true
    vars:
      - name: antmedia_secret_store
  fleet:
    description: The name under which the store keeps the secrets of these hosts.
    type: str
    default: fleet
    vars:
      - name: antmedia_fleet
  version:
    description:
      - V(current) is what the fleet verifies with.
      - V(pending) is what it will verify with after the rotation that is under way. Where no secret
        is pending, it is the current one.
      - V(previous) has only the secrets that were current before the last rotation and are not yet
        retired.
    type: str
    choices: [current, pending, previous]
    default: current
  uses:
    description:
      - Certain secrets instead of those of a whole fleet, for the role
        P(streamward.antmedia.rotate#role). Each has C(scope), C(version), C(app) and C(realm).
    type: list
    elements: dict
  locked:
    description:
      - What to do while another run rotates a secret of the fleet. Use V(refuse) before you write
        secrets to hosts.
    type: str
    choices: [ignore, refuse]
    default: ignore
notes:
  - The result is secret. Give it only to options that are kept out of the log, as those of this
    collection are.
seealso:
  - module: streamward.antmedia.secret
"""

EXAMPLES = r"""
- name: Bring the host to its policy, with the secrets of the store
  streamward.antmedia.settings:
    management_jwt: true
    secrets: "{{ lookup('streamward.antmedia.secrets') }}"

- name: Give the player backend the secret it signs with
  ansible.builtin.copy:
    content: "{{ lookup('streamward.antmedia.secrets').apps.LiveApp.stream }}"
    dest: /etc/player/stream.key
    mode: "0600"
  no_log: true
"""

RETURN = r"""
_raw:
  description:
    - What there is of C(management), C(cluster), C(apps) with C(stream) and C(rest) by application,
      and C(app_defaults) with the same.
  type: list
  elements: dict
"""


from typing import Any  # noqa: E402

from ansible.errors import AnsibleLookupError  # noqa: E402
from ansible.plugins.lookup import LookupBase  # noqa: E402
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (  # noqa: E402
    plain as _plain,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (  # noqa: E402
    bundle as _bundle,
    context as _context,
    stored as _stored,
    variables as _variables,
)


class LookupModule(LookupBase):
    """Ansible's side of :class:`_context.Reader`."""

    def run(self, terms: list, variables: dict | None = None, **kwargs: Any) -> list:
        variables = variables or {}
        self.set_options(var_options=self._templated(variables), direct=kwargs)
        if terms:
            raise AnsibleLookupError("streamward.antmedia.secrets takes options only, no terms")
        try:
            documents = _stored.stored(
                self.get_option("store"),
                self.get_option("fleet"),
                _context.of(self._loader, variables),
                self.get_option("locked") == "refuse",
            )
            if self.get_option("uses") is not None:
                return [_bundle.chosen(documents, _plain.plain(self.get_option("uses")))]
            fleet, version = self.get_option("fleet"), self.get_option("version")
            return [_bundle.bundle(documents, fleet, version)]
        except ValueError as error:
            raise AnsibleLookupError(_visible.text(error)) from None

    def _templated(self, variables):
        """The variables an option may come from; those of a host are not templated yet."""
        return {
            name: self._templar.template(variables[name])
            for name in (_variables.STORE, _variables.FLEET)
            if name in variables
        }
