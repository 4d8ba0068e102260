# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words

REALMS = ", ".join(_words.REALMS)
MADE_OF_SECRETS = ", ".join(word for word, kind in _words.KINDS.items() if kind.secrets)


class ModuleDocFragment:
    """Options whose choices are the collection's words: a new row is a new choice."""

    # With a type, since ansible-test takes an assignment without one for a text as it stands.
    REALMS: str = f"""
options:
  realms:
    description: Which realms to work on.
    type: list
    elements: str
    choices: [{REALMS}]
    default: [{REALMS}]
"""
    MADE: str = f"""
options:
  kind:
    description: What kind of token a stream's is, one that is made from a secret.
    type: str
    choices: [{MADE_OF_SECRETS}]
    default: jwt
"""
