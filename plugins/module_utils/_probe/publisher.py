# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What it takes to ask as a publisher: a stream, an address, a token; or why one is missing.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    direction as _direction,
    sources as _sources,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.asked import Asked, Options
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    HERE,
    LET_IN,
    Control,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    DIRECT,
    Source,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import (
    Jwt,
    Plain,
    fresh,
)


@dataclass(frozen=True)
class Candidate:
    """A stream that one may ask to publish.

    doubt: why a good publisher of it may be refused, and what to do about that; empty if none is.
    """

    stream: str
    doubt: str = ""


def candidate(asked: Asked, options: Options, control: Control) -> Candidate:
    """A stream to ask for; says in the control why nothing may be asked at all."""
    app = control.app
    hook = asked.wanted.hooks.get(app)
    if asked.hook(app):
        if not hook and not options.hooks:
            control.silent = (
                f"asking would call the hook at {_words.HOOK}: say publish: hook, or set"
                " antmedia_verify_call_hooks: true"
            )
        if not hook or not hook.known:
            return Candidate(fresh(), HOOK_DOUBT)
    if not asked.on(app, "acceptOnlyStreamsInDataStore"):
        return Candidate(hook.known if hook and hook.known else fresh())
    known = options.known.get(app)
    if hook and hook.known:
        return Candidate(hook.known, "" if known == hook.known else REGISTER_DOUBT)
    return Candidate(known) if known else Candidate(fresh(), REGISTER_DOUBT)


# Why it is not known whether a good publisher of any stream would be let in.
HOOK_DOUBT = "name a stream that the hook lets in, as publish_hook: {known_stream: NAME}"
REGISTER_DOUBT = "register a stream that is off air, since only registered ones are let in"


def inside(asked: Asked, options: Options, control: Control) -> Source:
    """An address one may publish from; says in the control why there may be none."""
    text = asked.text(control.app, "allowedPublisherCIDR")
    if not text:
        return HERE
    direct = [s for s in _sources.samples(text, options.own)[0] if s.way == DIRECT]
    if direct:
        return direct[0]
    control.excuse = "allowedPublisherCIDR lets no address of this host publish; ask from a vantage"
    return HERE


def token(asked: Asked, options: Options, control: Control, name: str) -> Jwt | Plain | None:
    """A token one may publish a stream with, None for none; says in the control why there is none.

    :arg name: of the stream.
    """
    if control.silent or not asked.kinds(control.app, "publish")[0]:
        return None
    cases = _direction.cases(asked, control.app, options, "publish", name)
    good = [shown for _case, expected, shown, _extra in cases if expected == LET_IN]
    if not good:
        control.silent = (
            "publishing needs a token of a kind that asking would use up; try one of yours, then"
            " name this control in antmedia_verify_accept"
        )
        return None
    return good[0]
