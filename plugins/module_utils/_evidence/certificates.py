# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The certificates of the server's own TLS, in the files that its settings name.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    der as _der,
    keystore as _keystore,
    secrets as _secrets,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    rights as _rights,
)

# Which file is for what, as the server's file names them.
HTTPS = ("http.ssl_certificate_file", "http.ssl_certificate_chain_file")
RTMPS = ("rtmps.keystorefile",)
MOST = 10

_PEM = re.compile(
    b"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]{1,65536})-----END CERTIFICATE-----"
)


def look(scene: Scene) -> dict[str, Any]:
    """Whether the server has TLS for HTTP and for RTMP, and the files for it.

    Each file has its ``path``, what it is ``used_for``, its ``kind`` (pem, jks, pkcs12, or empty
    where it is none), whether a password that everybody knows opens it (``open``), and its
    ``certificates``, the server's own first.
    """
    installation = scene.there
    document = installation.server.document
    uses = {
        "https": _installation.serves_tls(installation.container),
        "rtmps": _catalogue.on(document.get("rtmps.enabled") or ""),
    }
    named = [("https", key) for key in HTTPS] + [("rtmps", key) for key in RTMPS]
    paths: dict[str, list[str]] = {}
    for use, key in named:
        path = (document.get(key) or "").strip()
        if uses[use] and path:
            used = paths.setdefault(scene.path(path), [])
            used += [use] if use not in used else []
    return {**uses, "files": [_file(scene, path, used) for path, used in paths.items()]}


def _file(scene: Scene, path: str, used: list[str]) -> dict[str, Any]:
    installation = scene.there
    own = installation.server
    # Its path stands in a file that the server's account may write.
    file = scene.files.read(path, _rights.of_file(own.uid, own.gid, own.mode))
    row = {"path": path, "used_for": used, "there": file is not None}
    if not file:
        return {**row, "kind": "", "open": None, "certificates": []}
    kind, found = _certificates(scene, path, file.data)
    known = [_keystore.opens(file.data, word) for word in sorted(_secrets.SHIPPED)]
    opened = True if True in known else (None if None in known else False)
    return {
        **row,
        "kind": kind,
        "open": opened if kind in (_keystore.JKS, _keystore.PKCS12) else None,
        "certificates": found,
    }


def _certificates(scene: Scene, path: str, data: bytes) -> tuple[str, list[dict[str, Any]]]:
    texts = _PEM.findall(data)
    try:
        blobs = [base64.b64decode(text) for text in texts] or _keystore.certificates(data)
        found = [_der.certificate(blob) for blob in blobs[:MOST]]
    except (ValueError, binascii.Error) as error:
        scene.files.cannot(path, error)
        return "", []
    return ("pem" if texts else _keystore.kind(data)), found
