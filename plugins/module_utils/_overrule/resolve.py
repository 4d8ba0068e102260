# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From the names that are given values to what they overrule.

Pure: nothing is read.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    beans as _beans,
    entry as _entry,
    names as _names,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule.scene import Named

# A server without applications: what will be true of its first one.
_EMPTY: Mapping[str, str] = {}


def entries(
    installation: _installation.Installation,
    named: Iterable[Named],
    fillers: Mapping[str, _beans.Filler],
) -> Iterator[_entry.Entry]:
    """What the names overrule.

    :arg fillers: who fills in the values by application, empty for the server itself.
    """
    names = _names.of(installation.version)
    documents = {app: file.document for app, file in installation.apps.items()}
    for each in dict.fromkeys(named):
        if each.app == _entry.EVERY:
            yield from _of_server(installation, each, fillers[""], names)
        key = names.environment.get(each.name, "")
        key = key if each.way == _entry.ENVIRONMENT else each.name
        for setting in names.keys.get(key, ()):
            apps = list(documents) if each.app == _entry.EVERY else [each.app]
            won = {
                app: _wins(
                    setting, key, documents[app], fillers[app], each.way, installation.version
                )
                for app in apps
            }
            if not apps:
                filler = _beans.Filler(())
                won[_entry.EVERY] = _wins(
                    setting, key, _EMPTY, filler, each.way, installation.version
                )
            elif each.app == _entry.EVERY and len(set(won.values())) == 1:
                won = {_entry.EVERY: won[apps[0]]}
            for app, fills in won.items():
                if fills is not None:
                    yield _entry.Entry(
                        app, setting.name, each.name, each.way, each.where, each.when, fills
                    )


def _wins(
    setting: _catalogue.Setting, key: str, document: Any, filler: Any, way: str, version: Any
) -> bool | None:
    """Whether a key that is given a value wins over a file; None if it does not.

    True if it does only as long as the file lacks the key that it should have.
    """
    spellings = setting.spellings(version)
    own = spellings.index(key)
    held = next((i for i, name in enumerate(spellings) if name in document), len(spellings))
    if way in filler.before and own <= held:
        return own > 0
    if way in filler.after and own < held:
        return True
    return None


def _of_server(
    installation: _installation.Installation, each: Any, filler: Any, names: Any
) -> Iterator[_entry.Entry]:
    """The server's own settings: one spelling, and the name has to be the same."""
    if each.name not in names.server:
        return
    if each.way in filler.before:
        fills = False
    elif each.way in filler.after and each.name not in installation.server.document:
        fills = True
    else:
        return
    yield _entry.Entry("", each.name, each.name, each.way, each.where, each.when, fills)


def references(installation: _installation.Installation) -> Iterator[_entry.Entry]:
    """Settings whose value in their file is to be found elsewhere."""
    for app, file in installation.files():
        kind = _catalogue.APP if app else _catalogue.SERVER
        for key, text in file.document.as_dict().items():
            setting = _catalogue.by_key(kind, key) if "${" in text or "#{" in text else None
            if setting:
                yield _entry.Entry(app, setting.name, key, _entry.REFERENCE, file.path)
