# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The collection's words for what Ant Media Server protects with: kinds of token, secrets, layers.

Each stands here once, with the settings of the server that it means. Whoever needs a list of them
takes it from these tables: a new kind, secret or realm is a row.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Whom a token lets do what with a stream.
DIRECTIONS = ("publish", "play")

# The layers of a policy for applications, each over those before it.
LAYERS = ("app_defaults", "apps", "group_apps", "host_apps")

# Variables for the server as a whole that mean one setting of it each.
SERVER_WORDS = {
    "dashboard_cidrs": "server.allowed_dashboard_CIDR",
    "management_jwt": "server.jwtServerControlEnabled",
}

# The word for an empty list that is meant: nobody gets in.
DENY_ALL = "deny_all"
# The word for a direction that nothing guards.
UNGUARDED = "none"
# The word for publishing that a hook decides about, in place of tokens; and its setting.
HOOKED = "hook"
HOOK = "webhookAuthenticateURL"


@dataclass(frozen=True)
class Kind:
    """A kind of token that guards a direction.

    switches: the setting that turns it on, by direction. secrets: the word of the secret that it
    is made from, by direction; none where only the server makes it. exclusive: whether the server
    takes no other exclusive kind beside it in one direction. subscriber: whether each is one
    subscriber's.
    """

    switches: dict[str, str]
    secrets: dict[str, str] = field(default_factory=dict)
    exclusive: bool = True
    subscriber: bool = False


KINDS = {
    "jwt": Kind(
        {"publish": "publishJwtControlEnabled", "play": "playJwtControlEnabled"},
        {"publish": "stream", "play": "stream"},
    ),
    "one_time": Kind({"publish": "publishTokenControlEnabled", "play": "playTokenControlEnabled"}),
    "hash": Kind(
        {"publish": "hashControlPublishEnabled", "play": "hashControlPlayEnabled"},
        {"publish": "hash", "play": "hash"},
        exclusive=False,
    ),
    "totp": Kind(
        {"publish": "enableTimeTokenForPublish", "play": "enableTimeTokenForPlay"},
        {"publish": "totp_publish", "play": "totp_play"},
        subscriber=True,
    ),
}

# Where a secret is kept: one in the server's own file; one for each application, in its file; one
# for all of them, in the file of each.
SERVER, APP, EVERY_APP = "server", "app", "every app"


@dataclass(frozen=True)
class Secret:
    """A secret that servers verify with, under the word that ``antmedia_secrets`` has for it.

    setting: the canonical name of the setting that holds it. kept: see above. switches: settings
    that make it matter, by the policy's word for each; without any it always matters. needed:
    whether a server without it makes tokens of an empty key. stored: whether a store keeps it, so
    that it can be rotated; then it is a realm, and controls are the proofs that show it.
    """

    setting: str
    kept: str = APP
    switches: dict[str, str] = field(default_factory=dict)
    needed: bool = False
    stored: bool = False
    controls: tuple[str, ...] = ()


def _guards(word: str) -> dict[str, str]:
    """The switches of the kinds of token that are made from a secret, by direction."""
    return {
        direction: kind.switches[direction]
        for kind in KINDS.values()
        for direction, secret in kind.secrets.items()
        if secret == word
    }


SECRETS = {
    "management": Secret(
        "server.jwtServerSecretKey",
        SERVER,
        {"management_jwt": "server.jwtServerControlEnabled"},
        needed=True,
        stored=True,
        controls=("management-jwt",),
    ),
    # What nodes show each other. It opens everything of an application, whatever else guards it.
    "cluster": Secret("clusterCommunicationKey", EVERY_APP, stored=True, controls=("cluster-key",)),
    "rest": Secret(
        "jwtSecretKey",
        switches={"rest_jwt": "jwtControlEnabled"},
        needed=True,
        stored=True,
        controls=("rest-jwt",),
    ),
    "stream": Secret(
        "jwtStreamSecretKey",
        switches=_guards("stream"),
        needed=True,
        stored=True,
        controls=("play", "publish"),
    ),
    "hash": Secret("tokenHashSecret", switches=_guards("hash"), needed=True),
    "totp_publish": Secret("timeTokenSecretForPublish", switches=_guards("totp_publish")),
    "totp_play": Secret("timeTokenSecretForPlay", switches=_guards("totp_play")),
}

# Views of the table.
SWITCHES = {
    direction: {name: kind.switches[direction] for name, kind in KINDS.items()}
    for direction in DIRECTIONS
}
EXCLUSIVE = tuple(name for name, kind in KINDS.items() if kind.exclusive)
APP_SECRETS = {word: secret for word, secret in SECRETS.items() if secret.kept == APP}
SERVER_SECRETS = tuple(word for word, secret in SECRETS.items() if secret.kept == SERVER)
SHARED_SECRETS = tuple(word for word, secret in SECRETS.items() if secret.kept == EVERY_APP)
WORD_OF = {secret.setting: word for word, secret in SECRETS.items()}
# What antmedia_secrets may hold: parts, and secrets of the server and of all applications.
PARTS = ("apps", "app_defaults", "admin", "settings")
TOP_WORDS = frozenset((*PARTS, *(word for word, secret in SECRETS.items() if secret.kept != APP)))
REALMS = {word: secret for word, secret in SECRETS.items() if secret.stored}
APP_REALMS = tuple(word for word, secret in REALMS.items() if secret.kept == APP)
FLEET_REALMS = tuple(word for word, secret in REALMS.items() if secret.kept != APP)
SERVER_REALMS = tuple(word for word, secret in REALMS.items() if secret.kept == SERVER)
# Realms that somebody may ask a token of.
TOKEN_REALMS = ("stream", "rest", "management")

# What the gate enforces in front of an edition that does not.
GATE_KINDS = ("jwt",)
GATED = frozenset(
    (
        "allowedPublisherCIDR",
        *(KINDS[kind].switches[direction] for kind in GATE_KINDS for direction in DIRECTIONS),
    )
)
# With the secrets for that.
LEFT_TO_GATE = GATED | {
    SECRETS[word].setting for kind in GATE_KINDS for word in KINDS[kind].secrets.values()
}
