# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The changes that take an installation to the settings a policy wants.

Pure: no file is touched and no server asked.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
    valve as _valve,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._host import files as _files
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted

# Why a key changes.
VALUE = "value"  # the server would use another value
SPELLING = "spelling"  # the same value, under the key this version reads first
EXPLICIT = "explicit"  # the same value, which so far held by default only
TWIN = "twin"  # another spelling of the same setting, which could win one day
DUPLICATE = "duplicate"  # the key stands in the file more than once
ACCESS = "access"  # owner or mode of the file

NONE = "none"  # nothing to do in the running server


@dataclass(frozen=True)
class Change:
    """One change of one key, or of a file's owner or mode.

    app: empty for the server's own file. old, new: texts, None for absent. apply: ``live``,
    ``restart`` or ``none``, what the running server needs to have the change in force.
    """

    app: str
    path: str
    key: str
    old: str | None = field(repr=False)
    new: str | None = field(repr=False)
    reason: str
    apply: str
    secret: bool = False
    name: str = ""

    def shown(self) -> dict[str, Any]:
        """The change as a result may show it: secrets by fingerprint."""

        def show(text: str | None) -> str | None:
            return _secret.fingerprint(text) if self.secret and text else text

        return {
            "app": self.app,
            "file": self.path,
            "key": self.key,
            "old": show(self.old),
            "new": show(self.new),
            "reason": self.reason,
            "apply": self.apply,
        }


@dataclass(frozen=True)
class Plan:
    """The changes in order, and the files that hold them.

    proxies: whether the policy names the proxies to believe, changed or not. names: canonical names
    of the settings that the policy names, by application, changed or not. gate: whether a gate
    enforces in place of the server what it does not.
    """

    changes: tuple[Change, ...]
    files: tuple[_files.NewFile, ...]
    proxies: bool = False
    names: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    gate: bool = False


def make_plan(installation: Installation, wanted: Wanted) -> Plan:
    """Compare what is wanted with what is there.

    :returns: a plan, empty when nothing has to change.
    """
    changes: list[Change] = []
    files: list[_files.NewFile] = []
    for app, current in installation.files():
        kind = _catalogue.file_of(app)
        document = Document.parse(current.data)
        found: list[Change] = []
        for name, text in wanted.of(app).items():
            setting = _catalogue.by_name(kind, name)
            found.extend(
                _change_setting(app, current, document, setting, text, installation.version)
            )
        data = document.dump() if found else current.data
        mode, uid, gid, access = _access(app, current, document, kind, installation)
        if found or access:
            changes.extend(found + access)
            files.append(_files.NewFile(app, current, data, mode, uid, gid))
    if wanted.proxies is not None and installation.container is not None:
        found, changed = _change_proxies(installation.container, wanted.proxies)
        changes.extend(found)
        files.extend(changed)
    names = {app: frozenset(wanted.of(app)) for app, _file in installation.files()}
    proxies = wanted.proxies is not None
    return Plan(tuple(changes), tuple(files), proxies, names, wanted.gate is not None)


def _change_setting(
    app: str,
    current: _files.SettingsFile,
    document: Document,
    setting: _catalogue.Setting,
    text: str,
    version: tuple[int, ...],
) -> Iterator[Change]:
    key = setting.spellings(version)[0]
    held = _catalogue.effective(setting, version, document)
    present = document.get(key)

    def change(
        name: str, old: str | None, new: str | None, reason: str, apply: str = NONE
    ) -> Change:
        return Change(
            app, current.path, name, old, new, reason, apply, setting.secret, setting.name
        )

    if not _catalogue.same(setting, present, text):
        if held is None:
            default = setting.default_in(version) if setting.realm else None
            unchanged = _catalogue.same(setting, default, text)
            reason = EXPLICIT if unchanged else VALUE
        else:
            unchanged = _catalogue.same(setting, held, text)
            reason = SPELLING if unchanged else VALUE
        document.set(key, text)
        yield change(key, present, text, reason, NONE if unchanged else setting.apply)
    elif present is not None and document.count(key) > 1:
        document.set(key, present)
        yield change(key, present, present, DUPLICATE)
    for twin in setting.twins(version):
        if twin in document:
            old = document.get(twin)
            document.remove(twin)
            yield change(twin, old, None, TWIN)


def _change_proxies(
    current: _files.PlainFile, expression: str
) -> tuple[list[Change], list[_files.NewFile]]:
    """The proxies the server believes: changes of the one bean that says so, and the new file."""
    data = _valve.edit(current.data, expression)
    if data == current.data:
        return [], []
    wanted = _valve.wanted(expression)
    changes = [
        Change("", current.path, "RemoteIpValve." + name, old, wanted[name], VALUE, "restart")
        for name, old in _valve.current(current.data).items()
        if old != wanted[name]
    ]
    return changes, [_files.NewFile("", current, data, current.mode, current.uid, current.gid)]


def _access(
    app: str,
    current: _files.SettingsFile,
    document: Document,
    kind: str,
    installation: Installation,
) -> tuple[int, int, int, list[Change]]:
    """Owner and mode: the server can write its file, and others cannot read secrets in it."""
    mode, uid, gid = current.mode, current.uid, current.gid
    holds_secret = any(
        text and _catalogue.is_secret(kind, key) for key, text in document.as_dict().items()
    )
    # Somebody edited as root. Never through a link, which could lead to any file of the system.
    if uid == 0 and uid != installation.uid and not current.link:
        uid, gid = installation.uid, installation.gid
    if holds_secret:
        mode &= ~0o007
    mode |= 0o600
    changes = []
    if (uid, gid) != (current.uid, current.gid):
        old, new = f"{current.uid}:{current.gid}", f"{uid}:{gid}"
        changes.append(Change(app, current.path, "owner", old, new, ACCESS, NONE))
    if mode != current.mode:
        old, new = f"{current.mode:04o}", f"{mode:04o}"
        changes.append(Change(app, current.path, "mode", old, new, ACCESS, NONE))
    return mode, uid, gid, changes
