"""No secret in anything a rotation leaves behind or shows, at the highest verbosity.

Hosts are reached by Ansible's own ssh plugin, which prints what modules answer. What it runs in
place of ssh (nothing of this leaves the machine) is a shell with the command meant for the host.
"""

from __future__ import annotations

import base64
import os
import threading
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
)

SSH = """#!/bin/sh
for command; do :; done
exec /bin/sh -c "$command"
"""
PLAY = """
- hosts: localhost
  gather_facts: false
  tasks:
    - streamward.antmedia.secret:
        state: staged
        scopes: [fleet/LiveApp/stream]
        secret: "{{ canary }}"
    - streamward.antmedia.secret: {state: listed}
    - ansible.builtin.set_fact:
        cached: "{{ lookup('streamward.antmedia.secrets', version='pending') | length }}"
        cacheable: true
    - streamward.antmedia.secret: {state: retired, version: pending, scopes: [fleet/LiveApp/stream]}
- hosts: all
  gather_facts: false
  tasks:
    - streamward.antmedia.secret: {state: adopted}
      ignore_errors: true
"""


class Watch(threading.Thread):
    """Looks at all processes and temporary files, again and again, while something runs."""

    def __init__(self, folders, needles, fleet):
        super().__init__(daemon=True)
        self.folders, self.needles, self.fleet = folders, set(needles), fleet
        self.found, self.looks, self.files, self.done = [], 0, set(), threading.Event()

    def look(self, what, data):
        for needle in self.needles:
            if needle in data:
                self.found.append(what)

    def run(self):
        while not self.done.wait(0.05):
            self.looks += 1
            if self.looks % 20 == 0:  # a secret that was staged meanwhile
                self.needles |= _secrets_of(self.fleet)
            for pid in filter(str.isdigit, os.listdir("/proc")):
                for name in ("cmdline", "environ"):
                    self.look(f"/proc/{pid}/{name}", _bytes(f"/proc/{pid}/{name}"))
            for path in self.paths():
                self.files.add(str(path))
                self.look(str(path), _bytes(path))

    def paths(self):
        for folder in self.folders:
            try:
                yield from (path for path in Path(folder).rglob("*") if path.is_file())
            except OSError:  # removed while being walked
                continue


def _bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _secrets_of(fleet):
    return {
        entry["secret"].encode()
        for scope in fleet.store().scopes()
        for entry in _document.versions(fleet.store().load(scope)[0]).values()
    }


def _spellings(secret):
    """A secret as it is, and what is sure to be in the base64 of any text around it."""
    yield secret
    for before, first in ((0, 0), (1, 2), (2, 3)):
        yield base64.b64encode(b"x" * before + secret).rstrip(b"=")[first:-1]


@pytest.mark.parametrize(
    "callback",
    ["ansible.builtin.default", pytest.param("ansible.posix.jsonl", marks=pytest.mark.long)],
)
def test_a_rotation_shows_and_leaves_no_secret(light, tmp_path, callback):
    canary = b"C-canary-of-this-test-0123456789-" + os.urandom(5).hex().encode()
    (tmp_path / "play.yml").write_text(PLAY)
    for name in ("local", "remote", "facts", "tmp"):
        (tmp_path / name).mkdir()
    environ = {
        "ANSIBLE_STDOUT_CALLBACK": callback,
        "ANSIBLE_LOG_PATH": str(tmp_path / "log"),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path / "facts"),
        "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local"),
        "ANSIBLE_REMOTE_TEMP": str(tmp_path / "remote"),
        "TMPDIR": str(tmp_path / "tmp"),
    }
    (tmp_path / "ssh").write_text(SSH)
    (tmp_path / "ssh").chmod(0o755)
    by_ssh = {
        "ansible_connection": "ssh",
        "ansible_host": "127.0.0.1",
        "ansible_ssh_executable": str(tmp_path / "ssh"),
    }

    def run(playbook, *options):
        return light.run(playbook, "-vvvv", "--diff", *options, variables=by_ssh, environ=environ)

    before = _secrets_of(light)
    # The canary comes from a file, as an operator's own secret would.
    (tmp_path / "canary.yml").write_bytes(b"canary: " + canary + b"\n")
    watch = Watch(
        [tmp_path / name for name in ("local", "remote", "tmp")], {*before, canary}, light
    )
    watch.start()
    try:
        output = (
            run("rotate.yml", "-e", "antmedia_rotation=now")
            + run(str(tmp_path / "play.yml"), "-e", f"@{tmp_path}/canary.yml")
            + run("rotate.yml", "-e", "antmedia_rotation=now")
            + run("rotate.yml")
        )
    finally:
        watch.done.set()
        watch.join()
    (tmp_path / "canary.yml").unlink()
    needles = watch.needles | _secrets_of(light)
    assert len(needles) > 10 and watch.looks > 50
    assert watch.found == []
    assert any("ansible-local" in path for path in watch.files), "no temporary file was seen"
    for needle in needles:
        for spelling in _spellings(needle):
            assert spelling.decode() not in output
    # What was left behind. The files of the hosts and the store do hold them.
    for path in tmp_path.rglob("*"):
        if path.is_file():
            for needle in needles:
                assert needle not in path.read_bytes(), path
    for path in light.folder.iterdir():
        if path.is_file():
            for needle in needles:
                assert needle not in path.read_bytes(), path
    assert "SSH: EXEC" in output, "the connection did not tell what it does"
    assert "fp:" in output and (tmp_path / "log").stat().st_size > 1000
    assert list((tmp_path / "facts").iterdir())
