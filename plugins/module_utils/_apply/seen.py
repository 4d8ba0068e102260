# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One look at a host: what runs there, what it holds, and what earlier runs left behind.

Whoever reports on a host and whoever changes it see it through this room, so they cannot disagree.

PRIVATE to the collection.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import ApplyError
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    leftovers as _leftovers,
    network as _network,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import look as _look
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    app as _app,
    held as _held,
    management as _management,
    ready as _ready,
    unseen as _unseen,
)

# By how many seconds a process may seem to be older than it is: /proc counts from a whole second.
CLOCK_SECONDS = 2

UNFINISHED = "an earlier run was not finished"
NOT_TAKEN = "the running server does not take this host's management secret"
APART = (
    "the server (process {}) is in another network than this run, which may not go there: run the"
    " play inside of its container, or outside as root (docs/containers.md); nothing was changed"
)
NOT_READ = "conf/jee-container.xml is newer than the running server"


@dataclass(frozen=True)
class Seen:
    """A host as it was seen.

    unfinished: whether a run was interrupted before its changes were in force.
    unclaimed: whether nobody is the first admin yet; None where the server does not say.
    foreign: why the server was not asked, where somebody else has its port.
    unseen: what speaks for a running server where no process of one is found.
    known: whether the running server told what it holds; refused: whether it knows this host's
    management secret no more.
    held: what the applications hold, by name and field. differs: names of the settings that the
    server holds otherwise than its files say, by application, empty for the server itself.

    What only a run looks for: drift: as differs, of applications, with what was missed of an
    unproved file. stale: why the server has to be started again whatever is planned.
    unknown: why what it holds was not compared with its files. warnings: as they are.
    """

    installation: _installation.Installation
    process: _process.Process | None
    management: _management.Management
    unfinished: bool = False
    unclaimed: bool | None = None
    foreign: str = ""
    unseen: str = ""
    known: bool = False
    refused: bool = False
    held: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    differs: Mapping[str, list[str]] = field(default_factory=dict)
    drift: Mapping[str, list[str]] = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    unknown: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def paths(self) -> list[str]:
        """The files that runs change, the server's own first."""
        return paths_of(self.installation)

    def unproved(self) -> list[str]:
        """Files that were changed after the running server had read them, as they are now."""
        return _unproved(self.paths, self.process)

    def no_access(self) -> str:
        """Why the running server does not tell what it holds."""
        if not self.process:
            return "it does not run"
        if self.management.shut:
            return "its panel lets nobody in"
        if self.management.refused:
            return self.management.refused
        if self.unclaimed and not self.management.secret:
            return "this server has no admin yet"
        if not self.management.accessible:
            return "there is neither a management JWT nor antmedia_secrets.admin"
        return "its management API does not answer"


def paths_of(installation: _installation.Installation) -> list[str]:
    """The files of an installation that runs change, the server's own first."""
    paths = [file.path for _app, file in installation.files()]
    return paths + ([installation.container.path] if installation.container else [])


def _unproved(paths, process):
    return [path for path, when in _leftovers.left_behind(paths) if when > process.started]


def _unfinished(paths, process):
    if process:
        return bool(_unproved(paths, process))
    # Stopped by somebody, or by a run that was killed before it could start it again.
    return bool(_leftovers.left_behind(paths)) or _leftovers.stopped_here(paths)


def look(
    installation: _installation.Installation,
    process: _process.Process | None,
    management: _management.Management,
    names: Mapping[str, Collection[str]] | None = None,
) -> Seen:
    """Look at a host as it is at this moment, without a wait.

    :kwarg names: canonical names of the settings to compare beside those that decide access, by
        application; None for all that a file has.
    """
    seen = Seen(installation, process, management, _unfinished(paths_of(installation), process))
    if not process:
        return dataclasses.replace(seen, unseen=_unseen.signs(installation))
    unclaimed = management.unclaimed()
    seen = dataclasses.replace(seen, unclaimed=unclaimed, foreign=management.foreign)
    if seen.foreign or not management.accessible:
        return seen
    try:
        held = {app: management.settings(app) for app in installation.apps}
        held[""] = management.server_settings()
    except _management.RestError as error:
        return dataclasses.replace(seen, refused=error.status == 403)
    differs = {}
    for app, content in held.items():
        named = _held.in_file(installation, app) if names is None else names[app]
        found = _held.differences(installation, app, content, named)
        if found:
            differs[app] = [setting.name for setting in found]
    return dataclasses.replace(seen, known=True, held=held, differs=differs)


def look_settled(
    installation: _installation.Installation,
    plan: _plan.Plan,
    process: _process.Process | None,
    management: _management.Management,
    seconds: float,
) -> Seen:
    """Look at a host for a run, once its server is past its start.

    :arg seconds: how long to wait for a server that somebody else has started.
    :raises ApplyError: when nothing can be done there; nothing was changed.
    """
    if process and _network.apart(process):
        raise ApplyError(APART.format(process.pid))
    overruled = _look.look(installation, process)
    unread = tuple(
        f"{text}; so something there may overrule the files" for text in overruled.unread
    )
    _refuse_overruled(overruled, plan)
    if process:
        try:
            _ready.wait_settled(installation, process, management, seconds)
        except _ready.NotReady as error:
            raise ApplyError(f"{error}; nothing was changed") from error
    seen = look(installation, process, management, plan.names)
    if seen.foreign or seen.unseen:
        raise ApplyError(f"{seen.foreign or seen.unseen}; nothing was changed")
    if not process:
        return dataclasses.replace(
            seen, stale=(UNFINISHED,) if seen.unfinished else (), warnings=unread
        )
    if seen.refused:
        seen = dataclasses.replace(seen, stale=(NOT_TAKEN,))
    elif seen.known:
        seen = _with_missed(seen)
    else:
        drift = {app: ["jwtControlEnabled"] for app in _app.open_apps(installation)}
        stale = (UNFINISHED,) if seen.unfinished else ()
        seen = dataclasses.replace(seen, unknown=seen.no_access(), drift=drift, stale=stale)
    late = (NOT_READ,) if _not_read(seen, plan) else ()
    return dataclasses.replace(seen, stale=seen.stale + late, warnings=unread)


def _refuse_overruled(overruled, plan):
    """Nothing may overrule what the policy names, in the running server or at its next start."""
    found = overruled.concerning(plan.names)
    if len(found) > 1:
        lines = "\n".join(f"- {sentence}" for sentence in found)
        raise ApplyError(
            f"settings that the policy names are overruled; nothing was changed:\n{lines}"
        )
    if found:
        raise ApplyError(f"{found[0]}; nothing was changed")


def _with_missed(seen):
    """The same with what the server has missed of unproved files, named by the policy or not."""
    different = {app: list(found) for app, found in seen.differs.items()}
    unproved = seen.unproved()
    for app, file in seen.installation.files():
        if file.path in unproved:
            before = Document.parse(_leftovers.read_old(file.path))
            missed = _held.missed(seen.installation, app, before, seen.held[app])
            found = different.setdefault(app, [])
            found += [setting.name for setting in missed if setting.name not in found]
    stale = tuple(different.pop("", ()))
    drift = {app: found for app, found in different.items() if found}
    return dataclasses.replace(seen, drift=drift, stale=stale)


def _not_read(seen, plan):
    """Whether the server has not read since its change what it cannot be asked for."""
    container = seen.installation.container
    if not plan.proxies or not container:
        return False
    return container.changed > seen.process.started + CLOCK_SECONDS
