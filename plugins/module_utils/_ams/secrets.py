# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which secret an application, or the server, has by ``antmedia_secrets``: its only reader.

The variable looks like this, and so does what a store is read into::

    management: "..."
    cluster: "..."
    app_defaults: {stream: "...", rest: "..."}
    apps: {LiveApp: {stream: "..."}}

Of two places that have a secret, the one that names the application counts.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words

VARIABLE = "antmedia_secrets"


class Held(NamedTuple):
    """A secret, or whatever stands in its place, and the path of it, such as ``apps.x.rest``."""

    path: str
    value: object


def mapping(value: object) -> Mapping:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def places(secrets: Mapping, app: str, word: str) -> list[Held]:
    """Where a secret may stand, the place that counts first, each with what is there or None.

    :arg app: an application's name; empty for the server.
    :arg word: one of :data:`_words.SECRETS`, or another key of an application's part.
    """
    known = _words.SECRETS.get(word)
    if not app or (known is not None and known.kept != _words.APP):
        return [Held(word, mapping(secrets).get(word))]
    apps, defaults = mapping(mapping(secrets).get("apps")), mapping(secrets).get("app_defaults")
    return [
        Held(f"apps.{app}.{word}", mapping(apps.get(app)).get(word)),
        Held(f"app_defaults.{word}", mapping(defaults).get(word)),
    ]


def held(secrets: Mapping, app: str, word: str) -> Held | None:
    """The secret that counts and where it stands; None where there is none.

    An empty text is there, and no secret: it is for whoever writes it down to say so. Arguments as
    for :func:`places`.
    """
    return next((place for place in places(secrets, app, word) if place.value is not None), None)


def part(secrets: Mapping, app: str) -> dict[str, Held]:
    """All that an application has, under its own name or by default, by word."""
    apps, defaults = mapping(mapping(secrets).get("apps")), mapping(secrets).get("app_defaults")
    found = {}
    for path, there in (("app_defaults", defaults), (f"apps.{app}", apps.get(app))):
        for word, value in mapping(there).items():
            if value is not None:
                found[word] = Held(f"{path}.{word}", value)
    return found


def secret_of(secrets: Mapping, app: str, word: str) -> str:
    """The text of the secret that counts, empty where there is none."""
    found = held(secrets, app, word)
    return str(found.value) if found else ""


def variable(path: str) -> str:
    """A place as people name it."""
    return f"{VARIABLE}.{path}"


def belongs(app: str, word: str) -> str:
    """Where a secret belongs, as people name it."""
    return variable(places({}, app, word)[0].path)


def own_word(setting: str) -> str:
    """The word for the secret that a setting of one application, or of the server, holds.

    Empty for a setting whose secret stands under the setting's own name, in the part ``settings``.
    """
    word = _words.WORD_OF.get(setting, "")
    return word if word and _words.SECRETS[word].kept != _words.EVERY_APP else ""


def belongs_by_setting(app: str, setting: str) -> str:
    """Where the secret that a setting holds belongs, as people name it."""
    return belongs(app, own_word(setting) or f"settings.{setting}")


def merged(variable: Mapping, store: Mapping) -> dict:
    """What holds of a variable and of a store's secrets, both in the shape above.

    Of one place the variable's secret counts, and of both the place that names the application:
    what the store has for LiveApp wins over what the variable has for all.
    """
    return _over(mapping(variable), mapping(store))


def _over(upper: Mapping, lower: Mapping) -> dict:
    found = dict(lower)
    for key, value in upper.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = _over(value, found[key]) if both else value
    return found


def app_names(secrets: Mapping) -> list[str]:
    """Applications that have a part of their own, sorted."""
    return sorted(map(str, mapping(mapping(secrets).get("apps"))))
