# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The secrets of a policy, written where the servers look for them.

Their values are never shown.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
    secrets as _secrets,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    enforce as _enforce,
    values as _values,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.draft import Draft, Used


def laid_out(draft: Draft) -> None:
    """Faults in how the secrets are laid out."""
    given = draft.policy.get("secrets")
    secrets = _secrets.mapping(given)
    if not isinstance(given, (Mapping, type(None))):
        draft.fault(_secrets.VARIABLE, _options.NO_MAPPING)
    for word in sorted(set(map(str, secrets)) - _words.TOP_WORDS):
        _unknown(draft, _secrets.variable(word), _words.TOP_WORDS)
    parts = {word: secrets.get(word) for word in _words.PARTS}
    parts.update((f"apps.{app}", part) for app, part in _secrets.mapping(parts["apps"]).items())
    for path, part in parts.items():
        if part is not None and not isinstance(part, Mapping):
            draft.fault(_secrets.variable(path), _options.NO_MAPPING)
    admin = _secrets.mapping(parts["admin"])
    for word in ("email", "password") if admin else ():
        text = admin.get(word, "")
        if text is not None and not (isinstance(text, str) and text):  # a null is told already
            draft.fault(_secrets.variable("admin"), f"has no {word}")


def of_server(draft: Draft) -> None:
    """The secrets of the server as a whole."""
    secrets = _secrets.mapping(draft.policy.get("secrets"))
    _by_names(draft, "", _secrets.Held("settings", secrets.get("settings")))
    for word in _words.SERVER_SECRETS:
        held = _secrets.held(secrets, "", word)
        if held is not None:
            _by_word(draft, "", word, held)


def of_app(draft: Draft, app: str) -> None:
    """The secrets of an application: those of controls that are on, and further ones."""
    secrets = _secrets.mapping(draft.policy.get("secrets"))
    for word in _words.SHARED_SECRETS:
        held = _secrets.held(secrets, app, word)
        if held is not None and _keeps(draft, app, word, held):
            _by_word(draft, app, word, held)
    part = _secrets.part(secrets, app)
    known = {*_words.APP_SECRETS, "settings"}
    for word in sorted(set(part) - known, key=str):
        _unknown(draft, _secrets.variable(part[word].path), known)
    for word, about in _words.APP_SECRETS.items():
        on = not about.switches or any(draft.on(app, name) for name in about.switches.values())
        if word in part and on:
            _by_word(draft, app, word, part[word])
    if "settings" in part:
        _by_names(draft, app, part["settings"])


def _unknown(draft: Draft, variable: str, known: Iterable[str]) -> None:
    draft.fault(variable, f"is not known; known are {', '.join(sorted(known))}")


def _keeps(draft: Draft, app: str, word: str, held: _secrets.Held) -> bool:
    """Whether this version keeps a key that all applications share; a warning where it does not."""
    setting = _catalogue.by_name(_catalogue.APP, _words.SECRETS[word].setting)
    if setting.exists_in(draft.installation.version):
        return True
    draft.wanted.warnings.append(
        f"app {app}: {_secrets.variable(held.path)}: Ant Media Server"
        f" {draft.installation.version_text} keeps no such key; it is left out"
    )
    return False


def _by_word(draft: Draft, app: str, word: str, held: _secrets.Held) -> None:
    """Write a secret that has a word, which has to be fit for its purpose."""
    variable, secret = _secrets.variable(held.path), held.value
    if not isinstance(secret, str):
        draft.fault(variable, "is not a text; put it in quotes")
        return
    reasons = _secret.faults(secret)
    for reason in reasons:
        draft.fault(variable, reason)
    setting = _catalogue.by_name(_catalogue.file_of(app), _words.SECRETS[word].setting)
    if not reasons and setting.key(draft.installation.version) is not None:
        draft.wanted.of(app)[setting.name] = secret
        draft.used.append(Used(variable, word, secret))


def _by_names(draft: Draft, app: str, held: _secrets.Held) -> None:
    """Write secrets by the server's own names; they are for others, so any text will do."""
    for name, secret in _secrets.mapping(held.value).items():
        if secret is not None:
            _by_name(draft, app, _secrets.variable(f"{held.path}.{name}"), name, secret)


def _by_name(draft: Draft, app: str, variable: str, name: Any, secret: Any) -> None:
    setting = _catalogue.by_key(_catalogue.file_of(app), str(name))
    if setting is None or setting.name != name or not setting.secret:
        owner = "an application" if app else "the server"
        draft.fault(variable, f"is not a secret of {owner}")
    elif _secrets.own_word(name):
        draft.fault(variable, f"put it into {_secrets.belongs_by_setting(app, name)}")
    elif not isinstance(secret, str):
        draft.fault(variable, "is not a text; put it in quotes")
    elif _enforce.readable(draft, variable, setting):
        try:
            draft.wanted.of(app)[name] = _values.plain(secret)
        except ValueError as error:
            draft.fault(variable, str(error))
