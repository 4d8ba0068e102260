"""TLS at the gate's nginx, in a network of its own, where there is an address that is not loopback.

Started by itself inside of that network: test_gate_tls.py FOLDER.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.kit import authority, child
from tests.kit.accounts import only_root

pytestmark = [pytest.mark.sandbox, only_root]

AWAY, PROXY = "192.0.2.1", "192.0.2.5"
HTTP, HTTPS, SERVER = 5080, 5443, 15080
PATH = "/LiveApp/rest/v2/version"


class Server(BaseHTTPRequestHandler):
    """Says what it was asked."""

    def do_GET(self):
        data = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_words):
        pass


def inside(folder):
    """Ask in every way; prints the answers by name."""
    from ansible_collections.streamward.antmedia.plugins.module_utils._gate import policy as _policy

    from tests.kit import gate as _gate

    for words in ("link set lo up", *(f"addr add {one}/32 dev lo" for one in (AWAY, PROXY))):
        subprocess.run(["ip", *words.split()], check=True)
    server = HTTPServer(("127.0.0.1", SERVER), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    gate = _gate.Gate(folder, SERVER, HTTP)
    files = _policy.Certificate(gate.places.certificate, gate.places.key)
    gate.start(
        listen=_policy.Listen(HTTP, HTTPS, rtmps=None, **gate.daemon.ports),
        certificate=files,
        proxies=_gate.networks(PROXY),
        applications={"LiveApp": _gate.application(rest=None)},
    )
    try:
        told = {"X-Forwarded-Proto": "https"}
        ways = {
            "host": _gate.send(_gate.request(PATH), HTTP),
            "away": _gate.send(_gate.request(PATH + "?a=b"), HTTP, AWAY, to=AWAY),
            "away, told": _gate.send(_gate.request(PATH, headers=told), HTTP, AWAY, to=AWAY),
            "proxy": _gate.send(_gate.request(PATH, headers=told), HTTP, PROXY, to=AWAY),
            "tls": _gate.send(_gate.request(PATH, headers=told), HTTPS, AWAY, to=AWAY, tls=True),
            "odd": _gate.send(_gate.request("/LiveApp;x/"), HTTP, AWAY, to=AWAY),
            "state": _gate.send(_gate.request("/streamward-gate/state"), HTTPS, tls=True),
            "state, away": _gate.send(
                _gate.request("/streamward-gate/state"), HTTPS, AWAY, to=AWAY, tls=True
            ),
            "question": _gate.send(_gate.request("/streamward-gate/ask"), HTTP),
        }
        found = {name: (one.status, one.headers, one.body.decode()) for name, one in ways.items()}
        print(json.dumps(found))
    finally:
        gate.stop()


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gate")
    made = authority.certificate(folder)
    for name in ("certificate.pem", "key.pem"):
        (folder / name).write_bytes(made.read_bytes())
    run = subprocess.run(
        ["unshare", "--net", sys.executable, "-m", "tests.sandbox.test_gate_tls", str(folder)],
        env=child.environment(),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_plain_requests_from_elsewhere_are_sent_to_tls(answers):
    status, headers, _body = answers["away"]
    assert status == 307
    assert headers["location"] == f"https://gate.example:{HTTPS}{PATH}?a=b"
    assert answers["away, told"][0] == 307
    # What is spelled oddly is sent nowhere.
    assert answers["odd"][0] == 403


def test_the_host_itself_and_proxies_may_speak_plainly(answers):
    assert [answers[name][0] for name in ("host", "proxy", "tls")] == [200, 200, 200]


def test_the_server_is_told_how_people_came(answers):
    schemes = {n: json.loads(answers[n][2])["x-forwarded-proto"] for n in ("host", "proxy", "tls")}
    assert schemes == {"host": "http", "proxy": "https", "tls": "https"}


def test_what_the_gate_says_of_itself_is_for_its_host(answers):
    assert answers["state"][0] == 200
    assert answers["state, away"][0] == 403
    assert answers["question"][0] == 404


if __name__ == "__main__":
    inside(Path(sys.argv[1]))
