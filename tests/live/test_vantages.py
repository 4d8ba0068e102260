"""The proof from other machines: from inside the lists, from outside, and in disguise."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.kit import hosts
from tests.kit.authority import Authority
from tests.kit.places import ROOT

pytestmark = [pytest.mark.live, pytest.mark.long]

SERVER, INSIDE, OUTSIDE = (f"sw-vantages-{name}" for name in ("server", "inside", "outside"))
# Private ones, which the server as shipped believes about X-Forwarded-For.
ADDRESSES = {SERVER: "10.77.0.11", INSIDE: "10.77.0.21", OUTSIDE: "10.77.0.22"}
POLICY = {
    "antmedia_dashboard_cidrs": ["127.0.0.1", ADDRESSES[INSIDE]],
    "antmedia_app_defaults": {
        "rest_cidrs": ["127.0.0.1", ADDRESSES[INSIDE]],
        "rest_jwt": True,
        "play": "jwt",
        "publish": "jwt",
        "publisher_cidrs": [ADDRESSES[INSIDE]],
    },
    "antmedia_verify_accept": ["webrtc-*"],
}
ON_SERVER = ("-e", "antmedia_hosts=" + SERVER)


@pytest.fixture(scope="module")
def prove(fleet_of, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vantages")
    try:
        for name, address in ADDRESSES.items():
            options = ["--double", "--apps", "LiveApp"] if name == SERVER else ["--no-start"]
            subprocess.run(
                [hosts.COMMAND, "up", name, "--address", address + "/24", *options], check=True
            )
        fleet = fleet_of(list(ADDRESSES), folder)
        fleet.run("secure.yml", POLICY, *ON_SERVER)

        def run(*vantages, **variables):
            policy = {
                **POLICY,
                "antmedia_report_dir": str(folder),
                "antmedia_vantages": list(vantages),
                "antmedia_vantage_target": ADDRESSES[SERVER],
                **variables,
            }
            output = fleet.run("verify.yml", policy, "-vvv", *ON_SERVER, check=False)
            report = json.loads((folder / "verify.json").read_text())
            for secret in POLICY_SECRETS:
                assert secret not in output
            found = {
                (control["name"], control["seen_from"]): control["outcome"]
                for control in report["hosts"][0]["controls"]
            }
            return report["passed"], found, output

        run.secure = lambda **more: fleet.run("secure.yml", {**POLICY, **more}, *ON_SERVER)
        yield run
    finally:
        if not os.environ.get("STREAMWARD_KEEP"):
            subprocess.run([hosts.COMMAND, "down", *ADDRESSES], check=False)


POLICY_SECRETS = (
    "test-only-management-secret-of-live-tests",
    "test-only-rest-secret-of-the-live-tests",
    "test-only-stream-secret-of-live-tests",
)
ENFORCED, NOT_ENFORCED, CANNOT_TELL = "enforced", "not enforced", "cannot tell"


def test_a_list_without_an_address_of_the_host_needs_a_vantage(prove):
    passed, found, output = prove()
    assert found["publisher-address", ""] == found["publish", ""] == CANNOT_TELL, output
    assert found["panel-address", ""] == found["rest-address", ""] == ENFORCED
    assert not passed


def test_from_inside_the_lists(prove):
    passed, found, output = prove(INSIDE)
    assert passed, output
    for name in ("panel-address", "rest-address", "publisher-address", "publish"):
        assert found[name, INSIDE] == found[name, ""] == ENFORCED


def test_in_disguise_as_shipped(prove):
    passed, found, output = prove(INSIDE, OUTSIDE)
    assert not passed
    assert found["panel-address", OUTSIDE] == found["rest-address", OUTSIDE] == NOT_ENFORCED, output
    assert found["publisher-address", OUTSIDE] == ENFORCED


def test_in_disguise_once_nobody_else_is_believed(prove):
    prove.secure(antmedia_trusted_proxies=[])
    passed, found, output = prove(INSIDE, OUTSIDE, antmedia_trusted_proxies=[])
    assert passed, output
    assert found["panel-address", OUTSIDE] == found["rest-address", OUTSIDE] == ENFORCED
    assert found["trusted-proxies", ""] == ENFORCED


@pytest.fixture(scope="module")
def front(prove, tmp_path_factory):
    """One by TLS on the server's host, whose authority the vantages know."""
    folder = tmp_path_factory.mktemp("front")
    authority = Authority(folder)
    certificate = authority.issue(ADDRESSES[SERVER], days=60)
    for vantage in (INSIDE, OUTSIDE):
        place = hosts.root(vantage) / "usr/local/share/ca-certificates/tests.crt"
        place.write_bytes(authority.path.read_bytes())
        hosts.call(vantage, "update-ca-certificates")
    command = [sys.executable, "-m", "tests.kit.front", ADDRESSES[SERVER], "443"]
    with subprocess.Popen(
        hosts.inside(SERVER, *command, str(certificate), "5080"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        process.stdout.readline()
        prove.secure(antmedia_trusted_proxies=[])
        yield {"host": ADDRESSES[SERVER], "https_port": 443, "rtmp_port": 1935}
        process.stdin.close()


def through(prove, front):
    passed, found, output = prove(
        INSIDE, OUTSIDE, antmedia_trusted_proxies=[], antmedia_endpoint=front
    )
    return passed, {place: outcome for place, outcome in found.items() if place[1]}, output


def test_through_the_front(prove, front):
    passed, found, output = through(prove, front)
    assert not passed
    for vantage in (INSIDE, OUTSIDE):
        assert found["front-certificate", vantage] == found["front-address", vantage] == ENFORCED
    # Who is on no list reaches the server beside its front.
    assert found["ports-beside-front", OUTSIDE] == NOT_ENFORCED, output
    assert ("ports-beside-front", INSIDE) not in found
    assert f"{OUTSIDE}" in output and "lets in: port 5080 (http_port); close it" in output


def test_through_the_front_alone(prove, front):
    """Once a firewall leaves strangers nothing else, all there is to ask holds."""
    rules = "table inet t { chain c { type filter hook input priority 0; "
    rules += f"ip saddr {ADDRESSES[OUTSIDE]} tcp dport 5080 drop; }}; }}"
    hosts.call(SERVER, "nft", rules)
    try:
        passed, found, output = through(prove, front)
    finally:
        hosts.call(SERVER, "nft", "delete table inet t")
    assert passed, output
    assert found["ports-beside-front", OUTSIDE] == found["front-address", OUTSIDE] == ENFORCED
    assert ("panel-address", OUTSIDE) not in found
    assert found["publisher-address", OUTSIDE] == found["panel-address", INSIDE] == ENFORCED
