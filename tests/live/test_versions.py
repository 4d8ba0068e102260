"""What real servers of each version enforce of one policy, by the proof of each.

The stock Community edition shows what it does not check; the enforcement double (a label, not the
Enterprise edition) shows that the same probes tell a server that does.
"""

from __future__ import annotations

import json
import os
import subprocess
import time

import pytest

from tests.kit import hosts
from tests.kit.outside import Server, sign

pytestmark = [pytest.mark.live, pytest.mark.long]

VARIANTS = ["2.4.3", "2.6.1", "2.6.2", "2.17.1", "2.4.3-double", "2.6.1-double", "2.17.1-double"]
REST = "test-only-rest-secret-of-the-live-tests"
POLICY = {
    # 2.4.3 takes no such tokens; that it refuses them can be proved all the same.
    "antmedia_management_jwt": "{{ '243' not in inventory_hostname }}",
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


NAMES = {"sw-versions-" + variant.replace(".", ""): variant for variant in VARIANTS}


@pytest.fixture(scope="module")
def found(fleet_of, tmp_path_factory):
    """What one run of verify found on all of them, by variant."""
    folder = tmp_path_factory.mktemp("versions")
    pairs = [f"{name}={variant}" for name, variant in NAMES.items()]
    try:
        subprocess.run([hosts.COMMAND, "up", *pairs, "--apps", "LiveApp,WebRTCApp"], check=True)
        fleet = fleet_of(list(NAMES), folder)
        policy = dict(POLICY, antmedia_report_dir=str(folder))
        fleet.run("secure.yml", policy, "-e", "antmedia_batches=100%")
        for name in NAMES:
            created = Server(name).request(
                "/WebRTCApp/rest/v2/broadcasts/create",
                body={"streamId": "registered", "name": "registered"},
                Authorization=sign(REST, exp=int(time.time()) + 60),
            )
            assert created.status == 200, (name, created)
        output = fleet.run("verify.yml", policy, check=False)
        report = json.loads((folder / "verify.json").read_text())
        print(output[output.index("TASK [streamward.antmedia.verify : Report") :])
        yield {NAMES[host["name"]]: host for host in report["hosts"]}
    finally:
        if not os.environ.get("STREAMWARD_KEEP"):
            subprocess.run([hosts.COMMAND, "down", *NAMES], check=False)


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_a_version_enforces(variant, found):
    outcomes = {
        (control["app"], control["name"]): control["outcome"]
        for control in found[variant]["controls"]
    }
    for control in found[variant]["controls"]:
        place = f"{control['app'] or '-':10} {control['name']:18} {control['outcome']:13}"
        print(f"{variant:14} {place} {control['reason']}")
    double = variant.endswith("-double")
    expected = {
        (app, name): CANNOT_TELL
        if name.startswith("webrtc-")
        else NOT_ENFORCED
        if not double and name in BY_EDITION and (app, name) != ("WebRTCApp", "publish")
        else ENFORCED
        for app, name in outcomes
    }
    assert outcomes == expected
    assert found[variant]["passed"] is double
    assert ("WebRTCApp", "known-streams") in outcomes
    assert ("", "management-jwt") in outcomes
