# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What it takes to ask as a publisher: a stream, an address, a token; or why one is missing.

PRIVATE to the collection.
"""

from __future__ import annotations

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


def stream(asked: Asked, options: Options, control: Control) -> str:
    """A stream one may ask to publish; says in the control why there is none."""
    app = control.app
    if asked.text(app, "webhookAuthenticateURL") and not options.hooks:
        control.silent = (
            "asking would call the hook at webhookAuthenticateURL; allow it with call_hooks"
        )
    if not asked.on(app, "acceptOnlyStreamsInDataStore"):
        return fresh()
    known = options.known.get(app)
    if not known and not control.silent:
        control.silent = (
            "acceptOnlyStreamsInDataStore refuses every stream that is not registered, and none"
            " that is registered is off air"
        )
    return known or ""


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
        control.silent = "publishing needs a token of a kind that asking would use up"
        return None
    return good[0]
