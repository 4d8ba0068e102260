from __future__ import annotations

from tests.kit.token_tasks import (
    Edge,
    stream,
)


def test_shown():
    edge = Edge()
    result = stream(edge, expose=True, show=True)
    (text,) = edge.said
    assert text.startswith("LiveApp stream1 publish jwt, expires 2027-01-15T09:00:00Z, in 1 hour\n")
    assert f"RTMP URL          {result['strings']['rtmp']}" in text.splitlines()
