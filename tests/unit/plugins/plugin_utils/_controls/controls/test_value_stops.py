from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    value_stops,
)

from tests.kit import audited


def whole(host):
    """A server's file of which nothing is missing, whichever it is."""
    host.tell(server={"values": []})


CASES = audited.Cases(
    value_stops.CONTROL,
    fails={
        "a blank switch": audited.app(ipFilterEnabled=""),
        "a number with letters": audited.app(webRTCViewerLimit="1k"),
        "of the server": audited.server({"http.port": "50x80"}),
    },
    passes={
        "ignored is another control's": audited.both(whole, audited.app(hlsTime="abc")),
        "a program is another control's": audited.both(whole, audited.app(listenerHookURL="#{1}")),
    },
    others={"not told": (lambda host: host.tell(server={"values": "x"}), "cannot tell")},
)

test_cases = CASES.test
