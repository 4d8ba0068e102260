# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may be told about an installation: everything but secrets, which become fingerprints.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
    sense as _sense,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)


def summary(installation: Installation) -> dict[str, Any]:
    """An installation in a few words."""
    return {
        "home": installation.home,
        "version": installation.version_text,
        "edition": installation.edition,
        "apps": list(installation.apps),
        "clustered": installation.clustered,
    }


def fingerprints(installation: Installation) -> dict[str, Any]:
    """Fingerprints of the secrets in the files; an empty text where there is none."""

    def of(app: str) -> dict[str, str]:
        return {
            word: _secret.fingerprint(installation.effective(app, secret.setting))
            for word, secret in _words.SECRETS.items()
            if (secret.kept == _words.SERVER) != bool(app)
        }

    return {**of(""), "apps": {app: of(app) for app in installation.apps}}


def settings(installation: Installation, app: str) -> dict[str, str | None]:
    """The access settings of a file as a server started now would use them, by canonical name."""
    kind = _catalogue.APP if app else _catalogue.SERVER
    found = {}
    for setting in _catalogue.of_file(kind):
        if setting.realm is None or not setting.exists_in(installation.version):
            continue
        text = installation.effective(app, setting.name)
        found[setting.name] = _secret.fingerprint(text) if setting.secret else text
    return found


def remarks(installation: Installation, app: str) -> list[_sense.Remark]:
    """What in a file is no value, as :func:`_sense.remarks` has it."""
    kind = _catalogue.APP if app else _catalogue.SERVER
    document = (installation.apps[app] if app else installation.server).document
    return _sense.remarks(kind, installation.version, document.as_dict())


def stale_keys(installation: Installation, app: str) -> list[str]:
    """Keys of a file that its server does not read, or that another spelling overrules."""
    kind = _catalogue.APP if app else _catalogue.SERVER
    document, version = installation.file(app).document, installation.version
    return [
        key
        for setting in _catalogue.of_file(kind)
        for key in (setting.name, setting.legacy)
        if key
        and key in document
        and key != next((k for k in setting.spellings(version) if k in document), None)
    ]
