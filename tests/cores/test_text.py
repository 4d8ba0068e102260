"""Text from outside is shown and never run, on every supported ansible-core.

Before 2.19, ansible-core takes the error of a host that is not reached for a template, and other
errors that leave an action. The text is that of whoever answers on the ssh port, before any key is
checked, or of a host that is not ours any more.
"""

from __future__ import annotations

import base64
import csv
import json
import re

import pytest

from tests.kit.hostile import STEERING_SHOWN, SUM
from tests.kit.places import ROOT

PLAYBOOKS = ROOT / "playbooks"


def steers(shown):
    """Characters that are neither printable nor ends of lines."""
    return sorted({each for each in shown if not each.isprintable() and each not in "\n\t"})


def test_secure(fleet):
    shown = fleet.play(PLAYBOOKS / "secure.yml", "-e", "antmedia_batches=100%", "--diff")
    assert fleet.status != 0
    for name in ("impostor1", "impostor2"):
        assert f"{name}: not reached, and not touched" in shown
    assert "failing: failed, see the error above" in shown
    assert SUM in shown and STEERING_SHOWN in shown
    assert steers(shown) == []


def test_verify(fleet):
    shown = fleet.play(PLAYBOOKS / "verify.yml")
    assert fleet.status != 0
    assert "impostor1: cannot tell\n  unreachable: " in shown
    assert SUM in shown and STEERING_SHOWN in shown
    assert steers(shown) == []
    files = {path.name: path.read_text() for path in (fleet.folder / "reports").iterdir()}
    assert set(files) == {"verify.json", "verify.junit.xml"}
    for text in files.values():
        assert SUM in text
        assert steers(text) == []
    assert not (fleet.folder / "taken").exists()


SECRETS = "- hosts: localhost\n  gather_facts: false\n  tasks:\n    - streamward.antmedia.secret:\n"
SECRETS += "        {state: present, scopes: [fleet/_default/rest, fleet/management]}\n"


def test_secrets_and_rotate(fleet):
    fleet.store()
    shown = fleet.play(PLAYBOOKS / "secrets.yml")
    assert "failing: " in shown
    assert SUM in shown
    assert steers(shown) == []
    assert "failed=0" in fleet.tasks(SECRETS)
    shown = fleet.play(PLAYBOOKS / "rotate.yml", "-e", "antmedia_rotation=now")
    assert fleet.status != 0
    assert "cannot be reached" in shown
    assert SUM in shown
    assert steers(shown) == []
    assert not (fleet.folder / "taken.jsonl").exists()
    shown = fleet.tasks(ROTATION)
    assert shown.count("rescued") >= 2 and SUM in shown
    assert steers(shown) == []


ROTATION = """\
- hosts: all
  gather_facts: false
  tasks:
    - streamward.antmedia.facts:
      register: look
      ignore_errors: true
      ignore_unreachable: true
    - block:
        - streamward.antmedia.rotation:
            {step: plan, mode: now, looks_from: look, hosts: "{{ ansible_play_hosts_all }}"}
          run_once: true
      rescue:
        - ansible.builtin.debug: {msg: "rescued {{ ansible_failed_result.msg }}"}
"""


def jwt_of(claims):
    """A token that nobody signed."""

    def part(content):
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    header = {"alg": "HS256", "kid": SUM, SUM: SUM}
    return f"{part(header)}.{part(claims)}.{part('')}"


def test_tokens(fleet):
    """What people outside hand over: a token, a stream's name, and rows of a table."""
    judge = ["-e", "target=localhost", "-e", "app=LiveApp", "-e", "type=play"]
    texts = {
        fleet.evil: "it is not a JWT",
        f"rtmp://x?token=eyJ{fleet.run_it}{SUM}.e30.x": "it is not a JWT",
        jwt_of({fleet.evil: fleet.evil, "streamId": fleet.evil, "type": SUM}): "it is for stream",
    }
    for check, verdict in texts.items():
        given = json.dumps({"check": check, "stream": "s1"})
        shown = fleet.play(PLAYBOOKS / "tokens.yml", *judge, "-e", given)
        assert fleet.status != 0
        assert "A server would refuse this token: " in shown and verdict in shown
        assert steers(shown) == []
    given = json.dumps({"stream": fleet.evil})
    shown = fleet.play(PLAYBOOKS / "tokens.yml", *judge, "-e", given)
    assert "the server takes letters" in shown and "{{ lookup(" in shown
    # Those whose secrets are to be read from the host.
    reading = ["-e", json.dumps({"target": "all", "read_host": ["secret", "endpoint"]})]
    shown = fleet.play(PLAYBOOKS / "tokens.yml", *reading, *judge[2:], "-e", "stream=s1")
    assert "UNREACHABLE" in shown
    with (fleet.folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerows([["stream", "type", "note"], ["s1", "play", fleet.evil]])
        rows.writerow([fleet.evil, "play", ""])
    ports = [fleet.answering(*each) for each in answers(fleet)]
    shown = fleet.tasks(BATCH, "-e", json.dumps({"ports": ports}))
    assert "the server's answer holds no token" in shown and f"HTTP 403: {fleet.run_it}" in shown
    assert "line 3" in shown and "{{ lookup(" in shown
    assert steers(shown) == []


def answers(fleet):
    """What another may say in the place of the server that makes tokens."""
    for status, content in (
        (f"200 {SUM}", {"tokenId": fleet.evil}),
        (f"403 {SUM}", {"message": fleet.evil}),
    ):
        yield f"HTTP/1.0 {status}", "Content-Type: application/json", "", json.dumps(content)
    yield f"{fleet.run_it} {SUM}", ""


BATCH = """\
- hosts: localhost
  gather_facts: false
  tasks:
    - streamward.antmedia.tokens:
        {app: LiveApp, type: play, streams_file: rows.csv, keep_columns: [note], dest: made.csv,
         secret: canary-other-0123456789-0123456789}
      register: made
      ignore_errors: true
    - ansible.builtin.debug: {var: made}
    - streamward.antmedia.token:
        {app: LiveApp, stream: s, type: play, source: server, ask_from: controller,
         server_url: "http://127.0.0.1:{{ item }}"}
      loop: "{{ ports }}"
      register: asked
      ignore_errors: true
    - ansible.builtin.debug: {var: asked}
"""

# Whoever uses the modules prints what came of them, as everybody does.
OWN = """\
- hosts: all:!added
  gather_facts: false
  tasks:
    - name: One after the other
      block:
        - streamward.antmedia.settings: {app_defaults: {rest_cidrs: [127.0.0.1]}}
          register: one
          ignore_unreachable: true
        - ansible.builtin.fail: {msg: "{{ one.msg }}"}
          when: one is unreachable
        - streamward.antmedia.secret:
            state: adopted
            store: {kind: vault_file, path: own.yml}
          register: two
          ignore_unreachable: true
      rescue:
        - ansible.builtin.debug: {msg: "rescued {{ ansible_failed_result.msg }}"}
      always:
        - ansible.builtin.debug: {msg: "always {{ one }} {{ two | default() }}"}
    - streamward.antmedia.secret:
        state: adopted
        store: {kind: vault_file, path: own.yml}
      register: three
      ignore_unreachable: true
      ignore_errors: true
    - streamward.antmedia.facts:
      register: four
      ignore_unreachable: true
      ignore_errors: true
    - streamward.antmedia.proved:
      register: five
      ignore_unreachable: true
      failed_when: false
    - streamward.antmedia.cutover: {timeout: 0}
      register: eleven
      ignore_unreachable: true
      ignore_errors: true
    - streamward.antmedia.probe: {app_defaults: {rest_jwt: true}}
      register: six
      delegate_to: "{{ item }}"
      loop: [impostor1, failing]
      ignore_unreachable: true
      ignore_errors: true
      run_once: true
    - streamward.antmedia.token: {app: "{{ four.msg | default('x') }}", type: play, stream: x}
      register: seven
      ignore_errors: true
    - streamward.antmedia.token_info: {realm: "{{ four.msg | default('x') }}"}
      register: eight
      ignore_errors: true
    - ansible.builtin.debug:
        msg: "{{ lookup('streamward.antmedia.token', four.msg | default('x'), app='LiveApp') }}"
      register: nine
      ignore_errors: true
    - ansible.builtin.debug:
        msg: "{{ 'token' | streamward.antmedia.antmedia_urls(app=four.msg | default('x')) }}"
      register: ten
      ignore_errors: true
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.debug: {msg: "{{ hostvars[item] }}"}
      loop: "{{ groups.all | difference(['added']) }}"
      loop_control: {label: "{{ item }}: {{ hostvars[item].three.msg | default() }}"}
    - ansible.builtin.assert:
        that: item not in seen
      vars:
        seen: "{{ groups.all | map('extract', hostvars) | map(attribute='four') | list }}"
      loop: "{{ groups.all | map('extract', hostvars) | map(attribute='seven.msg') | list }}"
"""


@pytest.mark.parametrize("verbosity", ["-v", "-vvvv"])
def test_a_play_of_ones_own(fleet, verbosity):
    cursing = {**fleet.failure(), "msg": f"it is so: {fleet.evil}"}
    fleet.host("cursing", json.dumps(cursing))
    fleet.store()  # since everything a host has is printed
    shown = fleet.tasks(OWN, verbosity)
    told = re.findall(r'"msg": "(rescued|always) (.{60})|msg: [|>-]*\s*(rescued|always)', shown)
    assert len(told) >= 10, shown
    assert SUM in shown and STEERING_SHOWN in shown
    if verbosity == "-v":
        assert steers(shown) == []
