"""The RTMP gate under broken input. A million inputs more: `make test-long`."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    rtmp_session as _session,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import chunks as _chunks
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.kit import rtmp_fuzz
from tests.kit.rtmp_captures import captures
from tests.kit.rtmp_gate import GOOD, Talk, command

INPUTS = 4000


def test_broken_captures_and_orders():
    outcomes = rtmp_fuzz.many(0, INPUTS)
    # They are not broken so much that nothing of the gate is reached.
    assert outcomes[_session.ON_AIR, True] > INPUTS / 10
    assert outcomes[_session.ENDED, True] > INPUTS / 20
    assert outcomes[_session.ENDED, False] > INPUTS / 10


@pytest.mark.parametrize("name", captures())
@pytest.mark.parametrize("step", [0, 1])
def test_captures_as_they_are(name, step):
    talk = Talk(greet=False)
    data = captures()[name]
    talk.say(
        *(
            data[start : start + (step or len(data))]
            for start in range(0, len(data), step or len(data))
        )
    )
    assert talk.session.phase == _session.ON_AIR
    what = "play" if "play" in name else "publish"
    assert [(ask.direction, ask.app, ask.stream, ask.token) for ask in talk.rules.asked] == [
        (what, "LiveApp", "s1", GOOD)
    ]
    media = [entry.kind for entry in talk.told if not isinstance(entry[1], list)]
    whole = {_chunks.AUDIO, _chunks.VIDEO, _chunks.DATA, _chunks.CONTROL}
    assert set(media) == (
        whole if "verify" not in name and what == "publish" else {_chunks.CONTROL}
    )


@pytest.mark.parametrize("name", captures())
def test_captures_with_another_token(name):
    talk = Talk(greet=False)
    talk.say(captures()[name].replace(GOOD.encode(), b"evil"))
    assert talk.rules.asked and not talk.raw


NAMES = st.sampled_from(["s1", f"s1?token={GOOD}", f"s2?token={GOOD}", "s1?token=x", f"s3/{GOOD}"])
STREAMS = st.integers(0, 4)


class Client(RuleBasedStateMachine):
    """Whatever a client asks for, in whatever order: see :class:`rtmp_fuzz.Watched`."""

    def __init__(self):
        super().__init__()
        self.talk = rtmp_fuzz.Watched()

    def goes_on(self):
        return self.talk.session.phase in (_session.ASKING, _session.ON_AIR)

    @rule()
    @precondition(lambda self: self.talk.session.phase == _session.ENDED)
    def come_again(self):
        self.talk = rtmp_fuzz.Watched()

    @rule(app=st.sampled_from(["LiveApp", "LiveApp", "events", "LiveApp/s1", "other"]))
    @precondition(lambda self: self.talk.session.phase == _session.CONNECTING)
    def connect(self, app):
        self.talk.connect(app)

    @rule()
    @precondition(goes_on)
    def create(self):
        self.talk.say(command(0, "createStream", 2.0, None))

    @rule(stream=STREAMS, name=NAMES, what=st.sampled_from(["publish", "play"]))
    @precondition(goes_on)
    def ask(self, stream, name, what):
        self.talk.say(command(stream, what, 3.0, None, name, "live"))

    @rule(stream=STREAMS, name=st.sampled_from(["closeStream", "pause", "FCUnpublish", "seek"]))
    @precondition(goes_on)
    def other(self, stream, name):
        self.talk.say(command(stream, name, 0.0, None, 1.0))

    @rule(stream=STREAMS)
    @precondition(goes_on)
    def delete(self, stream):
        self.talk.say(command(0, "deleteStream", 0.0, None, float(stream)))

    @rule(stream=STREAMS, kind=st.sampled_from([8, 9, 18]), payload=st.binary(max_size=300))
    @precondition(lambda self: self.goes_on() and self.talk.session.server)
    def media(self, stream, kind, payload):
        told = len(self.talk.told)
        publishing = self.talk.session._streams.get(stream)
        self.talk.say(_chunks.pack(6, kind, stream, payload))
        on_air = publishing is not None and publishing.doing == "publish"
        assert kind == _chunks.DATA or (len(self.talk.told) > told) == on_air

    @invariant()
    def what_the_server_heard_was_decided(self):
        self.talk.check(0)
        going = [(ask.direction, ask.stream) for ask in self.talk.session.allowed()]
        allowed = [(ask.direction, ask.stream) for ask in self.talk.rules.allowed]
        assert all(entry in allowed for entry in going)


TestClient = Client.TestCase
TestClient.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
