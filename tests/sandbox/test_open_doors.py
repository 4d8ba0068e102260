"""A control never says enforced while a door of it is open: real servers, each with one door ajar.

Where tokens are asked for it is by the double, and whatever else is asked is the server's own.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import threading

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    run as _run,
    surfaces as _surfaces,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    HERE,
    LET_IN,
    REFUSED,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    FORWARDED,
    Source,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.tokens import fresh

from demo.sandbox import distribution
from tests.double import build_double
from tests.kit.places import ROOT

pytestmark = pytest.mark.sandbox

SECRET = "test-only-stream-secret-of-the-open-doors"
TOKENS = {
    "publishJwtControlEnabled": "true",
    "playJwtControlEnabled": "true",
    "jwtStreamSecretKey": SECRET,
}
POLICY = {
    "app_defaults": {"play": "jwt", "publish": "jwt"},
    "secrets": {"app_defaults": {"stream": SECRET}},
}


@pytest.fixture
def started(sandboxes):
    """Start a server of a version with an application and its settings, ready to be asked."""
    made = []

    def start(version, settings, double=True):
        server = sandboxes(apps=["LiveApp"], version=version)
        made.append(server)
        if double:
            build_double.install(
                server.home,
                distribution("2.17.1"),
                lambda path, change: path.write_text(change(path.read_text("utf-8")), "utf-8"),
            )
        prefix = "" if _versions.parse(version) >= (2, 6, 2) else "settings."
        with server.properties("LiveApp").open("a", encoding="latin-1") as file:
            file.write("".join(f"\n{prefix}{key}={value}" for key, value in settings.items()))
            file.write("\n")
        server.start()
        server.wait_ready()
        return server

    yield start
    for server in made:
        server.stop()


def proof(server, **policy):
    """What a proof finds: each control's outcome, reason and note."""
    params = {name: spec.get("default") for name, spec in _options.policy_spec().items()}
    params.update({"secrets": None, "ready_timeout": 60, **policy})
    result = _run.Run(params, _installation.observe(str(server.home))).run()
    found = {c["control"]: (c["outcome"], c["reason"], c["note"]) for c in result["controls"]}
    return found, result


CLOSED = {"rest_cidrs": ["127.0.0.1"]}
EVERYBODY = {"remoteAllowedCIDR": "0.0.0.0/0"}


@pytest.mark.parametrize(
    ("version", "settings", "reasons"),
    [
        ("2.4.3", {}, {"play": "no token, over RTMP"}),
        ("2.6.1", {"rtmpPlaybackEnabled": "true"}, {"play": "no token, over RTMP"}),
        ("2.6.2", {"rtmpPlaybackEnabled": "false"}, {}),
        ("2.17.1", {"rtmpPlaybackEnabled": "false"}, {}),
        (
            "2.17.1",
            {**EVERYBODY, "generatePreview": "true"},
            {
                "play": "no token, a preview picture, no token, the REST API",
                "publish": "no token, a file by /chunked, no token, the REST API",
            },
        ),
    ],
    ids=["rtmp of 2.4.3", "rtmp switched on", "2.6.2 closed", "2.17.1 closed", "open to all"],
)
def test_a_door_that_is_open(started, version, settings, reasons):
    server = started(version, {**TOKENS, **settings})
    found, result = proof(server, **POLICY)
    # The double is not for publishers of 2.6.2, whose interface is one of its own.
    for control in ("play", "publish") if version != "2.6.2" else ("play",):
        outcome, reason, _note = found[control]
        if control in reasons:
            assert outcome == "not enforced"
            assert f"lets in: {reasons[control]}" in reason
        else:
            assert (outcome, reason) == ("enforced", "")
    asked = {probe["asked"].partition(" from ")[0] for probe in result["probes"]}
    assert any(line.startswith("play rtmp /LiveApp/") for line in asked)
    assert not any("eyJ" in str(probe) for probe in result["probes"])
    # What no setting closes is said, whatever the outcome.
    assert any("every other of the application" in note for note in result["notes"])


def test_pictures_of_former_days_are_a_door(started):
    """They stay when their setting is switched off, and the server shows them to everybody."""
    server = started("2.17.1", {**TOKENS, "generatePreview": "false"})
    assert proof(server, **POLICY)[0]["play"][:2] == ("enforced", "")
    folder = server.home / "webapps" / "LiveApp" / "previews"
    folder.mkdir()
    (folder / "stream1.png").write_bytes(b"a picture")
    outcome, reason, _note = proof(server, **POLICY)[0]["play"]
    assert (outcome, reason) == ("not enforced", "lets in: no token, a preview picture")


def test_a_switch_that_does_nothing_is_told_as_such(started):
    server = started("2.17.1", {"rtmpPlaybackEnabled": "false"}, double=False)
    policy = {"app_defaults": {**CLOSED, "settings": {"rtmpPlaybackEnabled": False}}}
    found, result = proof(server, unenforceable="warn", **policy)
    assert found["rtmp-play"][:2] == ("not enforced", "lets in: no token")
    assert found["rest-address"][0] == "enforced"
    # What no setting closes is said, whatever the outcome.
    assert any("spelling of /chunked" in note for note in result["notes"])


@contextlib.contextmanager
def hook(known):
    """A hook that lets in one stream."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200 if body["name"] == known else 403)
            self.end_headers()

        def log_message(self, *_ignored):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("version", ["2.17.1", pytest.param("2.4.3", marks=pytest.mark.long)])
def test_a_hook_is_proved_from_both_sides(started, version):
    with hook("studio") as port:
        url = f"http://127.0.0.1:{port}/may"
        server = started(version, {"webhookAuthenticateURL": url}, double=False)

        def outcome(about):
            policy = {"app_defaults": {"publish": "hook", "publish_hook": about}}
            return proof(server, **policy)[0]["publish-hook"]

        assert outcome({"url": url, "known_stream": "studio"})[:2] == ("enforced", "")
        assert outcome(url)[0] == "enforced"
        assert "only refusals were asked for" in outcome(url)[2]
        assert outcome({"url": url, "known_stream": "cellar"})[0] == "not enforced"
    # A hook that is down lets nobody in, and that is told.
    state, reason, _note = outcome({"url": url, "known_stream": "studio"})
    assert state == "not enforced"
    assert "the hook cannot be reached from this host: Connection refused" in reason


# --- every door of every version, with tokens asked for ---

PAGE = ROOT / "docs" / "doors.md"
STRANGER = Source("203.0.113.77", FORWARDED)
SHOWN = {LET_IN: "open", REFUSED: "closed"}
# Nothing listens for RTMPS as shipped.
ASKED = [
    *(_surfaces.HLS, _surfaces.RTMP),
    *(row for row in _surfaces.doors("play") if row.name != "rtmps-play"),
    *(row for row in _surfaces.doors("publish") if row.name not in ("rtmp", "rtmps")),
]


def column(title):
    """What the page says of a server, by door."""
    table = PAGE.read_text("utf-8").partition("## Measured")[2].partition("\n## ")[0]
    head, _line, *rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("|")
    ]
    return {row[0]: row[head.index(title)] for row in rows}


@pytest.mark.parametrize("double", [False, True], ids=["stock", "double"])
@pytest.mark.parametrize(
    "version",
    ["2.4.3", "2.17.1", *(pytest.param(v, marks=pytest.mark.long) for v in ("2.6.1", "2.6.2"))],
)
def test_every_door_is_as_the_page_says(started, version, double):
    """To whoever has no token, and is on no list."""
    server = started(version, {**TOKENS, "rtmpPlaybackEnabled": "true"}, double)
    installation = _installation.observe(str(server.home))
    params = {name: spec.get("default") for name, spec in _options.policy_spec().items()}
    asker = _run.Run({**params, "secrets": None}, installation).asker
    found = {}
    for row in ASKED:
        source = STRANGER if row.outside else HERE
        probe = Probe("", REFUSED, row, source, **row.at("LiveApp", fresh()))
        there = installation.version >= row.since
        found[row.name] = SHOWN.get(asker.ask(probe).came, "?") if there else "-"
    assert found == column(f"{version} {'double' if double else 'stock'}")
