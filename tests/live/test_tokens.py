"""Every string that the token module hands out, used for real, and refused with a broken token.

ffmpeg, curl, a bare WebSocket and Chromium use the strings against a real server with the
enforcement double, inside the server's own network. What the Community edition has no listener for
(SRT, WHIP, RTMPS without a certificate) is not here: see docs/tokens.md.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import subprocess
import sys
import time

import pytest

from tests.kit import hosts
from tests.kit.browser import Browser

pytestmark = pytest.mark.live

HASHES = {
    "hash": "test-only-hash-secret-of-the-live-tests",
    "totp_publish": "test-only-totp-publish-secret-of-live-tests",
    "totp_play": "test-only-totp-play-secret-of-live-tests",
}
PLAYBOOK = """\
- hosts: all
  gather_facts: false
  tasks:
    - streamward.antmedia.token:
        endpoint: {host: 127.0.0.1, tls: false}
        version: 2.17.1
        read_host: "{{ item.value.read_host | default([]) }}"
        app: "{{ item.value.app | default('LiveApp') }}"
        realm: "{{ item.value.realm | default('stream') }}"
        kind: "{{ item.value.kind | default('jwt') }}"
        source: "{{ item.value.source | default('local') }}"
        stream: "{{ item.value.stream | default('') }}"
        type: "{{ item.value.type | default('') }}"
        subscriber: "{{ item.value.subscriber | default('') }}"
        lifetime: 30m
      loop: "{{ orders | dict2items }}"
      loop_control: {label: "{{ item.key }}"}
      register: made
    - ansible.builtin.copy:
        content: "{{ {'tokens': [item.strings | combine({'token': item.token})]} | to_json }}"
        dest: "{{ folder }}/{{ item.item.key }}.json"
        mode: "0600"
      loop: "{{ made.results }}"
      no_log: true
      delegate_to: localhost
"""
# A WebSocket client of a screenful, as no library for one is at hand: sends one text, prints one.
WEBSOCKET = r"""
import base64, os, socket, sys
host, port, path, text = sys.argv[1:]
s = socket.create_connection((host, int(port)), 20)
s.sendall((f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
  "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
  + base64.b64encode(os.urandom(16)).decode() + "\r\n\r\n").encode())
f = s.makefile("rb")
assert b" 101 " in f.readline()
while f.readline().strip(): pass
data, mask = text.encode(), os.urandom(4)
s.sendall(b"\x81" + bytes([254]) + len(data).to_bytes(2, "big") + mask
  + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))
size = f.read(2)[1]
size = int.from_bytes(f.read(2), "big") if size == 126 else size
print(f.read(size).decode())
"""


def broken(text, token):
    """A string with its token's signature changed."""
    end = "A" if token[-5] != "A" else "B"
    bad = token[:-5] + end + token[-4:]
    if re.fullmatch("[0-9]{6}", token):
        bad = str((int(token) + 1) % 10**6).zfill(6)
    assert token in text
    return text.replace(token, bad)


class Strings(dict):
    """The strings of a token, and itself."""

    def bad(self, name):
        return broken(self[name], self["token"])


@pytest.fixture(scope="module")
def mint(double, tmp_path_factory):
    """Runs the module for orders by name; returns what it gave for each."""
    fleet, _server = double
    folder = tmp_path_factory.mktemp("tokens")
    playbook = folder / "mint.yml"
    playbook.write_text(PLAYBOOK)

    def run(variables=None, **orders):
        given = {"orders": orders, "folder": str(folder), **(variables or {})}
        given.setdefault("antmedia_secrets", with_all(fleet))
        output = fleet.run(playbook, given)
        made = {}
        for name in orders:
            path = folder / f"{name}.json"
            assert path.stat().st_mode & 0o777 == 0o600
            (row,) = json.loads(path.read_text())["tokens"]
            made[name] = Strings(row)
            assert row["token"] not in output
        return made

    return run


def with_all(fleet):
    given = fleet.policy["antmedia_secrets"]
    defaults = {**given["app_defaults"], **HASHES}
    return {**given, "app_defaults": defaults}


def tried(server, *command):
    return subprocess.run(
        hosts.inside(server.name, *command),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def status(server, url):
    command = ["curl", "-s", "-g", "-m", "20", "-o", "/dev/null", "-w", "%{http_code}", url]
    return int(tried(server, *command).stdout or 0)


def allowed(code):
    """Whether the token was taken; the file need not exist."""
    return {200: True, 404: True, 403: False}[code]


PICTURE = ("-f", "lavfi", "-i", "testsrc=size=160x90:rate=10")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100")
ENCODER = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-g",
    "10",
    "-pix_fmt",
    "yuv420p",
    "-c:a",
    "aac",
)


def published(server, url, seconds="1"):
    """Publish for a moment; True if let in, False if refused for the token."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", *PICTURE, *SOUND]
    command += ["-t", seconds, *ENCODER, "-f", "flv", url]
    for _try in range(30):
        run = tried(server, *command)
        if "resources" not in run.stderr:  # the server's guard of the machine, not of the stream
            break
        time.sleep(2)
    if run.returncode == 0:
        return True
    assert "You are not allowed to publish" in run.stderr
    return False


@contextlib.contextmanager
def on_air(server, strings, play):
    """A publisher that sends in real time until the block is left."""
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-re", *PICTURE, "-re", *SOUND]
    command += ["-t", "600", *ENCODER, "-f", "flv", strings["rtmp"]]
    for _try in range(30):
        process = subprocess.Popen(hosts.inside(server.name, *command), stderr=subprocess.DEVNULL)
        for _wait in range(40):
            time.sleep(0.5)
            if process.poll() is not None or status(server, play["hls"]) == 200:
                break
        if process.poll() is None:
            break
        time.sleep(2)
    assert process.poll() is None, "the publisher was not let in"
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def fresh(name):
    return name + secrets.token_hex(4)


@pytest.fixture(scope="module")
def live(double, mint):
    """A stream on air, a recording of it, and the strings to publish and to play it."""
    _fleet, server = double
    name = fresh("onair")
    made = mint(publish={"stream": name, "type": "publish"}, play={"stream": name, "type": "play"})
    folder = server.home / "webapps" / "LiveApp" / "streams"
    folder.mkdir(exist_ok=True)
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *PICTURE, *SOUND]
    command += ["-t", "5", *ENCODER, "-movflags", "+faststart", str(folder / f"{name}.mp4")]
    subprocess.run(command, check=True)
    folder.chmod(0o777)
    with on_air(server, made["publish"], made["play"]):
        yield server, made["publish"], made["play"]


# -- publishing


def test_rtmp(double, mint):
    _fleet, server = double
    made = mint(one={"stream": fresh("rtmp"), "type": "publish"})["one"]
    assert not published(server, made.bad("rtmp"))
    assert not published(server, made["rtmp"].partition("?")[0])
    assert published(server, made["rtmp"])


def test_obs(double, mint):
    # OBS joins server and key with a slash.
    _fleet, server = double
    made = mint(one={"stream": fresh("obs"), "type": "publish"})["one"]
    assert not published(server, made["obs_server"] + "/" + made.bad("obs_key"))
    assert published(server, made["obs_server"] + "/" + made["obs_key"])


# -- playing


def test_hls(live):
    server, _publish, play = live
    assert status(server, play["hls"]) == 200
    assert status(server, play.bad("hls")) == 403
    assert status(server, play["hls"].partition("?")[0]) == 403
    probe = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0"]
    assert {"h264", "aac"} <= set(tried(server, *probe, play["hls"]).stdout.split())
    assert tried(server, *probe, play.bad("hls")).returncode != 0


@pytest.mark.parametrize("name", ["hls_adaptive", "ll_hls", "dash", "vod_webm"])
def test_playlists_that_this_edition_does_not_write(live, name):
    server, _publish, play = live
    assert allowed(status(server, play[name]))
    assert not allowed(status(server, play.bad(name)))


def test_rtmp_play(live):
    server, _publish, play = live
    probe = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0"]
    assert "h264" in tried(server, *probe, play["rtmp_play"]).stdout.split()
    assert tried(server, *probe, play.bad("rtmp_play")).returncode != 0
    assert tried(server, *probe, play["rtmp_play"].partition("?")[0]).returncode != 0


def test_recording(live):
    server, _publish, play = live
    assert status(server, play["vod"]) == 200
    assert status(server, play.bad("vod")) == 403
    probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"]
    assert float(tried(server, *probe, play["vod"]).stdout) > 4


def test_tokens_of_the_other_direction(live):
    server, publish, play = live
    swapped = play["hls"].replace(play["token"], publish["token"])
    assert status(server, swapped) == 403


def test_names_that_the_server_takes_for_others(double, mint):
    """What the module warns of is so: the same token works for HLS and not for the recording."""
    _fleet, server = double
    name = fresh("cam") + "_1"
    play = mint(one={"stream": name, "type": "play"})["one"]
    assert allowed(status(server, play["hls"]))
    assert not allowed(status(server, play["vod"]))


def websocket(server, strings, message):
    where = re.fullmatch(r"ws://([^:/]+):([0-9]+)(/.*)", strings["websocket"]).groups()
    run = tried(server, sys.executable, "-c", WEBSOCKET, *where, message)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_webrtc(double, mint):
    # The Community edition asks no token here, so only the form of the messages is proved.
    _fleet, server = double
    name = fresh("rtc")
    made = mint(publish={"stream": name, "type": "publish"}, play={"stream": name, "type": "play"})
    assert websocket(server, made["publish"], made["publish"]["webrtc"])["command"] == "start"
    answer = websocket(server, made["play"], made["play"]["webrtc"])
    assert answer["definition"] == "no_stream_exist"
    assert answer["streamId"] == name
    assert websocket(server, made["play"], '{"command": "no"}')["command"] == "error"


# -- the player's page


PLAYS = "(v => v && v.readyState >= 2 && v.currentTime > 0.3)(document.querySelector('video'))"


@pytest.fixture(scope="module")
def browser(double):
    _fleet, server = double
    with Browser(lambda *command: hosts.inside(server.name, *command)) as opened:
        yield opened


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "loaded"), [("embed_hls", ".m3u8"), ("embed", ".m3u8"), ("embed_vod", ".mp4")]
)
def test_player_page(live, browser, name, loaded):
    _server, _publish, play = live
    browser.open(play[name])
    assert browser.wait(PLAYS, 90), browser.answers
    assert set(browser.statuses(loaded)) <= {200, 206, 404}
    assert {200, 206} & set(browser.statuses(loaded))


@pytest.mark.long
@pytest.mark.parametrize(("name", "loaded"), [("embed_hls", ".m3u8"), ("embed_vod", ".mp4")])
def test_player_page_with_a_broken_token(live, name, loaded):
    server, _publish, play = live
    # A browser of its own: a session that once had a good token goes on without one.
    with Browser(lambda *command: hosts.inside(server.name, *command)) as other:
        other.open(play.bad(name))
        assert other.wait(lambda: 403 in other.statuses(loaded), 60), other.answers
        assert not other.run(PLAYS)


@pytest.mark.long
def test_dash_page_asks_for_the_manifest(live, browser):
    # This edition writes no DASH; what is seen is that the page asks with the token and is let in.
    _server, _publish, play = live
    browser.open(play["embed_dash"])
    assert browser.wait(lambda: browser.statuses(".mpd"), 60)
    assert set(browser.statuses(".mpd")) <= {200, 404}


@pytest.mark.long
def test_iframe(live, browser):
    server, _publish, play = live
    # From a page of the same server, as a site would embed it.
    page = server.home / "webapps" / "LiveApp" / "embedded-test.html"
    page.write_text(f"<!DOCTYPE html><title>x</title>{play['iframe']}")
    page.chmod(0o644)
    browser.open("http://127.0.0.1:5080/LiveApp/embedded-test.html")
    inner = PLAYS.replace("document", "document.querySelector('iframe').contentDocument")
    assert browser.wait(inner, 90), browser.answers


# -- the APIs


@pytest.mark.parametrize("realm", ["rest", "management"])
def test_curl(double, mint, realm):
    _fleet, server = double
    app = {} if realm == "rest" else {"app": ""}
    made = mint(one={"realm": realm, **app})["one"]
    good = tried(server, "sh", "-c", made["curl"] + " -s -w '\n%{http_code}'").stdout
    bad = tried(server, "sh", "-c", made.bad("curl") + " -s -w '\n%{http_code}'").stdout
    assert good.endswith("\n200")
    assert isinstance(json.loads(good.rpartition("\n")[0]), dict)
    assert bad.endswith("\n403")


# -- the host's own settings, and tokens that the server makes


def test_secret_and_ports_from_the_host(double, mint):
    _fleet, server = double
    made = mint(
        {"antmedia_secrets": {}},
        one={"stream": fresh("own"), "type": "play", "read_host": ["secret", "endpoint"]},
    )["one"]
    assert allowed(status(server, made["hls"]))
    assert not allowed(status(server, made.bad("hls")))


def test_server_made_jwt(double, mint):
    _fleet, server = double
    made = mint(
        play={"stream": fresh("srv"), "type": "play", "source": "server"},
        publish={"stream": fresh("srv"), "type": "publish", "source": "server"},
    )
    assert allowed(status(server, made["play"]["hls"]))
    assert not allowed(status(server, made["play"].bad("hls")))
    assert not published(server, made["publish"].bad("rtmp"))
    assert published(server, made["publish"]["rtmp"])


@pytest.mark.parametrize(
    "kind", ["hash", pytest.param("totp", marks=pytest.mark.long), "one_time"]
)  # codes are those of a minute, for which the test may wait
def test_other_kinds(double, mint, kind):
    """Hash, TOTP and one-time tokens, each with the app's policy set to want them."""
    fleet, server = double
    variables = {
        "antmedia_host_apps": {"LiveApp": {"publish": kind, "play": kind}},
        "antmedia_secrets": with_all(fleet),
        "antmedia_apply": "live",
    }
    fleet.run("secure.yml", variables)
    order = {"kind": kind, "source": "server" if kind == "one_time" else "local"}
    if kind == "totp":
        order["subscriber"] = "viewer-1"
    names = {type_: fresh(kind.replace("_", "")) for type_ in ("play", "publish")}
    orders = {type_: {"stream": name, "type": type_, **order} for type_, name in names.items()}
    if kind == "totp":
        # The server makes codes too; ours must be the same.
        orders["asked"] = {**orders["play"], "source": "server"}
        if time.time() % 60 > 20:
            time.sleep(61 - time.time() % 60)
    made = mint({"antmedia_host_apps": variables["antmedia_host_apps"]}, **orders)
    play, publish = made["play"], made["publish"]
    assert not allowed(status(server, play.bad("hls")))
    assert allowed(status(server, play["hls"]))
    if kind == "one_time":
        assert not allowed(status(server, play["hls"])), "it worked twice"
    if kind == "totp":
        assert made["asked"]["token"] == play["token"]
    assert not published(server, publish.bad("rtmp"))
    assert published(server, publish["rtmp"])
