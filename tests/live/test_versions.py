"""What real servers of each version enforce of one policy, by the proof of each.

The stock Community edition shows what it does not check; the enforcement double (a label, not the
Enterprise edition) shows that the same probes tell a server that does.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

ROOT = Path(__file__).resolve().parents[2]
VARIANTS = ["2.4.3", "2.6.1", "2.6.2", "2.17.1", "2.4.3-double", "2.6.1-double", "2.17.1-double"]
REST = "test-only-rest-secret-of-the-live-tests"
POLICY = {
    "antmedia_dashboard_cidrs": ["127.0.0.1", "127.0.0.16/28", "203.0.113.0/24"],
    "antmedia_trusted_proxies": [],
    "antmedia_app_defaults": {
        "rest_cidrs": ["127.0.0.1", "198.51.100.0/24"],
        "rest_jwt": True,
        "publish": "jwt",
        "play": "jwt",
        "publisher_cidrs": ["127.0.0.1", "127.0.0.16/28"],
    },
    "antmedia_apps": {
        "WebRTCApp": {"publish": "none", "settings": {"acceptOnlyStreamsInDataStore": True}}
    },
    "antmedia_verify_accept": ["webrtc-*"],
}
ENFORCED, NOT_ENFORCED, CANNOT_TELL = "enforced", "not enforced", "cannot tell"
# What depends on the edition; everything else is enforced by all.
BY_EDITION = ("play", "publish", "publisher-address")


@pytest.fixture(params=VARIANTS)
def variant(request):
    return request.param


@pytest.fixture
def host(variant, fleet_of, tmp_path):
    from outside import Server, sign

    name = "sw-versions-" + variant.replace(".", "")
    command = str(ROOT / "molecule/shared/host")
    apps = ["--apps", "LiveApp,WebRTCApp"]
    try:
        subprocess.run([command, "up", f"{name}={variant}", *apps], check=True)
        fleet = fleet_of([name], tmp_path)
        policy = dict(POLICY, antmedia_report_dir=str(tmp_path))
        if variant.startswith("2.4.3"):
            policy["antmedia_management_jwt"] = None
        fleet.run("secure.yml", policy)
        server = Server(name)
        token = sign(REST, exp=int(time.time()) + 60)
        created = server.request(
            "/WebRTCApp/rest/v2/broadcasts/create",
            body={"streamId": "registered", "name": "registered"},
            Authorization=token,
        )
        assert created.status == 200, created
        yield fleet, policy, tmp_path
    finally:
        if not os.environ.get("STREAMWARD_KEEP"):
            subprocess.run([command, "down", name], check=False)


def test_what_a_version_enforces(variant, host):
    fleet, policy, folder = host
    output = fleet.run("verify.yml", policy, check=False)
    report = json.loads((folder / "verify.json").read_text())
    found = {
        (control["app"], control["name"]): (control["outcome"], control["reason"])
        for control in report["hosts"][0]["controls"]
    }
    for (app, name), (outcome, reason) in sorted(found.items()):
        print(f"{variant:14} {app or '-':10} {name:18} {outcome:13} {reason}")
    double = variant.endswith("-double")
    expected = {
        (app, name): CANNOT_TELL
        if name.startswith("webrtc-")
        else NOT_ENFORCED
        if not double and name in BY_EDITION and (app, name) != ("WebRTCApp", "publish")
        else ENFORCED
        for app, name in found
    }
    assert {key: outcome for key, (outcome, _reason) in found.items()} == expected, output
    assert report["passed"] is double
    assert ("WebRTCApp", "known-streams") in found
