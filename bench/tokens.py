#!/usr/bin/env python3
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How fast tokens are minted: 100,000 in one task, against a bare loop over PyJWT in the same run.

    bench/tokens.py [--count 100000] [--rounds 3] [--json FILE]

The figures are ratios, so that they mean the same on any machine. Loop and plays take turns; the
median of the rounds counts. Every token of the last file is checked.

  task/loop      tokens a second of the one task, its start, the reading of the CSV and the writing
                 of the result included, as a multiple of the bare loop (goal: at least 0.9)
  play/loop      the same with all of ansible-playbook around it
  memory         what the biggest process of the run takes at its peak, beyond an empty play's
  single/empty   wall time of playbooks/tokens.yml for one token, as a multiple of an empty play
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import _path  # noqa: F401 - must be the first
import jwt

from tests.kit import play as _play
from tests.kit.places import ROOT

SECRET = "bench-only-secret-0123456789-abcdefgh"
GOAL = 0.9

EMPTY = """\
- hosts: localhost
  gather_facts: false
  tasks: []
"""
BATCH = """\
- hosts: localhost
  gather_facts: false
  tasks:
    - streamward.antmedia.tokens:
        app: LiveApp
        type: play
        lifetime: 1d
        secret: {secret}
        streams_file: {streams}
        dest: {dest}
"""
# Runs a command and says how much its biggest process took; os.wait4 of this one would add up.
PEAK = """\
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=sys.stderr).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def bare_loop(count):
    """Seconds of the floor: claims in, tokens out, nothing else."""
    start = time.perf_counter()
    end = int(time.time()) + 86400
    for number in range(count):
        jwt.encode({"streamId": f"stream{number}", "type": "play", "exp": end}, SECRET, "HS256")
    return time.perf_counter() - start


def play(*arguments):
    """Run ansible-playbook; returns its seconds, its peak in MiB and its output."""
    environment = _play.environment(
        ANSIBLE_CALLBACKS_ENABLED="ansible.posix.profile_tasks",
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
    )
    command = [sys.executable, "-c", PEAK, "ansible-playbook", *map(str, arguments)]
    start = time.perf_counter()
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    code, peak = run.stdout.split()
    if int(code):
        sys.exit(run.stderr)
    return seconds, int(peak) / 1024, run.stderr


def task_seconds(output):
    """Seconds of the only task, as Ansible's own profile tells them."""
    return float(re.findall(r"streamward\.antmedia\.tokens -+ ([0-9.]+)s", output)[-1])


def check(path, count):
    """Stop unless the file holds as many good tokens, each for its own stream."""
    csv.field_size_limit(1 << 20)
    with open(path, newline="") as stream:
        rows = list(csv.DictReader(stream))
    if len(rows) != count:
        sys.exit(f"{len(rows)} rows instead of {count}")
    for row in rows:
        if jwt.decode(row["token"], SECRET, ["HS256"])["streamId"] != row["stream"]:
            sys.exit(f"a wrong token for {row['stream']}")


def measure(count, rounds, folder):
    streams, dest = folder / "streams.csv", folder / "tokens.csv"
    streams.write_text("stream\n" + "".join(f"stream{number}\n" for number in range(count)))
    empty, batch = folder / "empty.yml", folder / "batch.yml"
    empty.write_text(EMPTY)
    batch.write_text(BATCH.format(secret=SECRET, streams=streams, dest=dest))
    secrets = folder / "secrets.json"
    secrets.write_text(json.dumps({"antmedia_secrets": {"apps": {"LiveApp": {"stream": SECRET}}}}))
    one = ("-e", f"@{secrets}", *(f"-e{word}" for word in ONE_TOKEN))
    play(empty)  # fills the disk's cache
    found = {name: [] for name in ("loop", "task", "play", "empty", "single", "memory")}
    for number in range(rounds):
        found["loop"].append(bare_loop(count))
        nothing, floor, _output = play(empty)
        whole, peak, output = play(batch)
        single, _peak, _output = play(ROOT / "playbooks" / "tokens.yml", *one)
        found["empty"].append(nothing)
        found["play"].append(whole)
        found["task"].append(task_seconds(output))
        found["single"].append(single)
        found["memory"].append(peak - floor)
        print(f"round {number + 1} of {rounds}: task {found['task'][-1]:.1f} s", file=sys.stderr)
    check(dest, count)
    return {name: statistics.median(values) for name, values in found.items()}


ONE_TOKEN = ("app=LiveApp", "stream=stream1", "type=publish", "lifetime=2h")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000, help="tokens a batch")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        median = measure(arguments.count, arguments.rounds, Path(folder))
    figures = {
        "count": arguments.count,
        "rounds": arguments.rounds,
        "loop_tokens_per_second": round(arguments.count / median["loop"]),
        "task_tokens_per_second": round(arguments.count / median["task"]),
        "task_to_loop": round(median["loop"] / median["task"], 2),
        "play_to_loop": round(median["loop"] / median["play"], 2),
        "memory_mib": round(median["memory"], 1),
        "single_to_empty": round(median["single"] / median["empty"], 2),
    }
    for name, value in figures.items():
        print(f"{name:24} {value:,}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")
    if figures["task_to_loop"] < GOAL:
        sys.exit(f"task/loop is {figures['task_to_loop']}, below the goal of {GOAL}")


if __name__ == "__main__":
    main()
