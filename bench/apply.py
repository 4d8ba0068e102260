"""What a change costs the people on air, and how soon it is in force, by the way it is applied.

    python bench/apply.py [rounds]          default 5

Brings up a labelled enforcement double in a container, with a publisher, a player of HLS and a
caller of the REST API that asks without a pause. Each round lets the caller's address into the
list of an application. The floor is a play with one `ping`. Needs root, podman and ffmpeg.
"""

from __future__ import annotations

import contextlib
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import _path  # noqa: F401 - must be the first
from host import PING

from tests.kit import containers, hosts, on_air
from tests.kit.fleet import Fleet
from tests.kit.outside import Server

NAME = "sw-bench-apply"
VERSION = "/LiveApp/rest/v2/version"
ON_AIR = 25  # seconds, for `drain`
WAYS = {
    "live": {"antmedia_apply": "live"},
    "restart, drop": {"antmedia_apply": "restart", "antmedia_live_streams": "drop"},
    "restart, drain": {"antmedia_apply": "restart", "antmedia_live_streams": "drain"},
}


@dataclass
class Way:
    """What was measured of one way, by round."""

    tasks: set = field(default_factory=set)
    in_force: list = field(default_factory=list)  # seconds from the start of the play
    plays: list = field(default_factory=list)  # seconds
    cut: list = field(default_factory=list)  # publishers
    viewer: list = field(default_factory=list)  # failed requests of the player
    unanswered: list = field(default_factory=list)  # requests of the caller
    silent: list = field(default_factory=list)  # seconds without an answer for the caller


@contextlib.contextmanager
def asked(source):
    """Ask for the version from an address all the time; yields the list the answers come to."""
    command = [sys.executable, str(on_air.ASKER), "127.0.0.1", "5080", VERSION, "0.02", source]
    process = subprocess.Popen(
        hosts.inside(NAME, *command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    answers = []
    try:
        yield answers
    finally:
        answers.extend(json.loads(process.communicate(timeout=30)[0]))


def policy(number):
    return {
        "antmedia_host_apps": {
            "LiveApp": {"rest_jwt": False, "rest_cidrs": ["127.0.0.1", f"127.0.0.{number}"]}
        }
    }


def measure(fleet, server, way, options, number):
    drains = options.get("antmedia_live_streams") == "drain"
    with on_air.publisher(server, "onair", ON_AIR if drains else 900) as live:
        reader = on_air.read_hls(server, "onair", 900)
        with asked(f"127.0.0.{number}") as answers:
            time.sleep(1)
            begin = time.time()
            said = fleet.run("secure.yml", {**policy(number), **options}, "-vvv")
            way.plays.append(time.time() - begin)
            time.sleep(0.5)
        way.cut.append(live.poll() not in ((None, 0) if drains else (None,)))
        failures = json.loads(reader.communicate(timeout=60)[0])["failures"]
    settings = re.findall(r"Using module file \S*/(\w+)\.py", said)
    way.tasks.add(settings.count("settings"))
    # Whoever plays a stream that has ended is told so, which is no failure.
    way.viewer.append(0 if drains else len(failures))
    first = next(start for status, start, _end, _count in answers if status == 200)
    way.in_force.append(first - begin)
    lost = [run for run in answers if run[0] not in (200, 403)]
    way.unanswered.append(sum(run[3] for run in lost))
    way.silent.append(sum(run[2] - run[1] for run in lost))


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    containers.configure()
    found, pings = {name: Way() for name in WAYS}, []
    with tempfile.TemporaryDirectory() as folder:
        fleet, number = Fleet([NAME], Path(folder)), 100
        ping = Path(folder, "ping.yml")
        ping.write_text(PING)
        try:
            subprocess.run([hosts.COMMAND, "up", NAME, "--double"], check=True)
            server = Server(NAME)
            fleet.run("secure.yml", policy(number))
            for _round in range(rounds):
                begin = time.monotonic()
                fleet.run(str(ping))
                pings.append(time.monotonic() - begin)
                for name, options in WAYS.items():
                    number += 1
                    measure(fleet, server, found[name], options, number)
        finally:
            subprocess.run([hosts.COMMAND, "down", NAME], check=False)
    floor = statistics.median(pings)
    print(f"{rounds} rounds; ping {floor:.2f} s; in brackets as a ratio to ping, all others sums")
    titles = ("", "calls", "in force", "play", "publishers", "viewer", "requests", "silent")
    print("{:16}{:>7}{:>15}{:>15}{:>12}{:>8}{:>10}{:>9}".format(*titles))
    for name, way in found.items():
        force, play = statistics.median(way.in_force), statistics.median(way.plays)
        print(
            f"{name:16}{max(way.tasks):7}{f'{force:.1f} ({force / floor:.1f})':>15}"
            f"{f'{play:.1f} ({play / floor:.1f})':>15}{sum(way.cut):12}{sum(way.viewer):8}"
            f"{sum(way.unanswered):10}{sum(way.silent):8.1f}s"
        )


if __name__ == "__main__":
    main()
