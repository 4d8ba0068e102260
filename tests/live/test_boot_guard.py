"""Starts that come up open: noticed, healed, and behind the boot guard never seen by anybody.

An application that gets a request while it loads can come up with its security off (2.15 to 3.0).
Every start here is under a tight loop of requests, to make that happen. The server has the
enforcement double, so that the effect of an open application can be seen from outside: a playlist
that needs a token is given without one.

BOOTS is the number of starts of each kind, default 3; FIGURES a file for what was measured.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.kit import hosts
from tests.kit.neighbours import HOST, neighbours
from tests.kit.on_air import ASKER

pytestmark = [pytest.mark.live, pytest.mark.long]

BOOTS = int(os.environ.get("BOOTS", "3"))
FIGURES = os.environ.get("FIGURES")
PLAYLIST = "/LiveApp/streams/guarded.m3u8"
NEIGHBOUR = "10.99.0.2"
GUARD = "streamward-boot-guard"
FILES = (
    "/etc/systemd/system/antmedia.service.d/streamward-boot-guard.conf",
    "/etc/systemd/system/streamward-boot-guard.service",
    "/usr/local/lib/streamward",
)
SECONDS = 240  # for a start on a busy machine
VARIABLES = {
    "antmedia_app_defaults": {
        "rest_cidrs": ["127.0.0.1", "10.99.0.0/24"],
        "rest_jwt": True,
        "publish": "jwt",
        "play": "jwt",
    },
    "antmedia_live_streams": "drop",
}


class Watched:
    """A host whose starts are watched from inside and from outside."""

    def __init__(self, fleet, server, peers):
        self.fleet, self.server, self.peers = fleet, server, peers

    def secure(self, *options, check=True, **variables):
        """Run the secure playbook; returns its output and how many tasks changed something."""
        output = self.fleet.run(
            "secure.yml", {**VARIABLES, **variables}, "-v", *options, check=check
        )
        return output, int(re.search(r"changed=(\d+)", output.rpartition("RECAP")[2]).group(1))

    def inside(self, *command, check=True):
        return subprocess.run(
            ["podman", "exec", self.server.name, *command],
            check=check,
            stdout=subprocess.PIPE,
            stderr=None if check else subprocess.DEVNULL,
            text=True,
        ).stdout

    def closed(self):
        return GUARD.replace("-", "_") in self.inside("nft", "list", "tables")

    def journal(self, since):
        """What the guard has said since a moment."""
        return self.inside(
            *(
                "journalctl",
                "--no-pager",
                "-o",
                "cat",
                "-t",
                GUARD,
                "--since",
                f"@{since:f}",
            )
        )

    def wait(self, condition, what, seconds=SECONDS):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, what + "\n" + self.journal(time.time() - SECONDS)
            time.sleep(0.2)

    def ready(self):
        """Whether an address outside is refused for want of a token, not for want of a server."""
        return self.peers.ask(NEIGHBOUR, PLAYLIST) in (200, 403)

    def opens(self, since):
        """Wait until the guard has opened the ports and the server answers."""
        self.wait(lambda: "opened" in self.journal(since), "the guard did not open")
        self.wait(self.ready, "the server does not answer")

    @contextlib.contextmanager
    def asked(self):
        """Ask all the time, from the host itself and from outside; yields both lists of answers."""
        here = hosts.inside(self.server.name, sys.executable, str(ASKER))
        there = self.peers.command(sys.executable, str(ASKER))
        commands = [
            [*here, "127.0.0.1", "5080", PLAYLIST, "0.004"],
            [*there, HOST, "5080", PLAYLIST, "0.01", NEIGHBOUR],
        ]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        running = [subprocess.Popen(command, **pipes) for command in commands]
        answers = [[], []]
        try:
            yield answers
        finally:
            for found, process in zip(answers, running):
                output, _nothing = process.communicate(timeout=30)
                found.extend(json.loads(output))


def seconds_open(answers):
    """For how long a playlist was given without a token, and to how many requests."""
    given = [run for run in answers if run[0] == 200]
    if not given:
        return 0.0, 0
    return round(given[-1][2] - given[0][1], 2), sum(run[3] for run in given)


@pytest.fixture(scope="module")
def watched(double):
    fleet, server = double
    playlist = server.home / PLAYLIST.replace("/LiveApp", "webapps/LiveApp").lstrip("/")
    playlist.parent.mkdir(exist_ok=True)
    playlist.write_text("#EXTM3U\n")
    with neighbours(server, NEIGHBOUR) as peers:
        host = Watched(fleet, server, peers)
        host.secure()
        yield host


@pytest.fixture(scope="module")
def figures():
    """What was measured; told at the end, and written if wanted."""
    found = {}
    yield found
    for kind, boots in found.items():
        print("\n" + summary(kind, boots))
    if FIGURES:
        Path(FIGURES).write_text(json.dumps(found, indent=1))


def summary(kind, boots):
    opened = [boot for boot in boots if boot["open"]]
    lines = "{}: {} boots, {} came up open, {} noticed, {} healed".format(
        kind,
        len(boots),
        len(opened),
        sum(boot["noticed"] for boot in boots),
        sum(boot["healed"] for boot in boots),
    )
    for side in ("here", "outside"):
        times = [boot[side][0] for boot in opened]
        if times:
            answers = sum(boot[side][1] for boot in opened)
            lines += (
                f"; seen open from {side}: median {statistics.median(times):.2f} s, at most"
                f" {max(times):.2f} s, {answers} answers"
            )
    return lines


def final(answers):
    """The last answer that was one: a busy machine does not always give one in time."""
    return [run[0] for run in answers if run[0] in (200, 403)][-1]


def of_the_start(answers):
    """The answers since the server of before was gone; it may have been open, too."""
    gone = next(number for number, run in enumerate(answers) if run[0] == 0)
    return answers[gone:]


def boot_of(here, outside, told):
    """One start in figures. `told`: what the one that watches said of it."""
    here, outside = of_the_start(here), of_the_start(outside)
    return {
        "open": bool(told) or any(run[0] == 200 for run in (*here, *outside)),
        "noticed": bool(told),
        "healed": bool(told) and final(here) == 403,
        "here": seconds_open(here),
        "outside": seconds_open(outside),
    }


def test_nobody_watching(watched, figures):
    """The control: a start under requests comes up open and stays so."""
    boots = figures.setdefault("nobody watching", [])
    for _boot in range(BOOTS):
        with watched.asked() as (here, outside):
            watched.server.restart()
            time.sleep(5)
        boots.append(boot_of(here, outside, told=""))
        if boots[-1]["open"]:
            assert final(here) == 200, "an open start heals by itself"
    # What is open now is found and healed by the next run.
    if boots[-1]["open"]:
        output, changed = watched.secure()
        assert changed == 1
        assert re.search(r'"healed": \[[^\]]*"LiveApp"', output)
    assert watched.peers.ask(NEIGHBOUR, PLAYLIST) == 403


def test_restarts_through_secure(watched, figures):
    """Without a guard: every start that comes up open is noticed by the run, and healed."""
    boots = figures.setdefault("restart through secure", [])
    for number in range(BOOTS):
        with watched.asked() as (here, outside):
            output, _changed = watched.secure(
                antmedia_dashboard_cidrs=["127.0.0.1", f"127.0.0.{16 + number % 2}"]
            )
            time.sleep(1)
        assert '"way": "restart"' in output
        healed = re.search(r'"healed": (\[.*?\])', output, re.DOTALL).group(1)
        boots.append(boot_of(here, outside, told=json.loads(healed)))
        assert final(here) == final(outside) == 403
        assert boots[-1]["noticed"] == boots[-1]["open"]


def test_the_guard_comes_with_one_call(watched):
    predicted, changed = watched.secure("--check", "--diff", antmedia_boot_guard=True)
    assert changed == 1
    assert not any(exists(watched, path) for path in FILES)
    output, changed = watched.secure(antmedia_boot_guard=True)
    assert changed == 1
    assert [c for c in changes(output) if c["reason"] == "guard"] == [
        c for c in changes(predicted) if c["reason"] == "guard"
    ]
    assert all(exists(watched, path) for path in FILES)
    assert watched.secure(antmedia_boot_guard=True)[1] == 0
    assert watched.secure("--check", antmedia_boot_guard=True)[1] == 0
    assert watched.secure()[1] == 0  # left alone
    assert not watched.closed()
    secrets = VARIABLES.get("antmedia_secrets") or watched.fleet.policy["antmedia_secrets"]
    for path in ("/usr/local/lib/streamward/boot-guard.pyz", *FILES[:2]):
        content = (Path(f"/proc/{pid(watched)}/root") / path.lstrip("/")).read_bytes()
        assert secrets["management"].encode() not in content


def pid(watched):
    return hosts.pid(watched.server.name)


def exists(watched, path):
    return (Path(f"/proc/{pid(watched)}/root") / path.lstrip("/")).exists()


def changes(output):
    return json.loads(re.search(r'"changes": (\[.*?\])', output, re.DOTALL).group(1))


def test_behind_the_guard(watched, figures):
    """No request from another address is ever answered by an open application."""
    boots = figures.setdefault("behind the boot guard", [])
    for _boot in range(BOOTS):
        begin = time.time()
        with watched.asked() as (here, outside):
            watched.inside("systemctl", "restart", "antmedia")
            watched.opens(begin)
            time.sleep(1)
        said = watched.journal(begin)
        assert "closed to all but this host" in said
        told = "LiveApp came up open" in said
        boots.append(boot_of(here, outside, told))
        boots[-1]["closed"] = round(first(outside, 403) - begin, 1)
        assert not any(run[0] == 200 for run in outside), outside
        assert final(outside) == final(here) == 403
        assert boots[-1]["noticed"] == boots[-1]["open"], said
        assert "checked" in said
    assert watched.secure(antmedia_boot_guard=True)[1] == 0


def first(answers, status):
    return next(run[1] for run in answers if run[0] == status)


def test_a_crash_is_a_start_like_any_other(watched):
    begin = time.time()
    with watched.asked() as (_here, outside):
        watched.inside("systemctl", "kill", "--signal=KILL", "antmedia")
        watched.opens(begin)
    assert not any(run[0] == 200 for run in outside)
    assert "closed to all but this host" in watched.journal(begin)
    assert "checked" in watched.journal(begin)


def test_a_restart_through_secure_hands_over(watched):
    """The run proves the server itself, and leaves it open."""
    with watched.asked() as (_here, outside):
        _output, changed = watched.secure(antmedia_dashboard_cidrs=["127.0.0.1", "127.0.0.18"])
        assert changed == 1
        assert not watched.closed()
        assert watched.ready()
        time.sleep(1)
    assert not any(run[0] == 200 for run in outside)


def listening(watched, *ports):
    script = "import socket, sys\nfor p in sys.argv[1:]:\n s = socket.socket()\n"
    script += f" s.settimeout(3)\n print(s.connect_ex(('{HOST}', int(p))))\n"
    command = watched.peers.command(sys.executable, "-c", script, *map(str, ports))
    return subprocess.check_output(command, text=True).split()


def test_only_the_servers_ports_are_closed_and_only_root_gets_through(watched):
    """Ssh stays open, and so does everything else; other accounts of the host are outside, too."""
    server = "import http.server as h, sys, threading as t; s = h.HTTPServer(('', {0}),"
    server += " h.SimpleHTTPRequestHandler); t.Thread(target=s.serve_forever, daemon=True).start()"
    server += "; sys.stdin.read()"
    others = [
        subprocess.Popen(
            ["podman", "exec", "-i", watched.server.name, "python3", "-c", server.format(port)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for port in (22, 8022)
    ]
    ask = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:5080/rest/v2/liveness'))"
    try:
        watched.wait(lambda: listening(watched, 22, 8022) == ["0", "0"], "no listener")
        assert listening(watched, 5080, 1935) == ["0", "0"]
        program = ["python3", "-I", "/usr/local/lib/streamward/boot-guard.pyz"]
        watched.inside(*program, "close", "/usr/local/antmedia")
        assert listening(watched, 22, 8022) == ["0", "0"]
        assert "0" not in listening(watched, 5080, 1935)
        assert "Response" in watched.inside("python3", "-c", ask)
        nobody = ["setpriv", "--reuid=65534", "python3", "-c", ask]
        assert "Response" not in watched.inside(*nobody, check=False)
        watched.inside(*program, "open", "/usr/local/antmedia")
        assert listening(watched, 5080, 1935) == ["0", "0"]
        assert "Response" in watched.inside(*nobody)
    finally:
        for process in others:
            process.communicate()


def test_a_server_that_cannot_be_proved_stays_closed(watched):
    """Fails closed, says so in the journal without a secret, and a run of secure opens it again."""
    file = watched.server.file("LiveApp")
    good = file.read_bytes()
    begin = time.time()
    try:
        # A boolean that the server cannot read: the application is broken.
        file.write_bytes(good + b"\nacceptOnlyStreamsInDataStore=maybe\n")
        watched.inside("systemctl", "restart", "antmedia")
        # As long as others start, and a minute of silence.
        watched.wait(lambda: "still closed" in watched.journal(begin), "nothing was said", 600)
        assert watched.closed()
        assert watched.peers.ask(NEIGHBOUR, PLAYLIST) == 0
    finally:
        file.write_bytes(good)
    said = watched.journal(begin)
    assert "LiveApp" in said
    assert not any(text in said for text in secrets_of(watched))
    begin = time.time()
    watched.inside("systemctl", "restart", "antmedia")
    watched.opens(begin)


def secrets_of(watched):
    secrets = watched.fleet.policy["antmedia_secrets"]
    return [secrets["management"], *secrets["app_defaults"].values()]


def test_a_guard_that_gave_up_is_followed_by_secure(watched):
    """Closed ports of a good server, for whatever reason: the next run checks and opens."""
    watched.secure(antmedia_boot_guard=True)
    program = ["python3", "-I", "/usr/local/lib/streamward/boot-guard.pyz"]
    watched.inside(*program, "close", "/usr/local/antmedia")
    output, changed = watched.secure("--check", antmedia_boot_guard=True)
    assert changed == 1
    assert watched.closed()
    output, changed = watched.secure(antmedia_boot_guard=True)
    assert (changed, watched.closed()) == (1, False)
    assert '"starts": 0' in output
    assert watched.secure(antmedia_boot_guard=True)[1] == 0


def test_a_check_by_hand_closes_first(watched):
    begin = time.time()
    watched.inside("systemctl", "start", GUARD)
    watched.opens(begin)
    said = watched.journal(begin)
    assert said.index("closed to all but this host") < said.index("checked") < said.index("opened")


def test_a_stop_takes_the_rules_away(watched):
    # In one command each: a check may be over before the next one begins.
    closed = "nft list tables | grep -c guard;"
    script = f"systemctl restart antmedia; {closed} systemctl stop antmedia; {closed}"
    assert watched.inside("sh", "-c", script, check=False).split() == ["1", "0"]
    # By hand: somebody wants it so.
    script = f"systemctl start antmedia; {closed} sleep 2; systemctl stop {GUARD}; {closed}"
    assert watched.inside("sh", "-c", script, check=False).split() == ["1", "0"]
    watched.server.restart()


def test_without_nftables_nothing_is_written(watched):
    watched.secure(antmedia_boot_guard=False)
    watched.inside("mv", "/usr/sbin/nft", "/usr/sbin/nft.away")
    try:
        before = watched.server.file().read_bytes()
        output, _changed = watched.secure(
            check=False,
            antmedia_boot_guard=True,
            antmedia_dashboard_cidrs=["127.0.0.1", "127.0.0.19"],
        )
        assert "antmedia_boot_guard: nft is not installed; install the package nftables" in output
        assert "nothing was changed" in output
        assert watched.server.file().read_bytes() == before
        assert not any(exists(watched, path) for path in FILES)
    finally:
        watched.inside("mv", "/usr/sbin/nft.away", "/usr/sbin/nft")


def test_false_removes_everything(watched):
    watched.secure(antmedia_boot_guard=True)
    program = ["python3", "-I", "/usr/local/lib/streamward/boot-guard.pyz"]
    watched.inside(*program, "close", "/usr/local/antmedia")
    _output, changed = watched.secure(antmedia_boot_guard=False)
    assert changed == 1
    assert not watched.closed()
    assert not any(exists(watched, path) for path in FILES)
    assert GUARD not in watched.inside("systemctl", "show", "antmedia", "--property=DropInPaths")
    assert not watched.inside("systemctl", "list-units", "--all", "--no-legend", GUARD + "*")
    assert watched.secure(antmedia_boot_guard=False)[1] == 0
    watched.server.restart()
    assert not watched.closed()
