"""What a server with many applications costs, as a ratio to `ping` in the same run.

    python bench/host.py [applications]          default 20

Brings up a labelled enforcement double with that many applications in a container, secures all of
them, and then takes turns: a play with one `ping`, `streamward.antmedia.secure` with nothing left
to change, and `streamward.antmedia.verify`. Needs root and podman.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import _path  # noqa: F401 - must be the first

from tests.kit import containers, hosts, play as _play

NAME = "sw-bench-host"
ROUNDS = 5
SECRET = "test-only-{0}-secret-of-the-benchmark-run"
POLICY = {
    "antmedia_unenforceable": "warn",
    "antmedia_dashboard_cidrs": ["127.0.0.1", "203.0.113.0/24"],
    "antmedia_management_jwt": True,
    "antmedia_app_defaults": {
        "rest_cidrs": ["127.0.0.1", "198.51.100.0/24"],
        "rest_jwt": True,
        "play": "jwt",
        "publish": "jwt",
        "publisher_cidrs": ["127.0.0.1", "127.0.0.16/28"],
    },
    "antmedia_secrets": {
        "management": SECRET.format("management"),
        "app_defaults": {"rest": SECRET.format("rest"), "stream": SECRET.format("stream")},
    },
    "antmedia_verify_accept": ["webrtc-*"],
}
PING = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.ping:
"""


def play(folder, book, *options):
    """Run a playbook; returns seconds and its output."""
    environment = _play.environment(ANSIBLE_PIPELINING="true")
    begin = time.monotonic()
    done = _play.run(folder / "inventory.json", book, *options, cwd=folder, env=environment)
    if done.returncode:
        sys.exit(done.stdout[-6000:])
    return time.monotonic() - begin, done.stdout


def host(*command):
    subprocess.run([hosts.COMMAND, *command], check=True)


def measure(folder):
    variables = {
        **POLICY,
        "ansible_connection": "containers.podman.podman",
        "ansible_python_interpreter": "/usr/bin/python3",
        "antmedia_report_dir": str(folder),
    }
    inventory = {"all": {"hosts": {NAME: {}}, "vars": variables}}
    (folder / "inventory.json").write_text(json.dumps(inventory))
    (folder / "ping.yml").write_text(PING)
    books = {
        "ping": folder / "ping.yml",
        "secure": "secure.yml",
        "verify": "verify.yml",
    }
    play(folder, books["secure"])
    modules = {}
    for name in ("secure", "verify"):
        _seconds, said = play(folder, books[name], "-vvv")
        modules[name] = re.findall(r"Using module file \S*/(\w+)\.py", said)
        if name == "secure" and "changed=0" not in said:
            sys.exit("the second run changed something:\n" + said[-2000:])
    times = {name: [] for name in books}
    for _round in range(ROUNDS):
        for name, book in books.items():
            times[name].append(play(folder, book)[0])
    report = json.loads((folder / "verify.json").read_text())
    return modules, times, report["hosts"][0]


def main():
    containers.configure()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    apps = ["LiveApp", *(f"app{place:02}" for place in range(2, number + 1))]
    with tempfile.TemporaryDirectory() as folder:
        try:
            host("up", NAME, "--double", "--apps", ",".join(apps))
            modules, times, found = measure(Path(folder))
        finally:
            host("down", NAME)
    probes = [probe for control in found["controls"] for probe in control["probes"]]
    median = {name: statistics.median(seconds) for name, seconds in times.items()}
    print(f"applications           {number}")
    print(f"controls, probes       {len(found['controls'])}, {len(probes)}")
    for name, found in modules.items():
        print(f"{name + ', remote tasks':22} {len(found)} ({', '.join(found)})")
    print(f"median ms of a probe   {statistics.median(p['milliseconds'] for p in probes):.1f}")
    for name, seconds in times.items():
        spread = f"of {min(seconds):.2f} to {max(seconds):.2f}"
        print(f"{name + ', whole play':22} {median[name]:.2f} s, {spread}")
    for name in modules:
        print(f"{name + ' to ping':22} {median[name] / median['ping']:.2f}")


if __name__ == "__main__":
    main()
