"""The stream that a path belongs to, against the filters of real servers of every kind.

ORACLE_DOCUMENTS is the number of generated paths for each of them; ORACLE_SEED makes other ones.
"""

from __future__ import annotations

import os
import random

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import served as _served

from demo import sandbox
from tests.kit import jvm

pytestmark = pytest.mark.oracle

PATHS = int(os.environ.get("ORACLE_DOCUMENTS", "5000"))
SEED = int(os.environ.get("ORACLE_SEED", "0"))

STREAMS = (
    *("stream1", "cam", "cam_1", "a_b_c", "cam_240p", "s__t", "end_", "a.b", "9", "cam_12_3"),
    *("mpd1", "xm4s", "chunked1", "streams", "cam-2024-01", "c_480p500kbps", "x_adaptive"),
    *("live-20", "room-2025-1", "drm", "_", "A"),
)
# What the server writes; of segments the names have rules of their own, which nobody pastes.
FILES = (
    *(
        "{0}.m3u8",
        "{0}_adaptive.m3u8",
        "{0}_720p2000kbps.m3u8",
        "{0}_720p.m3u8",
        "{0}_300kbps.m3u8",
    ),
    *("{0}.mp4", "{0}.webm", "{0}_1.mp4", "{0}_480p500kbps.mp4", "{0}_480p500kbps_1.mp4"),
    *("{0}-2024-01-02_03-04-05.678.mp4", "{0}-2024-01-02_03-04-05.678_360p500kbps.mp4"),
    *("{0}-2024-01-02_03-04-05.678_1.mp4", "{0}.mov", "{0}.png", "{0}/{0}.mpd", "{0}/init.m4s"),
    *("{0}__master.m3u8", "{0}__720p2000kbps.m3u8", "{0}__1.fmp4", "{0}_a.webm", ""),
)
FOLDERS = ("", "", "sub/", "a/b/", "{0}/", "ll-hls/{0}/", "drm/{0}/")


@pytest.mark.parametrize("version", ["2.4.3", "2.6.1", "2.6.2", "2.17.1"])
def test_as_the_filter_reads_it(version, start_jvm, tmp_path, tally):
    archive = sandbox.archive(version)
    if not archive.is_file():
        pytest.fail(f"{archive} is missing: `make images` fetches it", pytrace=False)
    jvm.unpack_jars(archive, tmp_path)
    oracle = start_jvm("ServedOracle", jars=tmp_path)
    choose = random.Random(SEED).choice
    paths = [
        "/LiveApp/streams/" + (choose(FOLDERS) + choose(FILES)).format(choose(STREAMS))
        for _number in range(PATHS)
    ]
    oracle.ask(*([path.encode()] for path in paths))
    for path in paths:
        size = oracle.read_int()
        expected = oracle.read(size).decode() if size >= 0 else None
        assert _served.stream_of(path, _versions.parse(version)) == expected, path
    tally[f"paths read as {version} does"] += len(paths)
