"""Every string that leads a player in, used on real servers of several versions with the double.

The files are such as Enterprise and its plugins write; what is seen is whom the server lets in.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import time
from urllib.parse import urlsplit

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    endpoint as _endpoint,
    mint as _mint,
    support as _support,
    totp as _totp,
    urls as _urls,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order

from demo.sandbox import distribution
from tests.double import build_double

pytestmark = pytest.mark.sandbox

SECRET = "test-only-stream-secret-of-the-doors-test"
SETTINGS = {
    "playJwtControlEnabled": "true",
    "publishJwtControlEnabled": "true",
    "jwtStreamSecretKey": SECRET,
}
QUALITY = "720p2000kbps"
FILES = (
    *("streams/{0}.m3u8", "streams/{0}_adaptive.m3u8", "streams/{0}_720p2000kbps.m3u8"),
    *("streams/ll-hls/{0}/{0}__master.m3u8", "streams/{0}/{0}.mpd", "previews/{0}.png"),
    *("streams/{0}.mp4", "streams/{0}.webm", "streams/{0}_720p2000kbps.mp4", "play.html"),
)
# What plays them, and what shows a page with them.
PLAYED = ("hls", "hls_adaptive", "hls_quality", "ll_hls", "dash", "vod", "vod_webm", "vod_quality")
VERSIONS = ["2.17.1", "2.6.1", pytest.param("2.4.3", marks=pytest.mark.long)]


@pytest.fixture(scope="module", params=VERSIONS)
def server(request, sandboxes):
    """A server with the double, where tokens are asked of players and publishers."""
    made = sandboxes(apps=["LiveApp"], version=request.param)
    build_double.install(
        made.home,
        distribution("2.17.1"),
        lambda path, change: path.write_text(change(path.read_text("utf-8")), "utf-8"),
    )
    bare = _versions.parse(request.param) >= (2, 6, 2)
    with made.properties("LiveApp").open("a", encoding="latin-1") as file:
        for key, value in SETTINGS.items():
            file.write(f"\n{key if bare else f'settings.{key}'}={value}")
        file.write("\n")
    made.start()
    made.wait_ready()
    yield made
    made.stop()


def strings(server, stream, type_="play", usable=True):
    version = _versions.parse(server.facts["version"])
    order = Order(app="LiveApp", stream=stream, type=type_)
    where = _endpoint.Endpoint(
        "127.0.0.1", tls=False, http_port=server.http_port, rtmp_port=server.rtmp_port
    )
    token = _mint.Mint(time.time()).mint(order, SECRET).value
    made = _urls.strings(order, where, token, quality=QUALITY, version=version)
    return _support.usable(made, version, type_) if usable else made


def status(url):
    """How a request that belongs to no session is answered, and how much comes."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        return answer.status, len(answer.read())


@pytest.fixture
def written(server):
    """The name of a stream of which there are files for every door."""
    stream = "stream-" + str(time.time_ns())
    for name in FILES:
        path = server.home / "webapps" / "LiveApp" / name.format(stream)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#EXTM3U\n")
    return stream


def test_every_door_of_files_takes_the_token_and_asks_for_it(server, written):
    made, other = strings(server, written), strings(server, "other")
    for name in set(made) & set(PLAYED):
        bare = made[name].partition("?")[0]
        assert status(made[name])[0] == 200, name
        assert status(bare)[0] == 403, name
        assert status(f"{bare}?{other[name].partition('?')[2]}")[0] == 403, name
    assert status(made["preview"]) == (200, len("#EXTM3U\n"))
    for name in (name for name in made if name.startswith("embed")):
        assert status(made[name])[0] == 200, name


def test_a_door_that_is_left_out_takes_no_token(server, written):
    made, every = strings(server, written), strings(server, written, usable=False)
    left_out = (set(every) - set(made)) & set(PLAYED)
    version = _versions.parse(server.facts["version"])
    assert left_out == {
        name for name, since in (("dash", (2, 6, 0)), ("ll_hls", (2, 11, 0))) if version < since
    }
    for name in left_out:
        assert status(every[name])[0] == 403, name


@contextlib.contextmanager
def on_air(server, stream):
    url = strings(server, stream, "publish")["rtmp"]
    picture = ["-re", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=10", "-t", "120"]
    encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "flv", url]
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", *picture, *encoder]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while status(strings(server, stream)["hls"])[0] != 200:
                assert process.poll() is None, "the publisher was not let in"
                assert time.monotonic() < deadline
                time.sleep(0.3)
            yield
        finally:
            process.kill()


def plays(url):
    command = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0"]
    run = subprocess.run([*command, url], capture_output=True, text=True, timeout=60, check=False)
    return "h264" in run.stdout


@pytest.mark.parametrize("server", ["2.17.1"], indirect=True)
def test_what_is_on_air_is_played(server):
    stream = "live-" + str(time.time_ns())
    with on_air(server, stream):
        made = strings(server, stream)
        for name in ("hls", "rtmp_play"):
            assert plays(made[name]), name
            assert not plays(made[name].partition("?")[0]), name


@pytest.mark.parametrize("server", ["2.17.1"], indirect=True)
@pytest.mark.parametrize("secret", ["6qsp6qhndryqs56zjmvs37i6gqtjsdvc", "ABCDE==="])
def test_the_code_of_a_subscribers_secret_is_the_servers(server, secret):
    base = "/LiveApp/rest/v2/broadcasts/s/subscribers"
    name = f"viewer-{time.time_ns()}"
    body = {"subscriberId": name, "b32Secret": secret, "type": "play"}
    assert json.loads(ask(server, "POST", base, body))["success"] is True
    before = time.time()
    code = json.loads(ask(server, "GET", f"{base}/{name}/totp?type=play"))["dataId"]
    key = _totp.subscriber_key(secret)
    assert code in {_totp.code(key, moment)[0] for moment in (before, time.time())}


@pytest.mark.parametrize("server", ["2.17.1"], indirect=True)
@pytest.mark.parametrize("secret", ["ABCDEFGHIJ", "ABCDEFG=", "0BCDEFGH", "ABCD EFG"])
def test_a_secret_that_is_refused_here_is_refused_there(server, secret):
    with pytest.raises(_totp.TotpError):
        _totp.subscriber_key(secret)
    body = {"subscriberId": f"viewer-{time.time_ns()}", "b32Secret": secret, "type": "play"}
    answer = ask(server, "POST", "/LiveApp/rest/v2/broadcasts/s/subscribers", body)
    assert '"success":true' not in answer


def ask(server, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=20)
    with contextlib.closing(connection):
        data = json.dumps(body) if body else None
        connection.request(method, path, data, {"Content-Type": "application/json"})
        return connection.getresponse().read().decode()
