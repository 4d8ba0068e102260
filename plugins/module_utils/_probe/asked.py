# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What should be true of a server: what the policy says, or else what the server's files say.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Container

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    versions as _versions,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import gate as _gate
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import sources as _sources
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    HERE,
    Surface,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import Jwt


class Asked:
    """The settings a server should have, whoever says so."""

    def __init__(self, wanted: Wanted, installation: Installation) -> None:
        self.wanted = wanted
        self.installation = installation

    def names(self, app: str, name: str) -> bool:
        """Whether the policy names a setting."""
        return name in self.wanted.of(app)

    def text(self, app: str, name: str) -> str:
        """The text a setting should have; an empty one for none."""
        wanted = self.wanted.of(app)
        if name in wanted:
            return wanted[name] or ""
        return self.installation.effective(app, name) or ""

    def on(self, app: str, name: str) -> bool:
        """Whether a setting should be on."""
        return _catalogue.on(self.text(app, name))

    def hook(self, app: str) -> str:
        """The address of the hook that decides who publishes; none where that is the gate."""
        text = self.text(app, _words.HOOK)
        return "" if text.startswith(_gate.HOOK) else text

    def kinds(self, app: str, direction: str) -> tuple[list[str], bool]:
        """Which kinds of token guard a direction, and whether the policy says anything about it."""
        switches = _words.SWITCHES[direction]
        kinds = [kind for kind, name in switches.items() if self.on(app, name)]
        return kinds, any(self.names(app, name) for name in switches.values())

    def has(self, app: str, door: Surface, lying: Container[tuple[str, str]] = ()) -> bool:
        """Whether a server as it should be has a door at all.

        :kwarg lying: as :class:`Options` has it.
        """
        if self.installation.version < door.since or door.name in self.wanted.closed:
            return False
        if door.folder and (app, door.folder) in lying:
            return True
        return not door.needs or any(self.on(*self._place(app, name)) for name in door.needs)

    @staticmethod
    def _place(app: str, name: str) -> tuple[str, str]:
        server = _catalogue.by_key(_catalogue.SERVER, name)
        return ("" if server else app), name


@dataclass
class Options:
    """How to ask. own: further addresses of this host. previous: secrets that must no longer be
    accepted, as (app, setting) to text. known: a stream off air of each application that lets in
    known ones only. hooks: whether a probe may make the server call its authorisation hook. lying:
    pairs of an application and a folder of it that is open to a door, and has something in it.
    """

    own: tuple[str, ...] = ()
    previous: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)
    known: dict[str, str] = field(default_factory=dict)
    hooks: bool = False
    lying: frozenset[tuple[str, str]] = frozenset()


def panel_path(version: tuple[int, ...]) -> str:
    """An address of the panel that answers everybody its list lets in."""
    known = version >= _versions.LIVENESS
    return "/rest/v2/liveness" if known else "/rest/v2/first-login-status"


def stranger(asked: Asked, app: str, options: Options) -> _sources.Source:
    """An address that the list of an application's REST API does not hold, if there is one."""
    if not asked.on(app, "ipFilterEnabled"):
        return HERE
    listed = asked.text(app, "remoteAllowedCIDR")
    if _cidr.contains(listed, "0.0.0.0/0"):  # who is left asks by IPv6, which most have none of
        return HERE
    return next(iter(_sources.samples(listed, options.own)[1]), HERE)


def rest_way(asked: Asked, app: str) -> tuple[_sources.Source | None, Jwt | None]:
    """How to be let in to an application's REST API: a pair of a source and a token.

    The source is None when its list lets nobody in.
    """
    token = None
    if asked.on(app, "jwtControlEnabled") and not asked.text(app, "jwksURL"):
        token = Jwt(asked.text(app, "jwtSecretKey"))
    source: _sources.Source | None = HERE
    if asked.on(app, "ipFilterEnabled"):
        inside = _sources.samples(asked.text(app, "remoteAllowedCIDR"))[0]
        source = inside[0] if inside else None
    return source, token
