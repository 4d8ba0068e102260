from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import asked as _asked
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)


def test_only_registered_streams(compile_, claims):
    policy = {"publish": "jwt", "settings": {"acceptOnlyStreamsInDataStore": True}}
    controls = compile_(app_defaults=policy)
    for name in ("known-streams", "publish"):
        assert {p.expected for p in controls[name].probes} == {REFUSED}
        assert controls[name].one_sided and "register a stream" in controls[name].note
    options = _asked.Options(known={"LiveApp": "front-door"})
    controls = compile_(options=options, app_defaults=policy)
    streams = {p.stream for p in controls["publish"].probes if p.surface.name == "rtmp"}
    assert streams == {"LiveApp/front-door"}
    known, unknown = controls["known-streams"].probes
    assert (known.stream, known.expected) == ("LiveApp/front-door", LET_IN)
    assert unknown.expected == REFUSED
    assert claims(unknown)["streamId"] == unknown.stream.partition("/")[2]
