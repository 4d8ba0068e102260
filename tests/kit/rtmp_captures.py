"""What real publishers and players say over RTMP, recorded once and kept: `python -m` this file.

A file of tests/kit/captures is all that a client sent, from its first byte on. To record them takes
ffmpeg and librtmp; to read them takes nothing.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import rtmp as _rtmp

from . import rtmp_gate
from .rtmp import Rtmp

FOLDER = Path(__file__).with_name("captures")
PICTURE = "testsrc=size=64x36:rate=5"
NAME = f"s1?token={rtmp_gate.GOOD}"
MOST_BYTES = 16_000


def captures():
    """The bytes of each, by name."""
    return {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.rtmp"))}


def ffmpeg(*arguments):
    """Run it, but not for ever: a player is never sent anything here."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "quiet", *arguments]
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(command, timeout=5, check=False)


def clip(path):
    """A short film in a file."""
    sound = ["-f", "lavfi", "-i", "sine", "-c:a", "aac", "-b:a", "16k", "-ar", "22050"]
    picture = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "5"]
    ffmpeg("-f", "lavfi", "-i", PICTURE, *sound, *picture, "-t", "1.4", "-f", "flv", str(path))


def by_librtmp(url, film):
    command = [sys.executable, "-m", "tests.kit.librtmp", url, str(film)]
    subprocess.run(command, timeout=60, check=False, stderr=subprocess.DEVNULL)


CLIENTS = {
    "ffmpeg": lambda url, film: ffmpeg("-i", film, "-c", "copy", "-f", "flv", f"{url}/{NAME}"),
    "ffmpeg-path": lambda url, film: ffmpeg(
        "-i", film, "-c", "copy", "-f", "flv", f"{url}/s1/{rtmp_gate.GOOD}"
    ),
    "ffmpeg-play": lambda url, _film: ffmpeg("-t", "1", "-i", f"{url}/{NAME}", "-f", "null", "-"),
    "librtmp": lambda url, film: by_librtmp(f"{url}/{NAME}", film),
}


@contextlib.contextmanager
def recorder(port, source="127.0.0.1"):
    """A port that passes on what comes; yields it, and what came of each connection.

    source: the address that it comes from then.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def one_way(source, target, keep):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                keep += data
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def run():
        with contextlib.suppress(OSError):
            while True:
                client, _address = listener.accept()
                behind = socket.create_connection(("127.0.0.1", port), None, (source, 0))
                heard.append(bytearray())
                for ends in ((client, behind, heard[-1]), (behind, client, bytearray())):
                    threading.Thread(target=one_way, args=ends, daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    yield listener.getsockname()[1], heard
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def main():
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Rtmp()) as server:
        film = Path(folder) / "film.flv"
        clip(film)
        server.publish = lambda *_asked: {"code": "NetStream.Publish.Start"}
        server.play = lambda *_asked: {"code": "NetStream.Play.Start"}
        with rtmp_gate.gate(rtmp_gate.Rules(), ("127.0.0.1", server.port)) as gate:
            for name, client in CLIENTS.items():
                with recorder(gate.port) as (port, heard):
                    client(f"rtmp://127.0.0.1:{port}/LiveApp", film)
                    (FOLDER / f"{name}.rtmp").write_bytes(heard[0][:MOST_BYTES])
            server.publish = server.play = lambda *_asked: "accepted"
            for name, ask in (
                ("verify", _rtmp.Session.may_publish),
                ("verify-play", _rtmp.Session.may_play),
            ):
                with recorder(gate.port) as (port, heard):
                    with _rtmp.Session(("127.0.0.1", port)) as session:
                        session.connect("LiveApp")
                        ask(session, NAME)
                    (FOLDER / f"{name}.rtmp").write_bytes(heard[0])
    for name, data in captures().items():
        print(f"{name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
