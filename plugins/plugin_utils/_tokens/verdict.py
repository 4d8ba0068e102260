# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a token must be good for, and what a server would say to it.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.source import Secrets


@dataclass(frozen=True)
class Wanted:
    """What the token must be good for.

    realm, app, stream, type, subscriber, room: as of an order. guard: the kind of token that the
    policy wants there (``none``, ``jwt``, ``one_time``, ``hash``, ``totp``; for the API realms
    ``jwt`` or ``none``), empty if no policy says. cap: longest lifetime in seconds. jwks: whether a
    JWKS address is set. period: seconds that a TOTP code lives. kind: of the token, if it is known.
    subscriber_secret: of a subscriber whom the server knows. version: numbers of the server's.
    """

    realm: str
    app: str = ""
    stream: str = ""
    type: str = ""
    subscriber: str = ""
    guard: str = ""
    cap: int | None = None
    jwks: bool = False
    period: int = 60
    room: str = ""
    kind: str = ""
    subscriber_secret: str = field(default="", repr=False)
    version: tuple[int, ...] = ()


@dataclass
class Verdict:
    """accepted: whether a server would let it in; None where only the server can tell.

    reasons: why it would not. warnings: what to know although it would. Both hold pairs of a code
    and a text. signed_by: app, realm, version and fingerprint of the secret, empty if unknown.
    """

    kind: str = "jwt"
    accepted: bool | None = True
    reasons: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    signed_by: dict = field(default_factory=dict)
    header: dict = field(default_factory=dict)
    claims: dict = field(default_factory=dict)
    expires: int | None = None

    def refuse(self, code: str, text: str) -> None:
        self.accepted = False
        self.reasons.append((code, text))

    def warn(self, code: str, text: str) -> None:
        self.warnings.append((code, text))

    def unchecked(self, text: str) -> None:
        """Leave it to the server."""
        if self.accepted:
            self.accepted = None
        self.warn("unchecked", text)

    def note_signer(self, word: tuple[str, str], version: str, secret: str) -> None:
        """Name the secret that it was made from.

        :arg word: the app and the word of the secret.
        """
        app, realm = word
        self.signed_by = {
            "app": app,
            "realm": realm,
            "version": version,
            "fingerprint": fingerprint(secret),
        }

    def sentence(self) -> str:
        """The verdict as one line."""
        if self.accepted is None:
            return "Only the server can tell: " + "; ".join(text for _code, text in self.warnings)
        if self.accepted:
            more = "".join(f"; but {text}" for _code, text in self.warnings)
            return "A server would accept this token" + more + "."
        more = "; ".join(text for _code, text in self.warnings)
        return (
            "A server would refuse this token: "
            + "; ".join(text for _code, text in self.reasons)
            + (f". Besides: {more}." if more else ".")
        )


@dataclass
class Case:
    """A token before its judge.

    secrets: ``{(app, word): Secrets}`` as of ``_source.Source.everything``. now: Unix seconds.
    named: streams that the URL names which the token stood in. parameters: what else stands there.
    """

    wanted: Wanted
    secrets: Mapping[tuple[str, str], Secrets]
    now: int
    named: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=Verdict)
