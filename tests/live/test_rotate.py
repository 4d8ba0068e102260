"""Rotations on real servers with the enforcement double, publishers on air.

LIVE_ROTATE_HOSTS   how many servers, default 2
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import time

import pytest

from tests.kit import hosts, on_air as _on_air
from tests.kit.outside import Server, sign

pytestmark = pytest.mark.live

COUNT = int(os.environ.get("LIVE_ROTATE_HOSTS", "2"))
STREAM = "fleet/LiveApp/stream"
CLUSTER = "fleet/cluster"
REALMS = {"antmedia_rotation": "now", "antmedia_rotation_realms": ["stream", "rest", "cluster"]}
CLUSTER_KEY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - streamward.antmedia.secret: {state: present, scopes: [fleet/cluster]}
"""
# The double enforces what the Community edition would not, so a rotation has to prove it.
STRICT = {"antmedia_unenforceable": "fail"}


@pytest.fixture(scope="module")
def fleet(fleet_of, tmp_path_factory):
    """Real servers that share a store, secured from it, by name."""
    names = [f"sw-rotate-{number}" for number in range(1, COUNT + 1)]
    folder = tmp_path_factory.mktemp("rotate")
    (folder / "password").write_text("test-only\n")
    os.environ["ANSIBLE_VAULT_PASSWORD_FILE"] = str(folder / "password")
    for name in names:
        subprocess.run(
            [hosts.COMMAND, "up", name, "--double", "--apps", "LiveApp,live"], check=True
        )
    found = fleet_of(names, folder)
    found.policy = {}
    found.store = {
        "antmedia_secret_store": {"kind": "vault_file", "path": "secrets/antmedia.yml"},
        "antmedia_secrets": {},
        "antmedia_rotation_log": str(folder / "rotations.jsonl"),
    }
    found.servers = {name: Server(name) for name in names}
    try:
        run(found, "secrets.yml")
        (folder / "cluster.yml").write_text(CLUSTER_KEY)
        run(found, str(folder / "cluster.yml"))
        run(found, "secure.yml", {"antmedia_batches": "100%"})
        yield found
    finally:
        os.environ.pop("ANSIBLE_VAULT_PASSWORD_FILE")
        if not os.environ.get("STREAMWARD_KEEP"):
            for name in names:
                subprocess.run([hosts.COMMAND, "down", name], check=False)


def run(fleet, playbook, variables=None, *options, **more):
    return fleet.run(playbook, {**fleet.store, **(variables or {})}, *options, **more)


def secrets(fleet):
    """What the store holds, read by Ansible's own tool."""
    import yaml

    text = subprocess.run(
        ["ansible-vault", "view", str(fleet.folder / "secrets" / "antmedia.yml")],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return yaml.safe_load(text)["scopes"]


def stream_secret(fleet, version="current"):
    found = secrets(fleet)
    scope = STREAM if STREAM in found else "fleet/_default/stream"
    return found[scope][version]["secret"]


def verdicts(fleet, secret):
    """What each server makes of a token signed with a secret."""
    token = sign(secret, streamId="nobody", type="play", exp=int(time.time()) + 60)
    return {
        name: server.request(f"/LiveApp/streams/nobody.m3u8?token={token}").status
        for name, server in fleet.servers.items()
    }


def nodes(fleet, secret):
    """What each server makes of another node that shows a key, with nothing else to show."""
    token = sign(secret, exp=int(time.time()) + 30)
    path = "/{0}/rest/v2/version"
    return {
        server.request(path.format(app), ClusterAuthorization=token).status
        for server in fleet.servers.values()
        for app in server.applications
    }


def records(fleet):
    path = fleet.folder / "rotations.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


@contextlib.contextmanager
def on_air(fleet, monkeypatch):
    """A publisher on every server."""
    monkeypatch.setitem(_on_air.SECRETS, "stream", stream_secret(fleet))
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(_on_air.publisher(server, "onair", 900))
            for server in fleet.servers.values()
        ]


def test_streams_stay_on_air_and_old_tokens_are_refused_everywhere(fleet, monkeypatch):
    old, old_key = stream_secret(fleet), secrets(fleet)[CLUSTER]["current"]["secret"]
    assert set(verdicts(fleet, old).values()) == {404}
    assert nodes(fleet, old_key) == {200}
    with on_air(fleet, monkeypatch) as publishers:
        run(fleet, "rotate.yml", {**REALMS, **STRICT})
        assert [process.poll() for process in publishers] == [None] * COUNT
        new = stream_secret(fleet)
        assert new != old
        assert set(verdicts(fleet, old).values()) == {403}
        assert set(verdicts(fleet, new).values()) == {404}
        assert nodes(fleet, old_key) == {403}
        assert nodes(fleet, secrets(fleet)[CLUSTER]["current"]["secret"]) == {200}
    skews = {record["skew_seconds"] for record in records(fleet)}
    print("skew:", skews, "hosts:", COUNT)
    assert max(skews) < 5  # the goal is 1 on a machine that has nothing else to do
    assert "changed=0" in run(fleet, "secure.yml", {"antmedia_batches": "100%"})
    assert "nothing to do" in run(fleet, "rotate.yml", STRICT)


@pytest.mark.long
def test_a_restart_under_an_audience_is_refused_before_anything_is_staged(fleet, monkeypatch):
    before = secrets(fleet)
    management = {"antmedia_rotation": "now", "antmedia_rotation_realms": ["management"]}
    with on_air(fleet, monkeypatch) as publishers:
        output = run(fleet, "rotate.yml", {**management, **STRICT}, check=False)
        assert [process.poll() for process in publishers] == [None] * COUNT
    assert "would cut off people on air" in output and secrets(fleet) == before
    output = run(fleet, "rotate.yml", {**management, **STRICT})
    assert "will restart, one batch after the other" in output
    after = secrets(fleet)
    assert after["fleet/management"]["previous"] == {
        **before["fleet/management"]["current"],
        "superseded": after["fleet/management"]["previous"]["superseded"],
    }


@pytest.mark.long
def test_a_server_killed_while_it_switches(fleet):
    """kill -9 of one server at the very instant; the next run brings everything together."""
    name = fleet.names[0]
    process = fleet.start("rotate.yml", {**fleet.store, **REALMS, **STRICT})
    for line in process.stdout:
        if "See what came of the cutover" in line:
            fleet.servers[name].call("systemctl", "kill", "-s", "KILL", "antmedia")
            break
    process.stdout.read()
    process.wait()
    fleet.servers[name].restart()
    run(fleet, "rotate.yml", STRICT)
    assert set(verdicts(fleet, stream_secret(fleet)).values()) == {404}
    assert not any("pending" in document for document in secrets(fleet).values())


def test_no_secret_is_in_the_journal_the_log_or_a_temporary_file_of_a_host(fleet):
    run(fleet, "rotate.yml", {**REALMS, **STRICT}, "-vvvv", "--diff")
    known = [
        entry["secret"]
        for document in secrets(fleet).values()
        for name, entry in document.items()
        if name in ("pending", "current", "previous")
    ]
    for server in fleet.servers.values():
        # Secrets are printable, and what else is in a file need not be text.
        script = (
            "(journalctl --no-pager; cat /var/log/antmedia/*.log;"
            " find /tmp /var/tmp /root -type f -exec cat {} +) | LC_ALL=C tr -cd '[:print:]\\n'"
        )
        seen = server.call("sh", "-c", script)
        assert len(seen) > 1000
        for secret in known:
            assert secret not in seen


@pytest.mark.long
def test_a_watch_by_requests_sees_no_moment_without_either_secret(fleet):
    """All the time at least one of the two secrets lets in, on each server."""
    old = stream_secret(fleet)
    seen, done = {name: [] for name in fleet.names}, threading.Event()

    def watch():
        while not done.is_set():
            for name, status in verdicts(fleet, old).items():
                seen[name].append(status)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        run(fleet, "rotate.yml", {**REALMS, **STRICT})
    finally:
        done.set()
        watcher.join()
    for statuses in seen.values():
        turned = statuses.index(403)
        assert set(statuses[:turned]) == {404} and set(statuses[turned:]) == {403}
