# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What mends a fault: the lines of a policy, as people paste them.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    open_doors as _open_doors,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    CannotTell,
    Evidence,
    Place,
)

# Where secrets are to be kept, in every remedy that needs one.
STORE = {"antmedia_secret_store": {"kind": "vault_file", "path": ".secrets/antmedia.yml"}}
ROTATE = "Rotate it with streamward.antmedia.rotate; tokens signed with the old one stop working."

# Lists of addresses, and the words of the policy for them.
LISTS = {
    "server.allowed_dashboard_CIDR": "antmedia_dashboard_cidrs",
    "remoteAllowedCIDR": "rest_cidrs",
    "allowedPublisherCIDR": "publisher_cidrs",
}


# What closes a door beside the first one, for an application.
CLOSES: dict[str, dict[str, Any]] = {
    "rtmp-play": {"settings": {"rtmpPlaybackEnabled": False}},
    "preview": {"settings": {"generatePreview": False}},
    "chunked": {"rest_cidrs": ["127.0.0.1"]},
    "publish-api": {"rest_cidrs": ["127.0.0.1"]},
    "play-api": {"rest_cidrs": ["127.0.0.1"]},
}


def guarded(app: Place, direction: str, kind: str = "jwt") -> tuple[dict[str, Any], str]:
    """The policy that has a direction of an application ask for a token at every door.

    :returns: the policy, empty where the version has none that is enforced, and what to do then.
    """

    def holds(name):
        try:
            return app.text(name) if app.has(name) else None
        except CannotTell:
            return None  # the fault is there in any case

    words: dict[str, Any] = {direction: kind}
    for door in _open_doors.open_doors(direction, app.evidence.version, holds):
        if door.until == _open_doors.RTMP_SWITCH:  # this version has no switch for it
            return {}, f"{door.why[0].upper()}{door.why[1:]}: {door.remedy}."
        for word, value in CLOSES[door.name].items():
            words[word] = {**words.get(word, {}), **value} if isinstance(value, dict) else value
    return with_store({"antmedia_apps": {app.name: words}}), ""


def closed(app: Place, door: _open_doors.Door) -> tuple[dict[str, Any], str]:
    """The policy that closes a door, empty where the version has none, and what to do then."""
    if door.until == _open_doors.RTMP_SWITCH:
        return {}, f"{door.remedy[0].upper()}{door.remedy[1:]}."
    return {"antmedia_apps": {app.name: CLOSES[door.name]}}, ""


def of_secret(place: Place, setting: str) -> dict[str, Any]:
    """The policy that has a secret managed; empty where nothing needs it."""
    uses = {use.setting: use.policy for use in secrets_in_use(place)}
    return dict(uses.get(setting, {}))


def own_addresses(evidence: Evidence) -> list[str]:
    """Whom a list has to have in any case: the host itself, and where this run came from."""
    try:
        return list(dict.fromkeys(filter(None, ("127.0.0.1", evidence.operator))))
    except CannotTell:
        return ["127.0.0.1"]


def list_of(place: Place, setting: str, entries: list[str]) -> dict[str, Any]:
    """The policy that makes a list of some entries; that of the panel locks nobody out."""
    word = LISTS[setting]
    if place.name:
        return {"antmedia_apps": {place.name: {word: entries}}}
    return {word: list(dict.fromkeys([*own_addresses(place.evidence), *entries]))}


def with_store(policy: Mapping[str, Any]) -> dict[str, Any]:
    """A policy that needs a secret, and where that is to be kept."""
    return {**STORE, **policy}


@dataclass(frozen=True)
class Use:
    """A secret of a place that matters there: its setting, and the policy that has it managed."""

    setting: str
    policy: Mapping[str, Any] = field(default_factory=dict)


def secrets_in_use(place: Place) -> Iterator[Use]:
    """The secrets whose switch is on, or that have none."""
    for secret in _words.SECRETS.values():
        if (secret.kept == _words.SERVER) == bool(place.name) or not place.has(secret.setting):
            continue
        words = [word for word, switch in secret.switches.items() if place.on(switch)]
        if words or not secret.switches:
            yield Use(secret.setting, _policy(place, secret, words))


def _policy(place, secret, words):
    kinds = {
        setting: kind for by_kind in _words.SWITCHES.values() for kind, setting in by_kind.items()
    }
    values = {word: kinds.get(secret.switches[word], True) for word in words}
    if not place.name:
        return with_store({"antmedia_" + word: value for word, value in values.items()})
    found = [_of_word(place, word, value) for word, value in values.items()]
    policy = _control.merged(found)
    return with_store(policy) if policy or not values else {}


def _of_word(place, word, value):
    if word in _words.DIRECTIONS:
        return guarded(place, word, value)[0]  # with its doors closed, or secure refuses it
    return _control.of_app(place, **{word: value})


def lines(policy: Mapping[str, Any]) -> str:
    """A policy as YAML, empty for none."""
    return _dumped(json.dumps(policy)) if policy else ""


@functools.lru_cache(maxsize=4096)
def _dumped(policy: str) -> str:
    # Hosts of a fleet want the same few policies, and every report has them.
    return yaml.safe_dump(json.loads(policy), sort_keys=False, default_flow_style=None, width=100)
