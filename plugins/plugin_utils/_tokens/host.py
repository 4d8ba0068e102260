# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a token needs to know of a host's own settings files, given their bytes.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    properties as _properties,
    versions as _versions,
    words as _words,
)

SERVER_FILE = "conf/red5.properties"
CONTAINER_FILE = "conf/jee-container.xml"

_PORTS = {
    "http_port": "http.port",
    "https_port": "https.port",
    "rtmp_port": "rtmp.port",
    "rtmps_port": "rtmps.port",
    "srt_port": "server.srt_port",
}


class HostSettingsError(ValueError):
    """The files do not say what is asked. Never holds a value."""


def secret_file(app: str) -> str:
    """Where below the home a secret is kept."""
    return f"webapps/{app}/WEB-INF/red5-web.properties" if app else SERVER_FILE


def parse_version(text: str) -> tuple[int, ...]:
    """Numbers of a version.

    :raises HostSettingsError: if there are none.
    """
    try:
        return _versions.parse(text)
    except ValueError:
        raise HostSettingsError(f"version: {text!r} is not a version such as 2.17.1") from None


def _document(data, path):
    try:
        return _properties.Document.parse(data)
    except _properties.PropertiesError as error:
        raise HostSettingsError(f"{path}: {error}") from None


def secret(data: bytes, word: str, app: str, version: Sequence[int] = ()) -> str:
    """A secret out of a settings file.

    :arg word: how the policy calls the secret.
    :kwarg version: numbers of the server's version, empty if unknown.
    :returns: the text, empty if there is none.
    :raises HostSettingsError: if the file holds two and the version would tell which counts.
    """
    path = secret_file(app)
    document = _document(data, path)
    if word == "management":
        return document.get(_words.SECRETS[word].setting) or ""
    setting = _catalogue.by_name(_catalogue.APP, _words.SECRETS[word].setting)
    if version:
        return _catalogue.effective(setting, tuple(version), document) or ""
    held = {
        key: document.get(key) for key in (setting.name, setting.legacy) if key and key in document
    }
    if len(set(held.values())) > 1:
        raise HostSettingsError(
            f"{path}: {' and '.join(held)} differ, and which one counts depends on the server's"
            " version: give it (version)"
        )
    return next(iter(held.values()), "")


def endpoint(server: bytes, container: bytes) -> dict:
    """Ports and TLS of a host.

    :arg server: conf/red5.properties.
    :arg container: conf/jee-container.xml.
    :returns: a dictionary for ``_endpoint.Endpoint.of``.
    """
    document = _document(server, SERVER_FILE)
    found = {name: document.get(key) for name, key in _PORTS.items() if document.get(key)}
    active = re.sub(r"<!--.*?-->", "", container.decode("utf-8", "replace"), flags=re.DOTALL)
    found["tls"] = "${https.port}" in active and "SSLEnabled" in active
    found["rtmps"] = _catalogue.on(document.get("rtmps.enabled"))
    if document.get("server.name"):
        found["host"] = document.get("server.name").strip()
    return found
