# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Posting changes to the running server, and taking them back when one of them fails.

PRIVATE to the collection.
"""

from __future__ import annotations

import dataclasses
import time

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import way as _way
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.done import Done
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import ApplyError
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.seen import Seen
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    installation as _installation,
    leftovers as _leftovers,
    transaction as _transaction,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    heal as _heal,
    held as _held,
    management as _management,
)


def copies(seen: Seen, plan: _plan.Plan) -> list[_files.NewFile]:
    """Copies, in their own place, of files that are healed only.

    The server rewrites them at every post. So each has its old file beside it before the first.
    """
    planned = {file.app for file in plan.files}
    return [
        _files.NewFile(app, file, file.data, file.mode, file.uid, file.gid)
        for app, file in seen.installation.apps.items()
        if app in seen.drift and app not in planned
    ]


class Live:
    """The live changes of one run, whose new files are in place."""

    def __init__(self, seen: Seen, plan: _plan.Plan, done: Done) -> None:
        self.seen = seen
        self.plan = plan
        self.done = done

    def carry_out(self) -> None:
        """Post what differs, then put the file back as planned: the server rewrites it whole.

        :raises ApplyError: what was posted is taken back, or the text says what is not.
        """
        posted = []
        try:
            now = _installation.observe(self.seen.installation.home)
            for app in self.seen.installation.apps:
                names = {
                    change.name
                    for change in self.plan.changes
                    if change.app == app and change.apply == _way.LIVE
                }
                if names or app in self.seen.drift:
                    posted.append(app)
                    self._post(now, app, names)
        except (_management.RestError, OSError, ValueError) as error:
            raise ApplyError(f"{error}; {self._take_back(posted)}") from error

    def _post(self, now, app, names):
        management, held = self.seen.management, self.seen.held[app]
        if app in self.seen.drift:
            content = _held.healed(now, app, held)
        else:
            content = _held.merged(now, app, held, names)
        management.post_settings(app, content)
        self.done.switched_at = time.time()
        _heal.rewrite(now.apps[app])
        different = _held.differences(now, app, management.settings(app), self.plan.names[app])
        if different:
            names = ", ".join(setting.name for setting in different)
            raise _management.RestError(
                f"application {app} does not hold {names} after it was posted"
            )
        if app in self.seen.drift:
            self.done.healed.append(app)

    def _take_back(self, apps):
        """Give the files their old content, and the server what it held, or should have held."""
        unknown = []
        for app in apps:
            try:
                self.seen.management.post_settings(app, self._held_before(app))
            except (_management.RestError, OSError, ValueError):
                unknown.append(app)
        try:
            _transaction.put_back(self.seen.paths)
        except _transaction.TransactionError as error:
            return str(error)
        if unknown:
            return (
                "the files are as before, but what "
                f"{', '.join(unknown)} holds in memory is not known"
            )
        text = "the files and what the server holds are as before"
        self.done.healed = [app for app in apps if app in self.seen.drift]
        self.done.altered = bool(self.done.healed)
        if self.done.healed:
            text += f", but that {', '.join(self.done.healed)} holds again what its file says"
        return text

    def _held_before(self, app):
        """What an application held; of one that differed from its file, what the file says."""
        if app not in self.seen.drift:
            return self.seen.held[app]
        installation = self.seen.installation
        file = installation.apps[app]
        document = Document.parse(_leftovers.read_old(file.path))
        file = dataclasses.replace(file, document=document)
        before = dataclasses.replace(installation, apps={app: file})
        return _held.healed(before, app, self.seen.held[app])
