"""The example inventory is a policy that can be carried out, for every host and era."""

from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import compile as _compile

from tests.kit import madeup, play
from tests.kit.places import ROOT

EXAMPLE = ROOT / "inventories" / "example"

SHOW = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        dest: "{{ folder }}/{{ inventory_hostname }}.json"
        content: "{{ dict(words | zip(names | map('extract', vars))) | to_json }}"
      vars:
        words: "{{ names | map('regex_replace', '^antmedia_', '') }}"
        names: "{{ vars.keys() | select('match', '^antmedia_') | list }}"
      delegate_to: localhost
      connection: local
"""


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    """The templated variables of every host, without their prefix."""
    folder = tmp_path_factory.mktemp("example")
    (folder / "show.yml").write_text(SHOW)
    variables = {
        "folder": str(folder),
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    options = ["--vault-password-file", EXAMPLE / "vault-password.txt", "-e", json.dumps(variables)]
    done = play.run(EXAMPLE, folder / "show.yml", *options)
    assert done.returncode == 0, done.stdout
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


def wanted(policy, version):
    apps = {name: madeup.app_text(name) for name in ("LiveApp", "WebRTCAppEE", "live")}
    installation = madeup.installation(version, apps=apps, edition="enterprise")
    # They go into an XML file, which a made-up installation lacks.
    policy = {name: value for name, value in policy.items() if name != "trusted_proxies"}
    return _compile.compile_policy(policy, installation)


@pytest.mark.parametrize("version", ["2.6.1", "2.17.1", "3.0.3"])
def test_every_host_can_have_its_policy(policies, version):
    assert len(policies) == 6
    for policy in policies.values():
        assert wanted(policy, version).apps["LiveApp"]["jwtControlEnabled"] == "true"


def test_layers(policies):
    lists = {
        name: wanted(policy, "2.17.1").apps["LiveApp"].get("allowedPublisherCIDR")
        for name, policy in policies.items()
    }
    assert lists["origin-1.example.net"] == "127.0.0.1,198.51.100.64/27,198.51.100.130"
    assert lists["origin-2.example.net"].endswith(",198.51.100.200")
    assert lists["edge-3.example.net"] == "127.0.0.1"
    assert lists["staging-1.example.net"] is None


def test_staging_shares_no_secret(policies):
    def values(part):
        return {part} if isinstance(part, str) else set().union(*map(values, part.values()))

    production = values(policies["origin-1.example.net"]["secrets"])
    assert len(production) == 4
    assert not production & values(policies["staging-1.example.net"]["secrets"])
