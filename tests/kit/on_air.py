"""Publishers and players of a test host, and callers that ask without a pause."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import jwt

from . import hosts

ASKER = Path(__file__).with_name("asker.py")
READER = Path(__file__).with_name("hls_reader.py")
SECRETS = {
    "rest": "test-only-rest-secret-of-the-live-tests",
    "stream": "test-only-stream-secret-of-live-tests",
}


def token(kind, stream):
    claims = {"streamId": stream, "type": kind, "exp": int(time.time()) + 3600}
    return jwt.encode(claims, SECRETS["stream"], "HS256")


@contextlib.contextmanager
def publisher(server, stream, seconds=600, app="LiveApp"):
    """A publisher that sends in real time until the block is left; yields its process."""
    url = "rtmp://127.0.0.1/{}/{}?token={}".format(app, stream, token("publish", stream))
    picture = ["-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-t", str(seconds)]
    encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "flv", url]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", *picture, *encoder]
    for _try in range(60):  # the server refuses publishers while the machine is busy
        process = subprocess.Popen(hosts.inside(server.name, *command), stderr=subprocess.DEVNULL)
        for _wait in range(20):
            time.sleep(0.5)
            if process.poll() is not None:
                break
            playlist = "/{}/streams/{}.m3u8?token={}".format(app, stream, token("play", stream))
            if server.request(playlist).status == 200:
                break
        if process.poll() is None:
            break
        time.sleep(2)
    assert process.poll() is None, "the publisher was not let in"
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def read_hls(server, stream, seconds):
    """Start a reader, which ends with its input; its output is one line of JSON."""
    url = "http://127.0.0.1:5080/LiveApp/streams/{}.m3u8?token={}".format(
        stream, token("play", stream)
    )
    command = hosts.inside(server.name, sys.executable, str(READER), url, str(seconds))
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
