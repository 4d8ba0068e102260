"""Tokens by real runs of ansible-playbook: what is printed, what is not, and what can be used."""

from __future__ import annotations

import json
import re
import sys

import jwt
import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.kit import play
from tests.kit.places import ROOT

STREAM = "canary-stream-secret-0123456789-abcdef"
REST = "canary-rest-secret-0123456789-abcdefgh"
MANAGEMENT = "canary-management-0123456789-abcdefgh"
PASSWORD = "canary-vault-password"


class Run:
    """A controller: an inventory with vault-encrypted secrets, and its ansible-playbook."""

    def __init__(self, folder):
        self.folder = folder
        self.password = folder / "password"
        self.password.write_text(PASSWORD)
        self.vault = VaultLib([("default", VaultSecret(PASSWORD.encode()))])
        variables = folder / "group_vars"
        variables.mkdir()
        (variables / "all.yml").write_text(
            "antmedia_endpoint: {host: live.example.org}\n"
            "antmedia_secrets:\n"
            f"  management: {self.encrypted(MANAGEMENT)}\n"
            f"  apps:\n    LiveApp:\n      stream: {self.encrypted(STREAM)}\n"
            f"      rest: {self.encrypted(REST)}\n"
        )
        (folder / "inventory.ini").write_text(
            f"edge1 ansible_connection=local ansible_python_interpreter={sys.executable}\n"
        )

    def encrypted(self, text):
        lines = self.vault.encrypt(text).decode().splitlines()
        return "!vault |\n" + "\n".join("          " + line for line in lines)

    def play(self, playbook, *options):
        return play.run(
            self.folder / "inventory.ini",
            playbook,
            *("--vault-password-file", self.password, *options),
            cwd=self.folder,
            env=play.environment(ANSIBLE_NOCOLOR="1"),
        )

    def tasks(self, text, *options):
        path = self.folder / "play.yml"
        path.write_text("- hosts: all\n  gather_facts: false\n  tasks:\n" + text)
        return self.play(path, *options)


@pytest.fixture
def run(tmp_path):
    return Run(tmp_path)


def extra(**variables):
    return [word for name, value in variables.items() for word in ("-e", f"{name}={value}")]


TOKENS = ROOT / "playbooks" / "tokens.yml"
WANTED = {"target": "edge1", "app": "LiveApp", "stream": "stream1", "type": "publish"}


def test_the_playbook_prints_what_to_paste_and_judges_it(run):
    done = run.play(TOKENS, *extra(**WANTED, lifetime="2h"))
    assert done.returncode == 0, done.stdout
    lines = dict(re.findall(r"^(\S.*?) {2,}(\S.*)$", done.stdout, re.MULTILINE))
    token = lines["Token"]
    claims = jwt.decode(token, STREAM, ["HS256"])
    assert (claims["streamId"], claims["type"]) == ("stream1", "publish")
    assert lines["RTMP URL"] == f"rtmp://live.example.org/LiveApp/stream1?token={token}"
    assert json.loads(lines["WebRTC message"])["token"] == token
    # What was printed once for pasting stands nowhere else.
    assert done.stdout.count("PLAY RECAP") == 1
    good = run.play(TOKENS, *extra(**WANTED, check=lines["RTMP URL"]))
    assert good.returncode == 0, good.stdout
    bad = run.play(TOKENS, *extra(**{**WANTED, "type": "play"}, check=token))
    assert bad.returncode == 2
    assert "its type is 'publish', not 'play'" in bad.stdout


def test_one_clear_error(run):
    done = run.play(TOKENS, *extra(**{**WANTED, "type": "watch"}, lifetime="7200"))
    assert done.returncode == 2
    assert (
        "host edge1: 2 faults: type: 'watch' is neither publish nor play; lifetime:" in done.stdout
    )
    assert "Traceback" not in done.stdout


USES = """\
    - streamward.antmedia.token: {app: LiveApp, stream: stream1, type: play}
      register: one
    - streamward.antmedia.token: {realm: "{{ item.0 }}", app: "{{ item.1 }}"}
      loop: [[rest, LiveApp], [management, ""]]
      register: two
    - streamward.antmedia.tokens: {app: LiveApp, type: play, streams: [a, b], strings: [hls]}
      register: three
    - streamward.antmedia.token:
        {app: LiveApp, stream: s, type: play, read_host: [secret], home: "{{ playbook_dir }}/ams"}
      register: four
    - streamward.antmedia.tokens:
        {app: LiveApp, type: play, streams: [a], dest: t.json, format: json, encrypt: true}
    - streamward.antmedia.token: {app: LiveApp, stream: "a b", type: play}
      ignore_errors: true
    - ansible.builtin.copy:
        content: "{{ used | to_json }}"
        dest: "{{ playbook_dir }}/used.json"
        mode: "0600"
      vars:
        used:
          - "{{ one.token }}"
          - "{{ two.results[1].token }}"
          - "{{ three.tokens[1].token }}"
          - "{{ four.token }}"
      no_log: true
    - ansible.builtin.include_vars: {file: t.json, name: batch}
      no_log: true
    - ansible.builtin.assert:
        that: batch.tokens[0].stream == 'a'
"""


def test_nothing_secret_at_any_verbosity_and_all_of_it_usable(run):
    app = run.folder / "ams" / "webapps" / "LiveApp" / "WEB-INF"
    app.mkdir(parents=True)
    (app / "red5-web.properties").write_text(f"jwtStreamSecretKey={STREAM}\n")
    done = run.tasks(USES, "-vvvvv")
    assert "failed=0" in done.stdout, done.stdout[-3000:]
    for secret in (STREAM, REST, MANAGEMENT, PASSWORD):
        assert secret not in done.stdout
    assert not re.search(r"eyJ[A-Za-z0-9_-]{10}", done.stdout)
    assert "fp:" in done.stdout
    used = json.loads((run.folder / "used.json").read_text())
    secrets = (STREAM, MANAGEMENT, STREAM, STREAM)
    assert [bool(jwt.decode(t, s, ["HS256"])) for t, s in zip(used, secrets)] == [True] * 4
    kept = (run.folder / "t.json").read_bytes()
    assert kept.startswith(b"$ANSIBLE_VAULT")
    (row,) = json.loads(run.vault.decrypt(kept))["tokens"]
    assert jwt.decode(row["token"], STREAM, ["HS256"])["streamId"] == "a"


def test_templates(run):
    done = run.tasks(
        """\
    - ansible.builtin.assert:
        that: strings.hls is search('^https://h.example:5443/LiveApp/streams/s.m3u8[?]token=eyJ')
      vars:
        made: "{{ lookup('streamward.antmedia.token', 's', app='LiveApp', type='play') }}"
        host: h.example
        strings: "{{ made | streamward.antmedia.antmedia_urls('LiveApp', 's', 'play', host=host) }}"
""",
        "-vvvvv",
    )
    assert done.returncode == 0, done.stdout
    assert STREAM not in done.stdout


def test_check_mode_writes_nothing(run):
    tasks = (
        "    - streamward.antmedia.tokens: {app: LiveApp, type: play, streams: [a], dest: t.csv}\n"
    )
    done = run.tasks(tasks, "--check")
    assert "changed=1" in done.stdout
    assert not (run.folder / "t.csv").exists()
