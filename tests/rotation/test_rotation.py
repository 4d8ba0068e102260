"""Rotations of a light fleet: undisturbed, killed at every step, with hosts that come and go."""

from __future__ import annotations

import json
import subprocess
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
)

NOW = ("-e", "antmedia_rotation=now")
ABORT = ("-e", "antmedia_rotation=abort")
ROTATED = ("fleet/LiveApp/stream", "fleet/_default/stream", "fleet/_default/rest")
# Every place of a run, by what it prints there, and seconds after that.
POINTS = [
    ("See what every host holds", 0),
    ("Say what there is to do", 0),
    ("steps: stage", 0),
    ("See whether every host can take", 0),
    ("Lock the store and stage", 0),
    ("Lock the store and stage", 0.5),
    ("hosts will switch", 0),
    ("Prepare the hosts that switch", 0),
    ("Prepare the hosts that switch", 1.0),
    ("See whether all can take part", 0),
    ("See what came of the cutover", 0),
    ("See what came of the cutover", 4.0),
    ("Restart the others in batches", 0),
    ("Prove that the new secret", 0),
    ("Promote what was proved", 0),
    ("Promote what was proved", 0.5),
    ("rotation: promoted", 0),
    ("Give the locks back", 0),
]
# What every stop tries: while hosts switch, and before it is promoted. `make test-long` tries all.
SOME = (10, 14)
KILLS = [
    pytest.param(*point, marks=() if number in SOME else pytest.mark.long)
    for number, point in enumerate(POINTS)
]


def documents(fleet):
    store = fleet.store()
    return {scope: store.load(scope)[0] for scope in ROTATED}


def scope_of(app, realm):
    return (
        "fleet/LiveApp/stream"
        if (app, realm) == ("LiveApp", "stream")
        else f"fleet/_default/{realm}"
    )


def lost(fleet):
    """Secrets on hosts that the store does not have."""
    kept = {
        scope: set(_document.fingerprints(document).values())
        for scope, document in documents(fleet).items()
    }
    return [
        (host.name, place, mark)
        for host in fleet.hosts
        for place, mark in host.marks().items()
        if mark not in kept[scope_of(*place)]
    ]


def settled(fleet):
    """Whether every host has the current secrets, on disk and by proof, and nothing is pending."""
    found = documents(fleet)
    assert not any("pending" in document for document in found.values())
    for host in fleet.hosts:
        for place, mark in host.marks().items():
            assert mark == found[scope_of(*place)]["current"]["fingerprint"], (host.name, place)
    output = fleet.rotate()
    assert "nothing to do" in output
    return found


def current(fleet):
    return {scope: d["current"]["fingerprint"] for scope, d in documents(fleet).items()}


def test_a_rotation(light):
    before = current(light)
    log = light.folder / "rotations.jsonl"
    log.unlink(missing_ok=True)
    output = light.rotate(*NOW, environ={"TZ": "America/New_York"})
    found = settled(light)
    assert {s: d["previous"]["fingerprint"] for s, d in found.items()} == before
    records = [json.loads(line) for line in log.read_text().splitlines()]
    assert {record["scope"] for record in records} == set(ROTATED)
    for record in records:
        assert record["outcome"] == "promoted" and record["from"] == before[record["scope"]]
        assert record["proved"] == [host.name for host in light.hosts]
        assert record["skew_seconds"] < 2
    secrets = [entry["secret"] for d in found.values() for entry in _document.versions(d).values()]
    for secret in secrets:
        assert secret not in output and secret not in log.read_text()


def test_a_check_changes_nothing_and_tells_everything(light):
    before = documents(light), [host.marks() for host in light.hosts]
    output = light.rotate(*NOW, "--check")
    assert (documents(light), [host.marks() for host in light.hosts]) == before
    assert "steps: stage, cutover on 4 hosts" in output and "are refused by each host" in output
    assert "4 hosts would switch at one instant" in output


@pytest.mark.parametrize("text, delay", KILLS)
def test_killed_anywhere_the_next_run_goes_on(light, text, delay):
    before = current(light)
    assert light.kill_at(text, *NOW, delay=delay), "the run was over before"
    assert lost(light) == []
    light.rotate(*NOW)
    assert lost(light) == []
    found = settled(light)
    after = current(light)
    assert all(after[scope] != before[scope] for scope in ROTATED)
    assert all("lock" not in document for document in found.values())


@pytest.mark.long
@pytest.mark.parametrize("text, delay", [KILLS[6], KILLS[10], KILLS[11], KILLS[14]])
def test_killed_anywhere_the_next_run_goes_back(light, text, delay):
    before = current(light)
    assert light.kill_at(text, *NOW, delay=delay)
    light.rotate(*ABORT)
    assert lost(light) == []
    time.sleep(5)  # whatever was left on a host would have come to its instant by now
    assert lost(light) == []
    settled(light)
    assert current(light) == before


def test_what_a_killed_abort_left_on_hosts_does_not_undo_the_next_run(light):
    """All hosts have switched, then wait to go back, while another run promotes."""
    assert light.kill_at("Prove that the new secret", *NOW)
    waits = ("-e", "antmedia_cutover_lead=25")
    assert light.kill_at("See whether all can take part", *ABORT, *waits)
    over = time.monotonic() + 26
    light.rotate("-e", "antmedia_previous_grace=0")
    assert lost(light) == []
    time.sleep(max(0.0, over - time.monotonic()))
    assert lost(light) == []
    settled(light)


def test_hosts_that_go_down_while_they_wait_for_the_instant(light):
    """As by a reboot of two of them, after the controller is gone."""
    before = current(light)
    waits = ("-e", "antmedia_cutover_lead=12")
    assert light.kill_at("See whether all can take part", *NOW, *waits)
    assert [host.kill_waiting() for host in light.hosts[:2]] == [1, 1]
    time.sleep(13)
    assert lost(light) == []
    held = [set(host.marks().values()) for host in light.hosts]
    old = {before[scope] for scope in ROTATED}
    assert held[0] <= old and held[1] <= old, "a host switched that was to be down"
    assert not held[2] & old and not held[3] & old, "a host did not switch that waited"
    light.rotate()
    settled(light)


def test_two_at_once_one_refuses(light):
    first = light.start("rotate.yml", *NOW)
    for line in first.stdout:
        if "hosts will switch" in line:
            break
    second = light.rotate(*NOW, code=2)
    assert "works on it since" in second and "nothing was changed" in second
    first.stdout.read()
    assert first.wait() == 0
    settled(light)


def test_a_host_out_of_reach_stops_it_before_anything_is_staged(light):
    light.hidden = {"l03"}
    before = documents(light)
    output = light.rotate(*NOW, code=2)
    assert (
        "3 of 4 hosts can take part, 4 are needed" in output and "l03: cannot be reached" in output
    )
    assert documents(light) == before
    # Nor does it go unnoticed where there is nothing to do.
    said = "nothing to do, without l03 cannot be reached"
    assert said in light.rotate(code=2)
    assert said in light.rotate("-e", "antmedia_rotation_quorum=75%")
    light.hidden = set()


def test_a_lost_host_is_excused_by_the_quorum_and_brought_up_when_it_is_back(light):
    light.hidden = {"l03"}
    before = current(light)
    output = light.rotate(*NOW, "-e", "antmedia_rotation_quorum=75%")
    assert "without l03 cannot be reached" in output
    assert set(light.hosts[2].marks().values()) == set(before.values())
    assert lost(light) == []
    light.hidden = set()
    output = light.rotate()
    assert "cutover on 1 host (l03)" in output
    settled(light)


@pytest.mark.long
def test_a_host_away_for_two_rotations_is_still_known(light):
    light.hidden = {"l02"}
    for _again in range(2):
        light.rotate(*NOW, "-e", "antmedia_rotation_quorum=3", "-e", "antmedia_previous_grace=0")
    light.hidden = set()
    assert lost(light)  # written off by the quorum and the grace of the operator's own
    light.rotate()
    settled(light)


def test_hosts_left_out_by_limit_count(light):
    output = light.rotate(*NOW, "--limit", "l01,l02", code=2)
    assert "is not in this run (--limit?)" in output


def test_an_unknown_secret_stops_it_and_can_be_overwritten_on_purpose(light):
    path = light.hosts[0].file("LiveApp")
    text = path.read_text()
    secret = next(line for line in text.splitlines() if line.startswith("jwtStreamSecretKey"))
    path.write_text(
        text.replace(secret, "jwtStreamSecretKey=somebody-elses-secret-of-40-characters-xx")
    )
    output = light.rotate(*NOW, code=2)
    assert "l01 has fp:" in output and "not in the store; adopt it" in output
    assert "somebody-elses" not in output
    light.run("secure.yml", "-e", "antmedia_batches=100%", "-e", "antmedia_prove=false")
    settled(light)


@pytest.fixture
def small_disk(light):
    """The folder of an application of l02 on a file system of its own, of 32 KiB."""
    folder = light.hosts[1].file("LiveApp").parent
    kept = {path: path.read_bytes() for path in folder.iterdir()}
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32k", "streamward-test", str(folder)],
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("a small file system can be mounted by root only")
    for path, data in kept.items():
        path.write_bytes(data)
    yield folder
    text = light.hosts[1].file("LiveApp").read_bytes()
    subprocess.run(["umount", "-l", str(folder)], check=True)
    light.hosts[1].file("LiveApp").write_bytes(text)


def test_a_host_with_a_full_disk_calls_the_cutover_off_everywhere(light, small_disk):
    """Hosts that disagree would be worse than a rotation that did not happen."""
    before = [host.marks() for host in light.hosts]
    with pytest.raises(OSError), (small_disk / "ballast").open("wb") as file:
        while True:
            file.write(b"x" * 4096)
            file.flush()
    output = light.rotate(*NOW, "-e", "antmedia_cutover_lead=30", code=2)
    assert "No space left on device" in output and "was called off" in output
    assert [host.marks() for host in light.hosts] == before and lost(light) == []
    assert not any(list(host.home.rglob(".*streamward-new")) for host in light.hosts)
    (small_disk / "ballast").unlink()
    light.rotate()
    settled(light)


@pytest.mark.long
def test_a_host_with_a_read_only_disk_stops_it_before_anything_is_staged(light, small_disk):
    before = documents(light)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        output = light.rotate(*NOW, code=2)
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert "l02: its server cannot write" in output and documents(light) == before
    settled(light)


def test_old_secrets_are_rotated_and_replaced_ones_retired_by_age(light):
    store = light.store()
    aged = "2020-01-01T00:00:00Z"
    # LiveApp has a stream secret of its own, so this is of the other application alone.
    store.change(
        ["fleet/_default/stream"],
        lambda d, now: {**d, "current": {**d["current"], "created": aged}},
    )
    output = light.rotate("-e", "antmedia_secret_max_age=90d", "-e", "antmedia_previous_grace=52w")
    assert "fleet/_default/stream: is idle (is 2" in output and "days old" in output
    assert "fleet/LiveApp/stream: is idle" not in output
    found = settled(light)
    assert found["fleet/_default/stream"]["previous"]["created"] == aged
    output = light.rotate("-e", "antmedia_previous_grace=0")
    assert "retired" in output
    assert not any("previous" in document for document in documents(light).values())
