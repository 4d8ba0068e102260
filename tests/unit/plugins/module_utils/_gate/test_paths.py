"""Paths: what players load is read as the server reads it; whatever could be read twice is not."""

from __future__ import annotations

import itertools
import re
from urllib.parse import quote

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import paths as _paths
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import served as _served
from hypothesis import example, given, settings, strategies as st

OLD, MIDDLE, NEW = (2, 4, 3), (2, 6, 1), (2, 17, 1)
VERSIONS = (OLD, (2, 5, 0), MIDDLE, (2, 6, 2), (2, 10, 0), (2, 11, 0), (2, 16, 0), NEW, (3, 0, 3))
DATE = "2024-01-02_03-04-05.678"


def stream(file, version=NEW, folder="/LiveApp/streams/"):
    """The stream of a file, None where it is no media."""
    try:
        media = _paths.read(folder + file, version)
    except _paths.NotMedia as fault:
        assert str(fault) in ("no plain path", "no media")
        return None
    assert media.app == folder.split("/")[1]
    return media.stream


# A file, and its stream by version: up to 2.4.3, 2.6, and the newest.
NAMES = [
    ("s1.m3u8", "s1", "s1", "s1"),
    ("s1_adaptive.m3u8", "s1", "s1", "s1"),
    ("s1_720p2000kbps.m3u8", "s1", "s1", "s1"),
    ("s1_720p.m3u8", "s1_720p", "s1", "s1"),
    ("s1_2000kbps.m3u8", "s1_2000kbps", "s1", "s1"),
    ("cam_1.m3u8", "cam_1", "cam_1", "cam_1"),
    ("A.b-C_d.m3u8", "A.b-C_d", "A.b-C_d", "A.b-C_d"),
    ("a..b.m3u8", "a..b", "a..b", "a..b"),
    ("s10001.ts", "s1", None, None),
    ("s1000000001.ts", "s100000", "s1", "s1"),
    ("s12345000000001.ts", "s1234500000", "s12345", "s12345"),
    ("s1_720p2000kbps0001.ts", "s1", None, None),
    ("s1_720p2000kbps000000001.ts", "s1_720p2000kbps00000", "s1", "s1"),
    ("s1_720p000000001.ts", "s1_720p00000", "s1", "s1"),
    ("s1.ts", None, None, None),
    ("000000001.ts", "00000", None, None),
    ("s1000000001.fmp4", None, None, "s1"),
    ("s1_720p000000001.fmp4", None, None, "s1"),
    ("s1_1764090000000_init.mp4", "s1_1764090000000_init", "s1_1764090000000_init", "s1"),
    ("s1_720p_1764090000000_init.mp4", "s1_720p_1764090000000_init",
     "s1_720p_1764090000000_init", "s1"),
    ("s1.mp4", "s1", "s1", "s1"),
    ("s1.webm", "s1", "s1", "s1"),
    ("s1_1.mp4", "s1", "s1", "s1"),
    ("cam_1_2.mp4", "cam_1", "cam_1", "cam_1"),
    ("s1_480p500kbps.mp4", "s1", "s1", "s1"),
    ("s1_480p500kbps_1.mp4", "s1", "s1", "s1"),
    ("s1_480p.webm", "s1", "s1", "s1"),
    (f"s1-{DATE}.mp4", "s1", "s1", "s1"),
    (f"s1-{DATE}_480p500kbps.mp4", "s1", "s1", "s1"),
    (f"s1-{DATE}_1.mp4", "s1", "s1", "s1"),
    ("folder/s1.mp4", None, "s1", "s1"),
    ("a/b/s1.m3u8", None, "s1", "s1"),
    ("a/b/s1000000001.ts", None, "s1", "s1"),
    ("s1/s1.mpd", "s1", "s1", "s1"),
    ("s1/s2.mpd", None, None, None),
    ("s1/init-0.m4s", "s1", "s1", "s1"),
    ("a/s1/x.m4s", None, None, None),
    ("ll-hls/s1/s1__master.m3u8", None, None, "s1"),
    ("ll-hls/s1/s1__part.0.1.m4s", None, None, "s1"),
    ("ll-hls/s1/s2__master.m3u8", None, None, None),
    ("ll-hls/s1/s1__x__master.m3u8", None, None, None),
    ("ll-hls/s1/s1____master.m3u8", None, None, None),
    ("ll-hls/s1/s1_master.m3u8", None, None, None),
    ("ll-hls/s1.m3u8", None, None, None),
    ("ll-hls/s1/s1.mp4", None, None, None),
    ("drm/s1/x.mpd", None, None, "s1"),
    ("drm/s1/a/b/x.m4s", None, None, "s1"),
    ("drm/s1.m3u8", None, None, None),
    ("drm/s1.mp4", None, None, None),
    ("s1.mkv", None, None, None),
    ("s1.m3u8.mkv", None, None, None),
    ("s1.mkv.m3u8", "s1.mkv", "s1.mkv", "s1.mkv"),
    ("s1.png", None, None, None),
    ("s1.M3U8", None, None, None),
    ("s1", None, None, None),
    (".m3u8", None, None, None),
    ("m3u8", None, None, None),
    ("s1.m3u8/", None, None, None),
    ("s1.m3u8/x", None, None, None),
    ("", None, None, None),
    ("s1.mp4.tmp_extension", None, None, None),
    ("s1.m3u8.tmp", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "middle", "new"), NAMES, ids=[row[0] for row in NAMES])
def test_the_stream_of_a_file(file, old, middle, new):
    assert [stream(file, version) for version in (OLD, MIDDLE, NEW)] == [old, middle, new]


@pytest.mark.parametrize("version", VERSIONS, ids=str)
@pytest.mark.parametrize("name", ["s1", "cam-1", "A.b-C_d", "a..b", "x" * 150, "1", "-x"])
def test_playlists_and_recordings_are_the_streams_that_the_server_takes(version, name):
    for file in ("{}.m3u8", "{}_adaptive.m3u8", "{}_720p2000kbps.m3u8", "{}_720p.m3u8", "{}.mp4",
                 "{}.webm", "{}_480p500kbps.mp4", "{}_1.mp4", f"{{}}-{DATE}.mp4"):  # fmt: skip
        file = file.format(name)
        assert stream(file, version) == _served.stream_of(f"/LiveApp/streams/{file}", version), file


PIECES = st.sampled_from(
    [*"a1_-.", "20", "480p", "300kbps", "_480p", "__", "_1", "_adaptive", "mp4", "kbps", "0001",
     "000000001", "-2024-01-02_03-04-05.678", "Cam"]
)  # fmt: skip
IDS = st.lists(PIECES, min_size=1, max_size=6).map("".join)


def undecided(file):
    """Whether the server cuts a name where nothing has put anything."""
    bare = file.rpartition(".")[0]
    cut = re.search(r"_[0-9]+[^_/]*_|_[0-9]+[^_0-9/][^_/]*$|20[0-9]{2}[0-9]*-|_[0-9]+p[_0-9]", bare)
    return bool(cut) and not file.endswith("m3u8")


@settings(max_examples=500)
@given(IDS, st.sampled_from(["{}.m3u8", "{}_adaptive.m3u8", "{}.mp4", "{}.webm"]),
       st.sampled_from([MIDDLE, NEW]))  # fmt: skip
@example("cam_1", "{}.mp4", NEW)
def test_any_name_is_the_stream_that_the_server_takes(name, pattern, version):
    file = pattern.format(name)
    read = stream(file, version)
    of_server = _served.stream_of(f"/LiveApp/streams/{file}", version)
    if read and of_server and not undecided(file) and not re.search(r"__|\.mp4", name):
        assert read == of_server


@settings(max_examples=500)
@given(IDS, IDS, st.integers(0, 999_999_999), st.sampled_from([OLD, MIDDLE, NEW]))
@example("a", "a12345", 1, NEW)
@example("a", "a0000", 1, OLD)
def test_a_segment_of_one_stream_is_none_of_another(one, other, number, version):
    digits = 4 if version == OLD else 9
    if digits == 4:
        number %= 10_000
    read = stream(f"{one}{number:0{digits}}.ts", version)
    if re.search(r"_([0-9]+p)?([0-9]+kbps)?$", one) or one.startswith("."):
        return  # named like a quality of another stream
    assert read == one
    assert (read == other) is (one == other)


# Spellings of the path of a file by which somebody might get past a gate.
APP, FILES = "LiveApp", ("s1.m3u8", "s1000000001.ts", "s1.mp4")
SPELLINGS = [
    "/{a}/streams/{f}",
    "/{a}//streams/{f}", "//{a}/streams/{f}", "/{a}/streams//{f}", "///{a}/streams/{f}",
    "/{a}/./streams/{f}", "/./{a}/streams/{f}", "/{a}/streams/./{f}", "/{a}/streams/x/../{f}",
    "/{a}/x/../streams/{f}", "/x/../{a}/streams/{f}", "/{a}/js/..;/streams/{f}",
    "/{a};x/streams/{f}", "/{a}/streams;x=1/{f}", "/{a}/streams/{f};x", "/{a}/streams/;/{f}",
    "/;/{a}/streams/{f}", "/{a}/;x=y/streams/{f}", "/{a}/%2e/streams/{f}",
    "/{a}/x/%2e%2e/streams/{f}",
    "/{a}/x/.%2e/streams/{f}", "/{a}/%2fstreams/{f}", "/{a}%2fstreams/{f}", "/{a}/streams%2f{f}",
    "/{a}/%73treams/{f}", "/%4civeApp/streams/{f}", "/{a}/streams/%73{g}", "/{a}/streams/{f}%00",
    "/{a}/streams/{f}%20", "/{a}/streams/{f}%3fx", "/{a}/streams/{f}%23", "/{a}/streams/{f}#x",
    "/{a}\\streams\\{f}", "/{a}/streams\\{f}", "/{a}/streams/{f}/.", "/{a}/streams/{f}/..",
    "/{a}/streams/{f}/", "/{a}/STREAMS/{f}", "/{a}/streams/{f}.", "/{a}/streams/..{f}",
    "/{a}/streams/%c0%af{f}", "/{a}/streams/{f}%0a", "/{a}/streams/\t{f}", "/{a}/streams/ {f}",
    "/{a}/streams/{f}\x00", "/{a}/streams/{f}\r\n", "{a}/streams/{f}", "http://x/{a}/streams/{f}",
    "*", "", "/", "/{a}", "/{a}/", "/{a}/streams", "/{a}/streams/", "/{a}/previews/{f}",
    "/{a}/chunked/{f}", "/{a}/hls-upload/{f}", "/{a}/rest/v2/acm/../../../streams/{f}",
    "/{a}/rest/v2/broadcasts", "/{a}/websocket", "/{a}/streams/%25%37%33{g}", "/{a}/streams/+{f}",
    "/{a}/streams/~{f}", "/{a}/streams/{f}&x", "/{a}/streams/{f}=x", "/{a}/streams/@{f}",
    "/{a}/streams/ä{f}", "/{a}/streams/\uff0e\uff0e/{f}", "/{a}/streams/{f}\u2028",
    "/streams/{f}", "/{a}/x/streams/{f}", "/{a}/streams/{f}streams/../{f}",
    "/{a}/streams/{f}%252e%252e", "/{a}/streams/.../{f}", "/{a}/.streams/{f}", "/.{a}/streams/{f}",
]  # fmt: skip


def spelled():
    for pattern, file in itertools.product(SPELLINGS, FILES):
        plain = pattern.format(a=APP, f=file, g=file[1:])
        yield plain
        yield plain + "?token=T"


def test_one_spelling_of_each_file_is_media_and_no_other():
    every = list(spelled())
    assert len(every) > 333
    good = {f"/{APP}/streams/{file}{query}" for file in FILES for query in ("", "?token=T")}
    for target in every:
        try:
            media = _paths.read(target, NEW)
        except _paths.NotMedia:
            assert target not in good
        else:
            assert target in good, target
            assert (media.app, media.stream) == (APP, "s1")
            assert media.token == ("T" if "?" in target else None)
            assert "T" not in repr(media)


@settings(max_examples=500)
@given(
    st.sampled_from(FILES), st.integers(0, 40),
    st.sampled_from([*"%;\\ \t\r\n\0~+@&=,:'\"<>{}|^`[]()*!$#", "//", "/.", "/..", "/../", "%2e",
                     "%2f", "..;", ";x", "\u00e4", "/./"]) | st.characters(),
)  # fmt: skip
def test_what_is_put_anywhere_into_a_path_makes_it_none(file, place, more):
    path = f"/{APP}/streams/{file}"
    place = min(place, len(path))
    target = path[:place] + more + path[place:]
    try:
        media = _paths.read(target, NEW)
    except _paths.NotMedia:
        return
    if more == "?":  # what follows is a query
        target = target.partition("?")[0]
    assert re.fullmatch("(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+", target)
    assert target == quote(target)
    assert target.startswith(f"/{media.app}/streams/")
    assert media.stream in target
    # And no other stream's file is found there by who would make the path plain.
    assert target.rpartition("/")[2].startswith((media.stream, "drm", "ll-hls"))


@pytest.mark.parametrize("length", [10**3, 10**5, 10**7])
def test_long_paths_are_soon_refused(length):
    for piece in ("a", "/a", "_1p", "a_480p", "0", "-", "."):
        target = "/LiveApp/streams/" + piece * (length // len(piece)) + ".ts"
        with pytest.raises(_paths.NotMedia):
            _paths.read(target, NEW)


def test_the_longest_path_takes_no_time_to_speak_of():
    for piece in ("a", "_1p", "a_480p", "_480p2000kbps", "0", "a/", "-2024-01-02_03-04-05.678"):
        for ending in ("ts", "m3u8", "mp4", "m4s", "mpd", "fmp4", "webm"):
            bare = (piece * 1000)[:950].rstrip("/")
            for file in (bare, f"ll-hls/{bare}__", f"drm/{bare}", f"{bare}!"):
                stream(f"{file}.{ending}", NEW)


def test_the_application_is_the_first_part():
    assert stream("s1.m3u8", folder="/my-app/streams/") == "s1"
    assert _paths.read("/a.b/streams/s1.m3u8?x=1&token=%61", NEW) == _paths.Media("a.b", "s1", "a")
