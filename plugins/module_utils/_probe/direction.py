# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Asking about a direction of streams, publishing or playing, whatever kind of token guards it.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any, Iterable, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    asked as _asked,
    cases as _cases,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.asked import Asked, Options
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    BAD,
    BARE,
    LET_IN,
    REFUSED,
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import (
    Jwt,
    Plain,
    fresh,
)


def proves(direction: str) -> tuple[str, ...]:
    """The settings that a control of a direction asks about."""
    return (
        *_words.SWITCHES[direction].values(),
        "timeTokenPeriod",
        "timeTokenSubscriberOnly",
    )


def cases(
    asked: Asked, app: str, options: Options, direction: str, stream: str
) -> Iterator[tuple[str, str, Jwt | Plain | None, str]]:
    """What to show for a stream of an application, as :func:`_cases.stream_cases` has it."""
    kinds = asked.kinds(app, direction)[0]
    made = len(kinds) == 1 and kinds[0] in _cases.MADE
    name = _words.SECRETS[_words.KINDS[kinds[0]].secrets[direction]].setting if made else ""
    secret = asked.text(app, name) if name else ""
    previous = options.previous.get((app, name))
    return _cases.stream_cases(kinds, secret, direction, stream, previous)


def fill(
    control: Control, asked: Asked, options: Options, direction: str, stream: str = "", **about: Any
) -> None:
    """Give a control the probes of a direction, for each of its doors.

    :kwarg stream: what to ask for; without it, streams that nobody has.
    :kwarg about: what all probes share.
    """
    kinds = asked.kinds(control.app, direction)[0]
    for door in _surfaces.doors(control.name):
        if not asked.has(control.app, door, options.lying) or (door.door and not kinds):
            continue
        name = stream or fresh()
        place = {"surface": door, **door.at(control.app, name), **about}
        if door.outside:
            place["source"] = _asked.stranger(asked, control.app, options)
        found: Iterable[tuple[str, str, Jwt | Plain | None, str]]
        if not kinds:
            found = [(_cases.NO_TOKEN, LET_IN, None, "")]
        else:
            found = cases(asked, control.app, options, direction, name)
        for case, expected, token, extra in found:
            if not _fits(door, case, expected) or (extra and not door.query):
                continue
            case = f"{case}, {door.door}" if door.door else case
            control.probes.append(Probe(case, expected, token=token, extra=extra, **place))
    if not any(probe.expected == LET_IN for probe in control.probes):
        control.one_sided = True
        control.note = control.note or (
            f"only refusals were asked for: a {' or '.join(kinds)} token would be used up"
        )


def _fits(door, case, expected):
    """Whether a door is asked with a case."""
    if door.cases == BARE:
        return case == _cases.NO_TOKEN
    return door.cases != BAD or expected == REFUSED


def webrtc(asked: Asked, app: str, name: str, direction: str) -> Control | None:
    """The control of a direction by WebRTC, None where no token guards it."""
    kinds, named = asked.kinds(app, direction)
    if not named or not kinds:
        return None
    if direction == "play" and asked.wanted.gate:
        return None  # in front of an edition that plays nothing by WebRTC
    control = Control(name, app, " and ".join(kinds))
    if asked.wanted.gate:
        return control
    if asked.installation.edition != "enterprise":
        control.silent = (
            "the Community edition answers WebRTC alike with and without a token; set"
            " antmedia_verify_accept: [webrtc-*] if that will do"
        )
    return control
