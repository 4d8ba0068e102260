# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which settings a name means to a server, by the place in which the name stands.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
from typing import Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)

# The beans that hold the settings.
APP_BEAN = ("app.settings", "io.antmedia.AppSettings")
SERVER_BEAN = ("ant.media.server.settings", "io.antmedia.settings.ServerSettings")


class Names:
    """The names of settings for servers of one version.

    keys: settings of an application by each key that is read for them. environment: pairs of a key
    and its settings by each name of a variable that Spring takes for the key. words: settings by
    each word, in small letters, with which they can be set from outside of their file.
    """

    def __init__(self, version: tuple) -> None:
        self.version = version
        self.keys: dict[str, list] = {}
        self.words: dict[str, _catalogue.Setting] = {}
        for setting in _catalogue.of_file(_catalogue.APP):
            if setting.exists_in(version):
                for key in setting.spellings(version):
                    self.keys.setdefault(key, []).append(setting)
                    self.words[key.lower()] = setting
                for name in filter(None, (setting.name, setting.field)):
                    self.words[name.lower()] = self.words["set" + name.lower()] = setting
        self.environment = {name: key for key in self.keys for name in _variables(key)}
        self.server = {
            setting.name: setting
            for setting in _catalogue.of_file(_catalogue.SERVER)
            if setting.exists_in(version)
        }
        self.app_fields = _fields(_catalogue.APP)
        self.server_fields = _fields(_catalogue.SERVER)


def _variables(key: str) -> Iterator[str]:
    """The names under which Spring looks for a key in the environment."""
    plain = key.replace(".", "_")
    yield from (key, plain, key.upper(), plain.upper())


def _fields(file: str) -> dict[str, str]:
    """Names of settings by the property of the bean that holds them, in small letters."""
    found = _catalogue.of_file(file)
    return {setting.field.lower(): setting.name for setting in found if setting.field}


@functools.lru_cache(maxsize=None)
def of(version: tuple) -> Names:
    """The names for a version."""
    return Names(version)
