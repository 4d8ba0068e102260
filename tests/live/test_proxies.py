"""Trusted proxies: a client behind a listed one is seen, and nobody else can name an address."""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess

import pytest

from tests.kit import hosts
from tests.kit.neighbours import neighbours
from tests.kit.outside import Server

pytestmark = [pytest.mark.live, pytest.mark.long]

OFFICE = "203.0.113.9"  # who may use the REST API and the panel
STRANGER = "198.51.100.1"
LIAR, PROXY = "10.99.0.2", "10.99.0.3"
REST = "/LiveApp/rest/v2/version"
PANEL = "/rest/v2/first-login-status"
POLICY = {
    "antmedia_dashboard_cidrs": ["203.0.113.0/24"],
    "antmedia_allow_lockout": True,
    "antmedia_app_defaults": {"rest_cidrs": ["203.0.113.0/24"]},
    "antmedia_trusted_proxies": [PROXY],
}
VERSIONS = ["2.17.1", "2.4.3"]


@pytest.fixture(scope="module", params=VERSIONS)
def host(request, tmp_path_factory, fleet_of):
    """A host as shipped but for its lists, as a tuple of fleet, server and peers."""
    name = "sw-live-proxies-" + request.param.replace(".", "")
    command = [hosts.COMMAND, "up", name]
    subprocess.run([*command, "--version", request.param], check=True)
    fleet = fleet_of([name], tmp_path_factory.mktemp("fleet"))
    try:
        server = Server(name)
        with neighbours(server, LIAR, PROXY) as peers:
            yield fleet, server, peers
    finally:
        if not os.environ.get("STREAMWARD_KEEP"):
            subprocess.run([*command[:1], "down", name], check=False)


@pytest.fixture(scope="module")
def secure(host):
    """Run the secure playbook with variables over the policy; what it printed and had changed."""
    fleet, _server, _peers = host
    # Older servers take no management token, and what is proved here needs none.
    plain = {"antmedia_management_jwt": "{{ omit }}", "antmedia_secrets": {}}

    def run(*options, **more):
        output = fleet.run("secure.yml", {**plain, **POLICY, **more}, "-v", *options)
        return output, int(re.search(r"changed=(\d+)", output.rpartition("RECAP")[2]).group(1))

    return run


def test_as_shipped_a_neighbour_can_be_anybody(host, secure):
    _fleet, _server, peers = host
    secure(antmedia_trusted_proxies="{{ omit }}")
    assert peers.ask(LIAR, REST) == 403
    assert peers.ask(LIAR, REST, forwarded="127.0.0.1") == 200
    assert peers.ask(LIAR, PANEL, forwarded=OFFICE) == 200


def test_only_the_listed_proxy_is_believed(host, secure):
    _fleet, server, peers = host
    file = server.home / "conf/jee-container.xml"
    before, status = file.read_bytes(), file.stat()

    predicted, changed = secure("--check", "--diff")
    assert changed == 1
    assert file.read_bytes() == before
    assert "RemoteIpValve.internalProxies=" in predicted
    output, changed = secure("--diff")
    assert changed == 1
    assert changes(output) == changes(predicted)
    assert secure()[1] == 0
    assert secure("--check")[1] == 0

    # Nothing but the one bean.
    after = file.read_bytes()
    lines = list(changed_lines(before, after))
    assert len(lines) == 4, lines
    assert (file.stat().st_uid, file.stat().st_mode) == (status.st_uid, status.st_mode)

    # By effect, each refusal with its twin that is let in.
    for path in (REST, PANEL):
        assert peers.ask(LIAR, path) == 403
        assert peers.ask(LIAR, path, forwarded="127.0.0.1") == 403
        assert peers.ask(LIAR, path, forwarded=OFFICE) == 403
        assert peers.ask(PROXY, path, forwarded=OFFICE) == 200
        assert peers.ask(PROXY, path, forwarded=STRANGER) == 403
        # What the client itself claimed stands before what the proxy saw.
        assert peers.ask(PROXY, path, forwarded=OFFICE + ", " + STRANGER) == 403
        assert peers.ask(PROXY, path, forwarded=STRANGER + ", " + OFFICE) == 200
        # A proxy in front of the proxy is none unless it is listed.
        assert peers.ask(PROXY, path, forwarded=OFFICE + ", " + LIAR) == 403
    # This host itself stays trusted.
    assert server.request(PANEL).status == 403
    assert server.request(PANEL, X_Forwarded_For=OFFICE).status == 200
    assert server.request(REST).status == 200
    assert server.request(REST, X_Forwarded_For=STRANGER).status == 403


def changes(output):
    return json.loads(re.search(r'"changes": (\[.*?\])', output, re.DOTALL).group(1))


def changed_lines(before, after):
    one, two = before.split(b"\n"), after.split(b"\n")
    for tag, *places in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag != "equal":
            begin, end, other_begin, other_end = places
            yield from one[begin:end]
            yield from two[other_begin:other_end]


def test_an_empty_list_trusts_this_host_alone(host, secure):
    _fleet, server, peers = host
    assert secure(antmedia_trusted_proxies=[])[1] == 1
    assert peers.ask(PROXY, REST, forwarded=OFFICE) == 403
    assert peers.ask(PROXY, PANEL, forwarded=OFFICE) == 403
    assert server.request(PANEL, X_Forwarded_For=OFFICE).status == 200
    assert secure(antmedia_trusted_proxies=[])[1] == 0


def test_a_deferred_change_is_in_force_after_the_next_run(host, secure):
    _fleet, _server, peers = host
    output, changed = secure(antmedia_apply="defer")
    assert changed == 1
    assert '"restart_required": true' in output
    assert peers.ask(PROXY, REST, forwarded=OFFICE) == 403
    output, changed = secure()
    assert changed == 1
    assert "jee-container.xml is newer than the running server" in output
    assert peers.ask(PROXY, REST, forwarded=OFFICE) == 200
    assert secure()[1] == 0


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda data: data.replace(b"RemoteIpValve", b"RemoteAddrValve"), "has no RemoteIpValve"),
        (lambda data: data[: len(data) // 2], "is not well-formed XML"),
    ],
)
def test_a_file_that_is_not_understood_stops_the_run(host, secure, edit, said):
    _fleet, server, _peers = host
    file = server.home / "conf/jee-container.xml"
    data = file.read_bytes()
    try:
        file.write_bytes(edit(data))
        with pytest.raises(AssertionError) as caught:
            secure(antmedia_dashboard_cidrs=["192.0.2.0/24"])
        assert "nothing was changed" in str(caught.value)
        assert said in str(caught.value)
        assert b"192.0.2.0" not in server.file().read_bytes()
    finally:
        file.write_bytes(data)
