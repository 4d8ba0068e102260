"""Files that real servers make of a stream are media of that stream to the gate, each of them."""

from __future__ import annotations

import re
import subprocess
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import paths as _paths

pytestmark = pytest.mark.sandbox

PLAIN = {"mp4MuxingEnabled": "true"}
FRAGMENTS = {"hlsSegmentType": "fmp4", "addDateTimeToMp4FileName": "true", **PLAIN}
CASES = [
    ("2.17.1", PLAIN),
    ("2.17.1", FRAGMENTS),
    *(
        pytest.param(version, settings, marks=pytest.mark.long)
        for version in ("2.6.2", "2.6.1", "2.4.3")
        for settings in (PLAIN, {**PLAIN, "addDateTimeToMp4FileName": "true"})
    ),
]
# What the server keeps for itself while it writes.
UNDONE = re.compile(r".*\.(tmp|tmp_extension)")


@pytest.mark.parametrize(("version", "settings"), CASES, ids=str)
def test_every_file_of_a_stream_is_media_of_it(sandboxes, version, settings):
    numbers = _versions.parse(version)
    server = sandboxes(apps=["LiveApp"], version=version)
    prefix = "" if numbers >= (2, 6, 2) else "settings."
    with server.properties("LiveApp").open("a", encoding="latin-1") as file:
        file.write("".join(f"\n{prefix}{key}={value}" for key, value in settings.items()) + "\n")
    server.start()
    try:
        server.wait_ready()
        playlist, made = published(server, "cam-1")
    finally:
        server.stop()
    assert {"m3u8", "mp4"} <= {name.rpartition(".")[2] for name in made}
    assert ("fmp4" in settings.values()) is any(name.endswith("_init.mp4") for name in made)
    named = re.findall(r"^([^#\s].*)$|URI=\"([^\"]+)\"", playlist, re.MULTILINE)
    named = {line or uri for line, uri in named}
    assert len(named) >= 2
    for name in made | named:
        media = _paths.read(f"/LiveApp/streams/{name}", numbers)
        assert (media.app, media.stream) == ("LiveApp", "cam-1"), name


def published(server, stream):
    """The last playlist of a stream that was published, and the names of all files made of it."""
    folder = server.home / "webapps" / "LiveApp" / "streams"
    url = f"rtmp://127.0.0.1:{server.rtmp_port}/LiveApp/{stream}"
    source = ["-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-t", "60"]
    encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "flv", url]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", *source, *encoder]
    made, playlist = set(), ""

    def look():
        nonlocal playlist
        made.update(path.relative_to(folder).as_posix() for path in folder.rglob(f"{stream}*.*"))
        path = folder / f"{stream}.m3u8"
        playlist = path.read_text() if path.exists() else playlist

    deadline = time.monotonic() + 60
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as publisher:
        try:
            while len(re.findall("#EXTINF", playlist)) < 3:
                assert time.monotonic() < deadline, made
                time.sleep(0.3)
                look()
        finally:
            publisher.kill()
    while not any(name.endswith(".mp4") and "_init" not in name for name in made):
        assert time.monotonic() < deadline + 30, made
        time.sleep(0.3)
        look()
    return playlist, {name for name in made if not UNDONE.fullmatch(name)}
