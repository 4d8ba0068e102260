"""Changes while people are on air: nothing drops by live apply, and a restart is deliberate."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import time
from pathlib import Path

import jwt
import pytest

from tests.kit import hosts
from tests.kit.on_air import SECRETS, publisher, read_hls
from tests.kit.processes import kill, kill_all

pytestmark = pytest.mark.live

# Every control that goes into the running server, one change after the other, each on top of the
# ones before.
LIVE_CHANGES = [
    {"rest_cidrs": ["127.0.0.1", "127.0.0.5"]},
    {"rest_jwt": False},
    {"rest_jwt": True},
    {"publish": "hash"},
    {"publish": "one_time"},
    {"publish": "totp"},
    {"publish": "jwt"},
    {"publisher_cidrs": ["127.0.0.0/8"]},
    {"settings": {"hlsTime": 3}},
    {"settings": {"acceptOnlyStreamsInDataStore": True}},
    {"settings": {"acceptOnlyStreamsInDataStore": False}},
    {"settings": {"webhookAuthenticateURL": "http://127.0.0.1:9/"}},
    {"settings": {"webhookAuthenticateURL": ""}},
    {"settings": {"rtmpPlaybackEnabled": True}},
    {"settings": {"contentSecurityPolicyHeaderValue": "default-src 'self'"}},
    {"settings": {"secureAnalyticEndpoint": True}},
    {"settings": {"acceptOnlyRoomsInDataStore": True}},
    {"settings": {"ingestingStreamLimit": 50}},
    {"settings": {"webRTCViewerLimit": 50}},
    {"settings": {"dataChannelEnabled": False}},
    {"settings": {"dataChannelPlayerDistribution": "none"}},
    {"settings": {"signalingEnabled": True}},
    {"settings": {"timeTokenPeriod": 90}},
    {"settings": {"timeTokenSubscriberOnly": True}},
    {"settings": {"hlsEncryptionKeyInfoFile": "/tmp/none"}},
    {"play": "none"},
    {"play": "jwt"},
]
# What decides access and is not changed here: who plays is sent elsewhere or asked for a token of
# another kind by it, which is what it is for; secrets and keys are for the rotations.
NOT_CHANGED = {
    "playTokenControlEnabled",
    "hashControlPlayEnabled",
    "enableTimeTokenForPlay",
    "webhookPlayAuthUrl",
    "httpForwardingBaseURL",
    "httpForwardingExtension",
    "jwksURL",
    "ipFilterEnabled",  # is on wherever there is a list, so nothing here changes it
}


def controls():
    """The settings of an application that decide access and go into the running server."""
    from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
        catalogue as _catalogue,
    )

    return {
        setting.name
        for setting in _catalogue.of_file(_catalogue.APP)
        if setting.realm
        and setting.apply == "live"
        and setting.exists_in((2, 17, 1))
        and not setting.secret
    }


def recap(output):
    """The counters of the only host's line in the recap."""
    return dict(re.findall(r"(\w+)=(\d+)", output.rpartition("PLAY RECAP")[2]))


def test_live_changes_drop_nobody(double):
    fleet, server = double
    policy, changed = {"settings": {}}, set()
    seconds = 40 * len(LIVE_CHANGES)  # at most
    with publisher(server, "onair", seconds + 60) as on_air:
        reader = read_hls(server, "onair", seconds)
        for change in LIVE_CHANGES:
            policy = dict(policy, **change)
            if "settings" in change:
                policy["settings"] = change["settings"]
            own = {
                "hash": "test-only-hash-secret-of-the-live-tests",
                "totp_publish": "test-only-totp-secret-of-the-live-tests",
            }
            secrets = {"apps": {"LiveApp": own}}
            variables = {
                "antmedia_host_apps": {"LiveApp": policy},
                "antmedia_secrets": dict(fleet.policy["antmedia_secrets"], **secrets),
            }
            output = fleet.run("secure.yml", dict(variables, antmedia_apply="live"), "-v")
            assert recap(output)["changed"] == "1", (change, output)
            assert on_air.poll() is None, f"the publisher was cut by {change}"
            changed |= set(re.findall(r'"key": "(\w+)"', output))
        report = json.loads(reader.communicate(timeout=seconds + 60)[0])
        assert on_air.poll() is None
    assert report["failures"] == [], report
    assert report["segments"] > 5
    assert controls() - changed == NOT_CHANGED
    again = fleet.run("secure.yml", variables)
    assert recap(again)["changed"] == "0"
    # What went in live holds after a restart, and what a restart brought holds after a live change.
    server.restart()
    assert recap(fleet.run("secure.yml", variables))["changed"] == "0"
    fleet.run(
        "secure.yml", {"antmedia_dashboard_cidrs": ["127.0.0.1"], "antmedia_apply": "restart"}
    )
    assert server.panel("127.0.0.17") == 403
    fleet.run(
        "secure.yml",
        {
            "antmedia_dashboard_cidrs": ["127.0.0.1"],
            "antmedia_host_apps": {"LiveApp": {"rest_cidrs": ["127.0.0.1", "127.0.0.6"]}},
            "antmedia_apply": "live",
        },
    )
    assert server.request("/rest/v2/liveness", "127.0.0.17").status == 403
    fleet.run("secure.yml")


@pytest.fixture
def list_change():
    """A policy that differs in a setting that needs a restart."""
    return {"antmedia_dashboard_cidrs": ["127.0.0.1", f"127.0.0.{random.randint(64, 250)}"]}


def left_over(server, *apps):
    """What a run left beside the files; that they are not proved is meant to stay."""
    found = [path.name for app in apps for path in server.file(app).parent.glob(".*streamward*")]
    return [name for name in found if name != ".streamward-unproved"]


def test_restart_refused_under_an_audience(double, list_change):
    fleet, server = double
    before = server.file().read_bytes()
    with publisher(server, "guarded") as on_air:
        output = fleet.run("secure.yml", list_change, check=False)
        assert on_air.poll() is None
    assert "would cut off people on air, nothing was changed: LiveApp: 1 publisher" in output
    assert server.file().read_bytes() == before
    assert left_over(server, "") == []


def test_restart_drains(double, list_change):
    fleet, server = double
    with publisher(server, "ending", seconds=40) as on_air:
        output = fleet.run("secure.yml", dict(list_change, antmedia_live_streams="drain"))
        assert on_air.poll() == 0, "the stream was cut before it ended"
    assert "LiveApp: 1 publisher (ending)" in output
    assert recap(output)["changed"] == "1"


def test_restart_drops_and_counts(double, list_change):
    fleet, server = double
    with publisher(server, "cut") as on_air:
        output = fleet.run("secure.yml", dict(list_change, antmedia_live_streams="drop"), "-v")
        on_air.wait(timeout=60)
    assert '"publishers": 1' in output
    assert recap(output)["changed"] == "1"


def modules(server):
    """Processes of this machine that are modules on the host."""
    inside, found = os.readlink(f"/proc/{hosts.pid(server.name)}/ns/pid"), []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it has ended
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            there = os.readlink(f"/proc/{pid}/ns/pid") == inside
            if there and command.startswith(b"/usr/bin/python3\0"):
                found.append(int(pid))
    return found


def kill_everything(process, server):
    """kill -9 of the controller, its workers and the module on the host; whether one ran there."""
    kill_all(process.pid)
    running = modules(server)
    for pid in running:
        kill(pid)
    process.communicate()
    return bool(running)


def keys(server):
    """The keys of every settings file, by application."""
    from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import (
        Document,
    )

    return {
        app: set(Document.parse(server.file(app).read_bytes()).as_dict())
        for app in ["", *server.applications]
    }


@pytest.mark.long
@pytest.mark.parametrize("way", ["restart", "live"])
def test_killed_runs_are_finished_by_the_next(double, way):
    """Kill a run at moments spread over its length; the next one brings the host to its policy."""
    fleet, server = double
    points = int(os.environ.get("LIVE_KILLS", "6"))
    fleet.run("secure.yml")
    lengths, hits = {"restart": 6.0, "live": 0.6}, 0  # of the module
    for point in range(points):
        number = 10 + point
        change = {
            "antmedia_host_apps": {"LiveApp": {"rest_cidrs": ["127.0.0.1", f"127.0.0.{number}"]}}
        }
        if way == "restart":
            change["antmedia_dashboard_cidrs"] = ["127.0.0.1", f"127.0.0.{number}"]
        before = keys(server)
        process = fleet.start("secure.yml", dict(change, antmedia_apply=way))
        while not modules(server) and process.poll() is None:
            time.sleep(0.02)
        time.sleep(lengths[way] * (point + 0.5) / points)
        hits += kill_everything(process, server)
        # Nothing half written, whatever it was.
        after = keys(server)
        assert all(before[app] <= after[app] for app in before)
        fleet.run("secure.yml", change)
        assert recap(fleet.run("secure.yml", change))["changed"] == "0"
        assert server.rest("LiveApp") == 403
        assert left_over(server, "", *server.applications) == []
        with server.address(f"127.0.0.{number}"):
            good = jwt.encode({}, SECRETS["rest"], "HS256")
            assert server.rest("LiveApp", good, f"127.0.0.{number}") == 200
    assert hits >= points / 2, "most kills came before the module ran or after it had ended"
