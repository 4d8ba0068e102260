# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a question is: what to ask of a server, from where, with what, and what should come back.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable

from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    DIRECT,
    Source,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import Jwt, Plain

LET_IN = "let in"
REFUSED = "refused"
UNCLEAR = "unclear"

# What it shows of an application that somebody is let in: that it runs, that one may publish.
RUNS = "runs"
PUBLISHES = "publishes"

# Which of the cases of a secret a door of a direction is asked with: each of them, each that must
# be refused, or none but that without a token.
EVERY, BAD, BARE = "every case", "bad cases", "no token"

HERE = Source("127.0.0.1", DIRECT)


@dataclass(frozen=True)
class Surface:
    """Something of a server that can be asked: a row of :mod:`_surfaces`.

    ask: puts a :class:`Probe` to a server and returns its answer, one of :mod:`_ways`. read: what
    the answer means, a pair of ``let in``, ``refused`` or ``unclear`` and the server's words, one
    of :mod:`_answers`. sentence: the question in words, with the probe's ``path`` and ``stream``.
    path, stream: where it is, by ``app`` and ``stream``. header: the one that carries a token.
    query: whether the query does, and further parameters. shows: what a letting-in shows beside
    itself. without_app: whether a server that has no such application lets in as well.

    control: the control whose door it is, if it is one of a direction. door: how a case says that
    it was asked here, empty for a control's first. cases: which ones it is asked with. since: the
    first version that has it. needs: settings, of the server or of an application, of which one
    has to be on. folder: one of the application; something in it, whatever made that, will do as
    well. outside: whether only the list of the REST API guards it, so that it is asked from an
    address that this list does not hold.
    """

    name: str
    ask: Callable[..., Any] = field(repr=False)
    read: Callable[[Any], tuple[str, str]] = field(repr=False)
    sentence: str
    path: str = ""
    stream: str = ""
    header: str = ""
    query: bool = False
    shows: tuple[str, ...] = (RUNS,)
    without_app: bool = False
    control: str = ""
    door: str = ""
    cases: str = EVERY
    since: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()
    folder: str = ""
    outside: bool = False

    def at(self, app: str, stream: str = "") -> dict[str, Any]:
        """The path and the stream of a :class:`Probe` of an application."""
        about = {"app": app, "stream": stream}
        return {"path": self.path.format(**about), "stream": self.stream.format(**about)}


@dataclass(frozen=True)
class Unasked:
    """A door of a direction that nothing is asked of, of the Enterprise edition, and the reason."""

    direction: str
    why: str
    since: tuple[int, ...] = ()


@dataclass(frozen=True)
class Probe:
    """One question.

    case: what is special about it, in words. expected: ``let in`` or ``refused``. surface: what
    is asked. source: from where. token: what is shown, None for nothing. path: of an HTTP request.
    stream: of a publisher, behind
    its application, or of a WebRTC viewer. extra: further parameters of a stream's query.
    """

    case: str
    expected: str
    surface: Surface
    source: Source = HERE
    token: Jwt | Plain | None = None
    path: str = ""
    stream: str = ""
    extra: str = field(default="", repr=False)


@dataclass
class Control:
    """One thing a policy asks for, and the probes that show it.

    app: empty for the server itself. wants: what the policy asks for, in words. silent: why there
    is nothing to ask, so that nothing can be told. excuse: why a server that enforces the policy
    may refuse what should be let in. one_sided: nothing can be sent that must be let in, but the
    words of a refusal are those of this very control; any other sign of life has to do. note: what
    the reader should know. by_address: whether its probes differ by their address only, so that
    they show whether X-Forwarded-For is believed. enterprise: whether the Community edition takes
    the settings and does not check them. settle: what to do about it where nothing can be told.
    """

    name: str
    app: str
    wants: str
    probes: list[Probe] = field(default_factory=list)
    silent: str = ""
    excuse: str = ""
    one_sided: bool = False
    note: str = ""
    by_address: bool = False
    enterprise: bool = False
    settle: str = ""

    def only_refusals(self, settle: str) -> None:
        """Ask for nothing that might be refused for a reason of its own.

        :arg settle: what to do so that the other half can be asked for, too.
        """
        self.probes = [probe for probe in self.probes if probe.expected == REFUSED]
        self.one_sided = True
        self.settle = settle
        self.note = f"only refusals were asked for: {settle}"
