# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Further settings that the audit judges: not whom the server lets in, but what it does then.

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

_ACCOUNT = re.compile("^([a-z+]+://)[^/]*@", re.IGNORECASE)

# By the name that the newest version has. Secrets among them are told by fingerprint.
OF_SERVER = (
    *("http.host", "http.port", "https.port", "rtmp.host", "rtmp.port"),
    *("rtmps.enabled", "rtmps.host", "rtmps.port"),
    *("server.srt_port", "server.origin_port", "server.statusWebHookURL"),
    *("server.heartbeatEnabled", "useGlobalIp"),
)
OF_APP = (
    *("muxerFinishScript", "streamStartedScript", "streamEndedScript", "streamIdleTimeoutScript"),
    *("vodUploadFinishScript", "s3RecordingEnabled", "s3Permission", "s3SecretKey"),
    *("s3Endpoint", "listenerHookURL", "dataChannelWebHookURL", "turnServerUsername"),
    *("turnServerCredential", "generatePreview", "webRTCEnabled", "hlsMuxingEnabled"),
    *("dashMuxingEnabled", "mp4MuxingEnabled", "signalingAddress", "firebaseAccountKeyJSON"),
    *("apnPrivateKey", "subscriberAuthenticationKey"),
)
# Keys of the server's file that the catalogue has not, and that hold no secret.
KEYS = (
    *("rtmps.keystorefile", "jmx.rmi.port.registry"),
    *("jmx.rmi.port.remoteobjects", "jmx.rmi.host", "jmx.rmi.ssl", "jmx.rmi.enable.ssl"),
    *("http.ssl_certificate_file", "http.ssl_certificate_chain_file"),
    *("http.ssl_certificate_key_file", "clusterdb.host", "clusterdb.user", "logLevel"),
)


def look(scene: Scene) -> dict[str, Any]:
    """The texts that a start would use, by setting; keys only as far as the file has them."""
    installation = scene.there
    document = installation.server.document
    return {
        "server": {
            **_of(installation, "", OF_SERVER),
            # That of a database may be an address with an account; that it is one is told.
            **{
                key: _ACCOUNT.sub(r"\1@", document.get(key) or "")
                for key in KEYS
                if key in document
            },
        },
        "apps": {app: _of(installation, app, OF_APP) for app in installation.apps},
    }


def _of(installation: Any, app: str, names: Any) -> dict[str, str | None]:
    found = {}
    for name in names:
        setting = _catalogue.by_name(_catalogue.file_of(app), name)
        if setting.exists_in(installation.version):
            text = installation.effective(app, name)
            found[name] = _secret.fingerprint(text) if setting.secret else _told(setting, text)
    return found


def _told(setting: _catalogue.Setting, text: str | None) -> str | None:
    """A text without the secrets that a URL may hold: an account, what follows a question mark."""
    if text is None or setting.type != "url":
        return text
    return _ACCOUNT.sub(r"\1", text).partition("?")[0]
