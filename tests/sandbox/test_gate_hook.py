"""The server's hook answered by the gate's daemon: real servers, and publishers straight to them.

The hook is the second layer: whoever gets past the gate to the server's own port meets it.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256

from tests.kit.gate_daemon import GateDaemon
from tests.unit.plugins.module_utils._gate.conftest import POLICY

pytestmark = pytest.mark.sandbox

SECRET = "test-only-stream-secret-of-the-hook-test"
PREVIOUS = "test-only-previous-secret-of-the-hook-test"
OVER = "test-only-retired-secret-of-the-hook-test"
VERSIONS = ["2.17.1", *(pytest.param(old, marks=pytest.mark.long) for old in
                        ("2.6.2", "2.6.1", "2.4.3"))]  # fmt: skip
PUBLISHED = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "flv"]


def policy(now):
    plain = copy.deepcopy(POLICY)
    app = plain["applications"].pop("LiveApp")
    plain["applications"] = {"LiveApp": app}
    app["publishers"] = None
    app["publish"]["secrets"] = [
        {"secret": SECRET, "until": None},
        {"secret": PREVIOUS, "until": int(now) + 3600},
        {"secret": OVER, "until": int(now) - 1},
    ]
    return plain


@pytest.fixture(scope="module", params=VERSIONS)
def server(request, sandboxes, tmp_path_factory):
    """A server whose application asks the gate, and that gate."""
    gate = GateDaemon(tmp_path_factory.mktemp("gate"), policy(time.time()))
    gate.plain["server_version"] = request.param
    gate.write()
    gate.start()
    made = sandboxes(apps=["LiveApp"], version=request.param)
    prefix = "" if _versions.parse(request.param) >= (2, 6, 2) else "settings."
    url = f"http://127.0.0.1:{gate.ports['answers']}/publish/LiveApp"
    with made.properties("LiveApp").open("a", encoding="latin-1") as file:
        file.write(f"\n{prefix}webhookAuthenticateURL={url}\n")
    made.start()
    made.wait_ready()
    yield made, gate
    made.stop()
    gate.close()


def claims(stream, **changes):
    made = {"streamId": stream, "type": "publish", "exp": int(time.time()) + 600, **changes}
    return {name: value for name, value in made.items() if value is not ...}


def sign(stream, secret=SECRET, header=None, **changes):
    return _hs256.sign(claims(stream, **changes), secret, header)


# What is put behind the application's name, and what the gate says to it; None where it is in.
CASES = {
    "a good token": (lambda s: f"{s}?token={sign(s)}", None),
    "one of the previous secret": (lambda s: f"{s}?token={sign(s, PREVIOUS)}", None),
    "one that never expires": (lambda s: f"{s}?token={sign(s, exp=...)}", None),
    "among others": (lambda s: f"{s}?a=b&token={sign(s)}&subscriberId=u1&x=y", None),
    "none": (lambda s: s, "no token"),
    "only others": (lambda s: f"{s}?subscriberId=u1&subscriberCode=123", "no token"),
    "garbage": (lambda s: f"{s}?token=garbage", "not a token"),
    "one of a retired secret": (lambda s: f"{s}?token={sign(s, OVER)}", "wrong signature"),
    "one of another secret": (lambda s: f"{s}?token={sign(s, 'x' * 40)}", "wrong signature"),
    "one of no secret": (lambda s: f"{s}?token={sign(s, '')}", "wrong signature"),
    "expired": (lambda s: f"{s}?token={sign(s, exp=int(time.time()) - 1)}", "expired"),
    "exp as a text": (lambda s: f"{s}?token={sign(s, exp='9999999999')}", "a time that is none"),
    "of the future": (lambda s: f"{s}?token={sign(s, nbf=int(time.time()) + 600)}",
                      "not valid yet"),
    "of another stream": (lambda s: f"{s}?token={sign('other')}", "wrong stream"),
    "of a longer name": (lambda s: f"{s}?token={sign(s + 'x')}", "wrong stream"),
    "in capitals": (lambda s: f"{s}?token={sign(s.upper())}", "wrong stream"),
    "to play": (lambda s: f"{s}?token={sign(s, type='play')}", "wrong direction"),
    "unsigned": (lambda s: f"{s}?token={sign(s, header={'alg': 'none'}).rpartition('.')[0]}.",
                 "wrong algorithm"),
    "another algorithm": (lambda s: f"{s}?token={sign(s, header={'alg': 'HS512'})}",
                          "wrong algorithm"),
    "in another scope": (lambda s: f"room/{s}?token={sign(s)}", "another scope"),
}  # fmt: skip
REFUSED_EARLIER = ("in another scope",)


def publish(server, tail):
    """Whether a publisher got to the end of his stream of some seconds."""
    url = f"rtmp://127.0.0.1:{server.rtmp_port}/LiveApp/{tail}"
    source = ["-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-t", "4"]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", *source, *PUBLISHED, url]
    return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0


def files(server, stream):
    folder = server.home / "webapps" / "LiveApp" / "streams"
    return [path.name for path in folder.rglob(f"{stream}*")]


@pytest.mark.parametrize("case", CASES)
def test_a_publisher_is_in_with_a_right_token_only(server, case):
    made, gate = server
    tail, reason = CASES[case]
    stream = f"s{time.time_ns()}"
    before = len(gate.log())
    let_in = publish(made, tail(stream))
    said = gate.log()[before:]
    if reason is None:
        assert let_in, said
        assert said == ""
        assert f"{stream}.m3u8" in files(made, stream)
        return
    assert not let_in
    assert files(made, stream) == []
    if case not in REFUSED_EARLIER or said:
        assert said.endswith(f"by hook: {reason}\n")
    assert "eyJ" not in said


def test_while_the_gate_has_no_policy_nobody_publishes(server):
    made, gate = server
    gate.write("{")
    gate.until(lambda: not gate.state()["open"])
    stream = f"s{time.time_ns()}"
    assert not publish(made, f"{stream}?token={sign(stream)}")
    assert files(made, stream) == []
    gate.write()
    gate.until(lambda: gate.state()["open"])
    assert publish(made, f"{stream}?token={sign(stream)}")


def test_what_was_asked_is_counted(server):
    _made, gate = server
    text = gate.answer("/metrics")[1]
    found = dict(re.findall(r'direction="publish",app="LiveApp",reason="([^"]*)"} ([0-9]+)', text))
    assert int(found[""]) >= 4
    assert "test-only" not in text + json.dumps(gate.state())
