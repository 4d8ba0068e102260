# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a running server holds against what its files say, and what to post where they differ.

Pure: nothing is asked here.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
from typing import Any, Collection, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)

# Three numbers an encoder in a file, and JSON in the server's answers.
ENCODERS = "encoderSettingsString"


def as_text(value: object) -> str:
    """A value of the server's REST answers as the text it would have in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value)


def differences(
    installation: Installation, app: str, held: Mapping[str, Any], names: Collection[str] = ()
) -> list[_catalogue.Setting]:
    """Settings that the running server holds otherwise than a file says.

    Looked at are the access settings that the file has, and those that are named.

    :arg app: an application's name, empty for the server itself.
    :arg held: what the server holds, by field.
    :kwarg names: canonical names of further settings, which may hold by default.
    """
    return [
        setting
        for setting in _catalogue.of_file(_catalogue.APP if app else _catalogue.SERVER)
        if setting.exists_in(installation.version)
        and setting.field
        and setting.field in held
        and (
            setting.name in names
            or (setting.realm is not None and _present(installation, app, setting))
        )
        and _differs(setting, installation.effective(app, setting.name), held)
    ]


def _differs(setting: _catalogue.Setting, text: str | None, held: Mapping[str, Any]) -> bool:
    """Whether a setting is held otherwise than as a text of a file; None says nothing."""
    value = as_text(held[setting.field])
    if text is None or text == value or _catalogue.same(setting, text, value):
        return False
    return setting.name != ENCODERS or _encoders(text) != _encoders(value)


def _encoders(text: str) -> Any:
    """The encoders of a text, which the server holds as JSON when they have been posted once."""
    known = {"height": 0, "videoBitrate": 0, "audioBitrate": 0, "forceEncode": True}
    try:
        if text.startswith("["):
            return [dict(known, **entry) for entry in _json.parse(text)]
        numbers = iter([_json.whole(number) for number in text.split(",") if number.strip()])
        return [dict(known, **dict(zip(known, three))) for three in zip(*[numbers] * 3)]
    except (TypeError, ValueError):
        return text


def missed(
    installation: Installation,
    app: str,
    before: Mapping[str, str] | Document,
    held: Mapping[str, Any],
) -> list[_catalogue.Setting]:
    """Settings of a file that have changed and that the running server does not hold as they are.

    :arg before: what the file held.
    :arg held: what the server holds, by field.
    """
    version = installation.version

    def late(setting: _catalogue.Setting) -> bool:
        text = installation.effective(app, setting.name)
        old = _catalogue.effective(setting, version, before)
        old = setting.default_in(version) if old is None else old
        return not _catalogue.same(setting, old, text) and (
            setting.field not in held or _differs(setting, text, held)
        )

    settings = _catalogue.of_file(_catalogue.APP if app else _catalogue.SERVER)
    return [setting for setting in settings if setting.exists_in(version) and late(setting)]


def in_file(installation: Installation, app: str) -> set[str]:
    """Canonical names of the settings that a file has."""
    settings = _catalogue.of_file(_catalogue.APP if app else _catalogue.SERVER)
    return {setting.name for setting in settings if _present(installation, app, setting)}


def _present(installation: Installation, app: str, setting: _catalogue.Setting) -> bool:
    document = installation.file(app).document
    return _catalogue.effective(setting, installation.version, document) is not None


def typed(setting: _catalogue.Setting, text: str) -> Any:
    """A text of a file as the value it has in the server's REST API."""
    if setting.type == "bool":
        return _catalogue.normal(setting, text) == "true"
    if setting.type == "int":
        return int(text)
    if setting.type == "float":
        return float(text)
    if setting.type == "json":
        return _json.parse(text) if text else None  # the server writes nothing for nothing
    return text


def healed(installation: Installation, app: str, held: Mapping[str, Any]) -> dict[str, Any]:
    """What a running application should hold: its file's values, defaults where the file is silent.

    :arg held: what it holds, by field.
    :returns: the whole object to post.
    """
    names = [
        setting.name
        for setting in _catalogue.of_file(_catalogue.APP)
        # What means the same stays: the server tells null from an empty text, a file does not.
        if setting.field
        and setting.field in held
        and (setting.type != "json" or _present(installation, app, setting))
        and _differs(setting, installation.effective(app, setting.name), held)
    ]
    return merged(installation, app, held, names)


def merged(
    installation: Installation, app: str, held: Mapping[str, Any], names: Collection[str]
) -> dict[str, Any]:
    """What a running application holds, but named settings as its file says.

    :arg held: what it holds, by field.
    :arg names: canonical names.
    :returns: the whole object to post.
    """
    result = dict(held)
    for name in names:
        setting = _catalogue.by_name(_catalogue.APP, name)
        text = installation.effective(app, name)
        result[setting.field] = None if text is None else typed(setting, text)
    if ENCODERS in names:
        result.pop("encoderSettings", None)  # the same in another form, which would win
    return result
