# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Variables of the inventory that say where secrets are kept.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secrets as _secrets

STORE = "antmedia_secret_store"
FLEET = "antmedia_fleet"
DEFAULT_FLEET = "fleet"
# Secrets that were replaced and must no longer be accepted.
PREVIOUS = "antmedia_previous_secrets"

# Those that say which secrets a host has.
USED = (_secrets.VARIABLE, STORE, FLEET)
