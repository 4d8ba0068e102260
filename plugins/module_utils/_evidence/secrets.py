# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How good the secrets in the settings files are, without a word of them.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene

# What images of marketplaces make a secret of: the MD5 of a machine's public number.
_DIGEST = re.compile("[0-9a-f]{32}")
# Passwords that files are shipped with.
SHIPPED = frozenset(("password", "changeit", "red5user", "antmedia"))


def look(scene: Scene) -> dict[str, Any]:
    """Of each secret that a file holds: its fingerprint, its length, what is wrong with it.

    sample: whether it is printed in the vendor's documentation. digest: whether it looks like the
    MD5 of something, of which marketplaces make theirs. shipped: whether it is one that the server
    is shipped with. faults: why the collection would not take it.
    """
    installation = scene.there
    return {
        "server": _of(installation, ""),
        "apps": {app: _of(installation, app) for app in installation.apps},
    }


def _of(installation: Any, app: str) -> dict[str, dict[str, Any]]:
    found = {}
    for setting in _catalogue.of_file(_catalogue.file_of(app)):
        if not setting.secret or not setting.exists_in(installation.version):
            continue
        text = installation.effective(app, setting.name)
        if text:
            found[setting.name] = {
                "fingerprint": _secret.fingerprint(text),
                "length": len(text),
                "sample": text in _secret.KNOWN_SAMPLES,
                "digest": bool(_DIGEST.fullmatch(text)),
                "shipped": text in SHIPPED,
                "faults": _secret.faults(text),
            }
    return found
