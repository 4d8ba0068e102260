# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Peers with addresses of their own, for a test host that otherwise sees only its loopback."""

from __future__ import annotations

import contextlib
import json
import subprocess

from . import hosts

HOST = "10.99.0.11"  # the test host's own address, on that network alone


def _ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


class Neighbours:
    """A network namespace joined to one test host by a cable; every address in it is a peer."""

    def __init__(self, name):
        self.name = name

    def command(self, *command):
        """A command of this machine among the peers."""
        return ["ip", "netns", "exec", self.name, *command]

    def ask(self, source, path, forwarded="", port=5080):
        """GET from a peer's address, with X-Forwarded-For if given; the status, 0 for none."""
        command = ["curl", "-s", "-m", "20", "-o", "/dev/null", "-w", "%{http_code}"]
        command += ["--interface", source]
        if forwarded:
            command += ["-H", "X-Forwarded-For: " + forwarded]
        url = f"http://{HOST}:{port}{path}"
        done = subprocess.run(self.command(*command, url), stdout=subprocess.PIPE, text=True)
        return int(done.stdout or 0)


@contextlib.contextmanager
def neighbours(server, *addresses):
    """Give a test host an address and peers with these ones; all of it is gone afterwards."""
    process = str(hosts.pid(server.name))
    name, cable = "sw-" + process, "sw" + process
    _ip("netns", "add", name)
    try:
        _ip("link", "add", cable, "netns", name, "type", "veth", "peer", "swlive", "netns", process)
        links = json.loads(subprocess.check_output(["ip", "-n", name, "-j", "link"]))
        assert cable in [link["ifname"] for link in links]
        for address in addresses:
            _ip("-n", name, "addr", "add", address + "/24", "dev", cable)
        for link in ("lo", cable):
            _ip("-n", name, "link", "set", link, "up")
        inside = hosts.inside(server.name, "ip")
        subprocess.run([*inside, "addr", "add", HOST + "/24", "dev", "swlive"], check=True)
        subprocess.run([*inside, "link", "set", "swlive", "up"], check=True)
        yield Neighbours(name)
    finally:
        _ip("netns", "del", name)  # the cable goes with it
