"""The module secret and the lookup in plays, on the files of hosts whose servers need not run."""

from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint

from tests.kit.kept import present
from tests.kit.light_fleet import LightFleet

ONE, TWO = "one-secret-of-40-characters-0123456789-ab", "two-secret-of-40-characters-0123456789-ab"
LIVE = "fleet/LiveApp/stream"


@pytest.fixture
def fleet(tmp_path):
    return LightFleet(tmp_path, 2)


def play(fleet, *tasks, hosts="all"):
    path = fleet.folder / "play.yml"
    path.write_text(json.dumps([{"hosts": hosts, "gather_facts": False, "tasks": list(tasks)}]))
    return str(path)


def secret(**options):
    return {"streamward.antmedia.secret": options}


def hold(host, app, secret):
    with host.file(app).open("a") as file:
        file.write(f"jwtStreamSecretKey={secret}\n")


def test_secrets_in_use_are_adopted_once_and_the_second_run_changes_nothing(fleet):
    for host in fleet.hosts:
        hold(host, "LiveApp", ONE)
    hold(fleet.hosts[0], "events", "weak")
    output = fleet.run(play(fleet, secret(state="adopted")), "--check")
    assert not (fleet.folder / "secrets").exists()
    output = fleet.run(play(fleet, secret(state="adopted")), "-vvvv", "--diff")
    assert fleet.store().load(LIVE)[0]["current"]["secret"] == ONE
    assert "fleet/events/stream: the secret in use has 4 characters" in output
    assert ONE not in output and fingerprint(ONE) in output
    output = fleet.run(play(fleet, secret(state="adopted")))
    assert output.count("changed=0") == 2


def test_different_secrets_on_two_hosts_are_reported_and_none_is_overwritten(fleet):
    hold(fleet.hosts[0], "LiveApp", ONE)
    hold(fleet.hosts[1], "LiveApp", TWO)
    hold(fleet.hosts[1], "events", ONE[::-1])
    output = fleet.run(play(fleet, secret(state="adopted")), "-f", "1", code=2)
    assert "host l02: fleet/LiveApp/stream: found " + fingerprint(TWO) in output
    assert fleet.store().load(LIVE)[0]["current"]["secret"] == ONE
    assert fleet.store().load("fleet/events/stream")[0]["current"]["secret"] == ONE[::-1]


def test_what_the_policy_needs_is_made_once(fleet):
    output = fleet.run(play(fleet, secret(state="present")), "--check", "--diff")
    assert "fp:new" in output and not (fleet.folder / "secrets").exists()
    output = fleet.run(play(fleet, secret(state="present")))
    scopes = ["fleet/_default/rest", "fleet/_default/stream", "fleet/management"]
    assert fleet.store().scopes() == scopes
    assert fleet.run(play(fleet, secret(state="present"))).count("changed=0") == 2


@pytest.mark.parametrize(
    "task, said",
    [
        (secret(state="staged"), "scopes: is needed for state staged"),
        (secret(state="present", scopes=["x"], length=9), "is not a scope"),
        (secret(state="promoted", scopes=[LIVE]), "neither a pending nor a current secret"),
        (secret(store={"kind": "vault_file"}), "path is missing"),
        (
            secret(store={"kind": "vaultfile", "path": "x"}),
            "a store is one of: openbao, vault_file",
        ),
        (secret(store={"kind": "vault_file", "path": "group_vars/all.yml"}), "loads as variables"),
        (secret(fleet="a/b"), "is not a scope"),
        (
            {"ansible.builtin.debug": {"msg": "{{ lookup('streamward.antmedia.secrets') }}"}},
            "holds no secret of fleet 'fleet': make them with",
        ),
    ],
)
def test_every_fault_is_one_clear_error(fleet, task, said):
    output = fleet.run(play(fleet, {**task, "run_once": True}), code=2)
    assert said in output.replace("\n", " ") and "Traceback" not in output


def test_another_password_is_told_once_and_not_host_after_host(fleet):
    present(fleet.store(), LIVE)
    (fleet.folder / "password").write_text("another\n")
    task = {
        "ansible.builtin.debug": {"msg": "{{ lookup('streamward.antmedia.secrets') | length }}"}
    }
    output = fleet.run(play(fleet, task), code=2)
    assert "cannot be opened with any vault password" in output


def test_the_lookup_sees_what_the_run_itself_changed(fleet):
    show = {
        "ansible.builtin.debug": {
            "msg": "SEEN {{ lookup('streamward.antmedia.secrets', version='pending')"
            ".apps.LiveApp.stream | hash('sha256') }}"
        },
        "run_once": True,
    }
    steps = [secret(state=state, scopes=[LIVE]) for state in ("present", "staged", "promoted")]
    tasks = [part for step in steps for part in ({**step, "run_once": True}, show)]
    seen = [
        line.split("SEEN ")[1]
        for line in fleet.run(play(fleet, *tasks)).splitlines()
        if "SEEN " in line
    ]
    assert len(seen) == 3 and seen[0] != seen[1] == seen[2]


def test_writing_to_hosts_waits_for_a_rotation_that_is_under_way(fleet):
    present(fleet.store(), LIVE)
    fleet.store().lock([LIVE])  # by this very process, which lives
    lookup = "{{ lookup('streamward.antmedia.secrets', locked='%s') | length }}"
    for locked, code in (("ignore", 0), ("refuse", 2)):
        task = {"ansible.builtin.debug": {"msg": lookup % locked}, "run_once": True}
        output = fleet.run(play(fleet, task), code=code)
    assert "works on it since" in output
