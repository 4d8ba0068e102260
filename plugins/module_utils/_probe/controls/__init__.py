# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The controls: what a policy asks for and a proof can show. Each is a file, and an entry here.

A control's file holds its ``NAME``; the settings it ``PROVES``, secrets aside, for which
:mod:`_words` names the controls; its row in docs/verify.md, ``WHAT`` is asked ``WITH`` what; and
``make``, which takes what is asked of a server, an application or an empty text for the server
itself, and options, and returns the control with its probes.

``make`` of those of a front takes the front and the application, and their ``settle`` says what the
results mean.

Pure: nothing is asked here.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.asked import Asked, Options
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    cluster_key as _cluster_key,
    front_address as _front_address,
    front_certificate as _front_certificate,
    known_streams as _known_streams,
    management_jwt as _management_jwt,
    panel_address as _panel_address,
    panel_login as _panel_login,
    play as _play,
    ports_behind_gate as _ports_behind_gate,
    ports_beside_front as _ports_beside_front,
    publish as _publish,
    publish_hook as _publish_hook,
    publisher_address as _publisher_address,
    rest_address as _rest_address,
    rest_jwt as _rest_jwt,
    rtmp_play as _rtmp_play,
    trusted_proxies as _trusted_proxies,
    webrtc_play as _webrtc_play,
    webrtc_publish as _webrtc_publish,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import Control

SERVER = (_panel_address, _panel_login, _management_jwt, _trusted_proxies)
APP = (
    _rest_address,
    _rest_jwt,
    _cluster_key,
    _play,
    _rtmp_play,
    _publish,
    _publish_hook,
    _publisher_address,
    _known_streams,
    _webrtc_play,
    _webrtc_publish,
)
# Of the front that people use: asked from another machine only, see :mod:`_through`.
FRONT = (_front_certificate, _front_address, _ports_beside_front)
# Of a gate: asked from another machine only.
GATE = (_ports_behind_gate,)
CONTROLS = SERVER + APP + FRONT + GATE

# Settings some control asks about, or that only say how another one works.
PROBED = frozenset(name for control in CONTROLS for name in control.PROVES)


def compile_probes(
    wanted: Wanted, installation: Installation, options: Options | None = None
) -> list[Control]:
    """The controls of a policy, each with its probes."""
    asked = Asked(wanted, installation)
    places = [("", SERVER), *((app, APP) for app in wanted.apps)]
    made = (
        control.make(asked, app, options or Options())
        for app, controls in places
        for control in controls
    )
    return [control for control in made if control]


def unprobed(wanted: Wanted) -> list[tuple[str, str]]:
    """Access settings a policy names and no probe asks about, as (app, name)."""
    found = []
    for app, settings in (("", wanted.server), *wanted.apps.items()):
        kind = _catalogue.APP if app else _catalogue.SERVER
        for name in settings:
            setting = _catalogue.by_name(kind, name)
            if setting.realm and not setting.secret and name not in PROBED:
                found.append((app, name))
    return found
