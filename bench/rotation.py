"""How far apart hosts switch, and what a rotation costs, for more and more hosts.

The hosts are light stand-ins on this machine (tests/rotation), so the figures are about the
collection and Ansible, not about the server. The floor is `ansible -m ping` on the same hosts.

    python bench/rotation.py [--forks FORKS] [hosts ...]          default 5 20 50
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import _path  # noqa: F401 - must be the first
from secrets_lookup import COUNTER

from tests.kit import collection
from tests.kit.light_fleet import LightFleet


def timed(command, **more):
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(done.stdout[-3000:] + done.stderr[-3000:])
    return time.monotonic() - begin


def rotate(fleet, forks, *options):
    """Seconds of a run, and how often it decrypted the store."""
    counts, site = fleet.folder / "count", fleet.folder / "site"
    counts.write_bytes(b"")
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(COUNTER)
    begin = time.monotonic()
    fleet.rotate(
        "-f", forks, *options,
        variables={"antmedia_cutover_lead": None},
        environ={"PYTHONPATH": str(site), "COUNT_FILE": str(counts)},
    )  # fmt: skip
    return time.monotonic() - begin, len(counts.read_bytes())


def measure(count, forks):
    """One rotation of so many hosts: seconds of a ping, of a check of nothing, of all, and skew."""
    with tempfile.TemporaryDirectory() as name:
        fleet = LightFleet(Path(name), count)
        try:
            fleet.secure()
            inventory = str(fleet.inventory(antmedia_cutover_lead=None))
            ping = timed(
                ["ansible", "all", "-i", inventory, "-m", "ansible.builtin.ping", "-f", forks],
                env=fleet.environment(),
            )
            nothing = rotate(fleet, forks)
            everything = rotate(fleet, forks, "-e", "antmedia_rotation=now")
            log = Path(name, "rotations.jsonl").read_text().splitlines()
            return ping, nothing, everything, json.loads(log[-1])["skew_seconds"]
        finally:
            fleet.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hosts", nargs="*", type=int, default=[5, 20, 50])
    parser.add_argument("--forks", default="10")
    options = parser.parse_args()
    collection.make_importable()
    print("seconds, in brackets as a ratio to ping; decryptions of the store")
    names = ("hosts", "forks", "ping", "nothing to do", "rotation", "skew")
    print("{:>6} {:>6} {:>6} {:>19} {:>19} {:>7}".format(*names))
    for count in options.hosts:
        ping, nothing, everything, skew = measure(count, options.forks)
        cells = [f"{s:.1f} ({s / ping:.2f}) {d:4}" for s, d in (nothing, everything)]
        print(
            f"{count:6} {options.forks:>6} {ping:6.1f} {cells[0]:>19} {cells[1]:>19} {skew:7.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
