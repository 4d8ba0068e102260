"""How often a run opens the store, and what the lookup costs, for more and more hosts.

Compares, in the same run and on the same hosts, with a plain value in place of the lookup (the
floor) and with Ansible's own way to open an encrypted file in a template (`lookup('unvault')`).

    python bench/secrets_lookup.py [hosts ...]          default 10 100 1000
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import _path  # noqa: F401 - must be the first

from tests.kit import collection, play as _play

# Loaded by every Python of the run: counts each opening of a vault text, in any process.
COUNTER = """
import os
def _count():
    try:
        import ansible.parsing.vault as vault
    except ImportError:
        return
    real = vault.VaultLib.decrypt_and_get_vault_id
    def counted(self, *args, **more):
        handle = os.open(os.environ["COUNT_FILE"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, b".")
        os.close(handle)
        return real(self, *args, **more)
    vault.VaultLib.decrypt_and_get_vault_id = counted
import sys
if any("ansible-playbook" in word for word in sys.argv + sys.orig_argv):
    _count()
"""
WAYS = {
    "a plain value": "{{ {'apps': {'LiveApp': {'stream': 'x' * 43}}} }}",
    "lookup secrets": "{{ lookup('streamward.antmedia.secrets') }}",
    "lookup unvault": "{{ lookup('ansible.builtin.unvault', store_path) | from_yaml }}",
}
PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.assert:
        that: "(secrets | length) > 0"
        quiet: true
      vars:
        secrets: "%s"
"""


def play(folder, name, hosts):
    """Run the play once; returns seconds and how often something was decrypted."""
    book, counts = folder / "play.yml", folder / "count"
    book.write_text(PLAY % WAYS[name])
    counts.write_bytes(b"")
    environment = _play.environment(
        ANSIBLE_STDOUT_CALLBACK="ansible.builtin.oneline",
        ANSIBLE_VAULT_PASSWORD_FILE=str(folder / "password"),
        PYTHONPATH=str(folder / "site"),
        COUNT_FILE=str(counts),
    )
    begin = time.monotonic()
    done = _play.run(folder / f"hosts-{hosts}.json", book, "-f", "10", env=environment)
    if done.returncode:
        sys.exit(done.stdout[-4000:])
    return time.monotonic() - begin, len(counts.read_bytes())


def prepare(folder, sizes):
    """A store of 40 scopes, inventories, and the counter."""
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(COUNTER)
    (folder / "password").write_text("bench\n")
    from ansible.parsing.vault import VaultSecret
    from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
        changes as _changes,
        stores as _stores,
    )
    from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Context

    store = _stores.open_store(
        {"kind": "vault_file", "path": "store.yml"},
        Context(str(folder), [("default", VaultSecret(b"bench"))]),
    )
    scopes = [f"fleet/app{n}/{realm}" for n in range(20) for realm in ("stream", "rest")]
    store.change(scopes, lambda d, now: _changes.present(d, now, _changes.generate))
    for hosts in sizes:
        names = {f"h{number}": {"ansible_connection": "local"} for number in range(hosts)}
        variables = {
            "antmedia_secret_store": {"kind": "vault_file", "path": "store.yml"},
            "store_path": str(folder / "store.yml"),
        }
        text = json.dumps({"all": {"hosts": names, "vars": variables}})
        (folder / f"hosts-{hosts}.json").write_text(text)


def main():
    sizes = [int(word) for word in sys.argv[1:]] or [10, 100, 1000]
    collection.make_importable()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, sizes)
        print(f"{'hosts':>6} {'way':<16} {'decryptions':>11} {'seconds':>8} {'ratio':>6}")
        for hosts in sizes:
            floor = 0.0
            for way in WAYS:
                seconds, opened = play(folder, way, hosts)
                floor = floor or seconds
                print(f"{hosts:6} {way:<16} {opened:11} {seconds:8.1f} {seconds / floor:6.2f}")


if __name__ == "__main__":
    main()
