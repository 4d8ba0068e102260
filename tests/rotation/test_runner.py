"""A rotation as a scheduler runs it: by ansible-runner, as AWX does, the password handed in."""

from __future__ import annotations

import os

import ansible_runner
import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
)

from tests.kit.places import ROOT

PROMPT = r"Vault password:\s*?$"


@pytest.fixture
def launch(light, tmp_path):
    """Runs the rotation in a private folder of its own; returns what the runner knows about it."""

    def launch(credential, *options, **variables):
        environ = light.environment(ANSIBLE_CACHE_PLUGIN="ansible.builtin.jsonfile")
        # Only what a scheduler would hand over; the file of the password is one way of two.
        kept = {name: environ[name] for name in environ if name.startswith("ANSIBLE_")}
        more = {}
        if credential == "prompt":
            kept.pop("ANSIBLE_VAULT_PASSWORD_FILE")
            options = ("--ask-vault-pass", *options)
            more["passwords"] = {PROMPT: (light.folder / "password").read_text().strip()}
        return ansible_runner.run(
            private_data_dir=str(tmp_path),
            inventory=str(light.inventory()),
            playbook=str(ROOT / "playbooks" / "rotate.yml"),
            extravars={"antmedia_rotation_log": str(tmp_path / "rotations.jsonl"), **variables},
            envvars=kept,
            cmdline=" ".join(options) or None,
            verbosity=4,
            quiet=True,
            **more,
        )

    return launch


def shown(run):
    return [event["stdout"] for event in run.events]


@pytest.mark.parametrize("credential", ["file", "prompt"])
def test_a_job_rotates_and_its_artifacts_hold_no_secret(light, launch, tmp_path, credential):
    done = launch(credential, antmedia_rotation="now")
    assert (done.status, done.rc) == ("successful", 0), done.stdout.read()
    assert any("rotation: promoted" in text for text in shown(done))
    assert done.stats["changed"], done.stats
    kept = light.store()
    secrets = [
        entry["secret"].encode()
        for scope in kept.scopes()
        for entry in _document.versions(kept.load(scope)[0]).values()
    ]
    assert len(secrets) >= 7  # three were rotated, one was not
    files = [os.path.join(folder, name) for folder, _, names in os.walk(tmp_path) for name in names]
    assert len([path for path in files if "job_events" in path]) > 20
    for path in files:
        with open(path, "rb") as file:
            content = file.read()
        assert [path for secret in secrets if secret in content] == []


def test_a_job_that_cannot_rotate_fails_with_the_reason(light, launch):
    light.hidden = {"l02"}
    try:
        done = launch("file", antmedia_rotation="now")
    finally:
        light.hidden = set()
    assert done.status == "failed" and done.rc in (2, 4)
    assert any("3 of 4 hosts can take part" in text for text in shown(done))
