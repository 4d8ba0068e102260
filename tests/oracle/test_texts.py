"""The forms of texts against the code of the real server that reads them."""

from __future__ import annotations

import re
import subprocess
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    versions as _versions,
    xml_keys as _xml_keys,
)

from tests.kit import jvm

pytestmark = pytest.mark.oracle

VERSIONS = ("2.4.3", "2.6.1", "2.6.2", "2.17.1")
FAILED = -(2**31)


def reads(name):
    return _catalogue.by_name(_catalogue.APP, name).reads


@pytest.fixture(scope="module")
def ask(jars, start_jvm):
    """What the server's code makes of a text: a number, None where it fails over it."""
    oracle = start_jvm("TextsOracle", jars=jars)

    def run(kind, text):
        oracle.ask([kind.encode(), text.encode()])
        number = oracle.read_int()
        return None if number == FAILED else number

    return run


WHOLE = [
    *(
        "",
        " ",
        "2",
        " 2",
        "2 ",
        "+2",
        "-2",
        "0",
        "02",
        "2.0",
        "2.5",
        "1e3",
        "0x2",
        "2s",
        "00:00:02",
    ),
    *("2147483647", "2147483648", "9" * 60, "two", "2_0", "\u0662"),
]


def test_whole_numbers(ask, tally):
    form = reads("hlsTime")
    for text in WHOLE:
        number = ask("whole", text)
        # Of digits of other scripts nobody writes the server takes some.
        assert form.fits(text) is (number is not None and number >= 1 and text.isascii()), text
        tally["texts read as numbers alike"] += 1


ENCODERS = [
    *("", "480,300000,64000", "480,300000,64000,240,200000,32000", "480,300000", "480"),
    *(
        "480, 300000, 64000",
        "480,300000,64000,",
        "480,300000,64000,240",
        "a,b,c",
        "abc",
        "{}",
        "[]",
    ),
    *("null", "[1]", '[{"height":240}]', "480.5,300000,64000", "[", "[]x"),
    '[{"height":240,"videoBitrate":300000,"audioBitrate":64000,"forceEncode":true}]',
    '[{"height":"240","videoBitrate":"300000","audioBitrate":"64000","forceEncode":false}]',
    '[{"height":240,"videoBitrate":300000,"audioBitrate":64000}]',
    '[{"height":240,"videoBitrate":300000,"audioBitrate":64000,"forceEncode":"true"}]',
    '[{"height":240.5,"videoBitrate":300000,"audioBitrate":64000,"forceEncode":true}]',
]
NONE = ("", "[]")


def test_encoders(ask, tally):
    """A text that the server takes for no encoders at all says nothing, but for an empty one."""
    form = reads("encoderSettingsString")
    for text in ENCODERS:
        count = ask("encoders", text)
        # It drops a comma at the end.
        taken = text in NONE or (bool(count) and not text.endswith(","))
        assert form.fits(text) is taken, text
        tally["texts read as encoders alike"] += 1


# --- choices, by the constants of its classes ---


@pytest.fixture(scope="module", params=VERSIONS)
def disassembled(request, distribution, tmp_path_factory):
    """What javap says of a class of a version: `disassembled(jar, class, options)`."""
    path = distribution.with_name(distribution.name.replace("2.17.1", request.param))
    if not path.is_file():
        pytest.skip(f"{path.name} is not here; `make images` fetches it")
    folder = tmp_path_factory.mktemp("jars")

    def run(pattern, name, *options):
        jar = folder / re.sub(r"\W", "", pattern)
        if not jar.is_file():
            with zipfile.ZipFile(path) as bundle:
                (found,) = [each for each in bundle.namelist() if re.fullmatch(pattern, each)]
                jar.write_bytes(bundle.read(found))
        command = [jvm.tool("javap"), "-p", *options, "-cp", str(jar), name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    run.version = _versions.parse(request.param)
    run.path = path
    return run


SERVER = r"[^/]+/ant-media-server\.jar"


def method(listing, name):
    """The texts that a method knows."""
    inner = listing.partition(f" {name}(")[2].partition("\n\n")[0]
    return re.findall(r"// String (\S+)", inner)


def test_words_that_its_code_compares_with(disassembled):
    listing = disassembled(SERVER, "io.antmedia.storage.AmazonS3StorageClient", "-c")
    assert tuple(method(listing, "getCannedAcl")) == reads("s3Permission").choices
    listing = disassembled(SERVER, "io.antmedia.muxer.HLSMuxer", "-c")
    known = method(listing, "void init")
    assert set(reads("hlsPlayListType").choices) <= set(known)
    if _catalogue.by_name(_catalogue.APP, "hlsSegmentType").exists_in(disassembled.version):
        assert reads("hlsSegmentType").choices[1] in known


def test_words_that_its_classes_name(disassembled):
    listing = disassembled(SERVER, "io.antmedia.AppSettings", "-constants")
    constants = dict(re.findall(r' (\w+) = "(.*)";', listing))
    for name, prefix in (
        ("previewFormat", "PREVIEW_FORMAT_"),
        ("webRTCSdpSemantics", "SDP_SEMANTICS_"),
        ("dataChannelPlayerDistribution", "DATA_CHANNEL_PLAYER_TO_"),
    ):
        if _catalogue.by_name(_catalogue.APP, name).exists_in(disassembled.version):
            named = {text for key, text in constants.items() if key.startswith(prefix)}
            assert named == set(reads(name).choices)


def test_classes_of_storage(disassembled):
    jar = r"[^/]+/lib/aws-java-sdk-s3-[\d.]+\.jar"
    listing = disassembled(jar, "com.amazonaws.services.s3.model.StorageClass", "-c")
    known = set(re.findall(r"// String ([A-Z_]+)\b", listing))
    assert known <= set(reads("s3StorageClass").choices)
    if disassembled.version >= (2, 17, 1):
        assert known == set(reads("s3StorageClass").choices)


def test_flags_of_ffmpeg(distribution):
    """Each is a word of the very library that the server loads."""
    with zipfile.ZipFile(distribution) as bundle:
        (name,) = [each for each in bundle.namelist() if re.search(r"ffmpeg-.*linux-x86_64", each)]
        with bundle.open(name) as packed, zipfile.ZipFile(packed) as jar:
            (library,) = [each for each in jar.namelist() if "/libavformat.so" in each]
            data = jar.read(library)
    for setting in ("hlsflags", "rtspPullTransportType", "hlsSegmentType", "hlsPlayListType"):
        for word in reads(setting).choices:
            # The end of a longer word serves, too.
            assert f"{word}\0".encode() in data, word


def test_keys_that_its_xml_reads(disassembled):
    """All that have no default there, and no others."""
    names = set()
    with zipfile.ZipFile(disassembled.path) as bundle:
        for each in bundle.namelist():
            if re.fullmatch(r"[^/]+/conf/(?:red5(?:-\w+)?|jee-container)\.xml", each):
                text = re.sub("(?s)<!--.*?-->", "", bundle.read(each).decode())
                names |= set(re.findall(r"\$\{([^:}]+)\}", text))
    assert names - {"red5.root"} == set(_xml_keys.read_in(disassembled.version))
    by_catalogue = {key for key, kind in _xml_keys.KINDS.items() if kind == "str"}
    known = {setting.name: setting for setting in _catalogue.of_file(_catalogue.SERVER)}
    for key in by_catalogue & set(known):
        assert known[key].default is None
