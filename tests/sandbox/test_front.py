"""The front of a real server: what it lets in, its certificate, the ports beside it."""

from __future__ import annotations

import contextlib
import json
import sys

import pytest

from tests.kit import play
from tests.kit.authority import Authority
from tests.kit.front import Front

pytestmark = pytest.mark.sandbox

INSIDE = "127.0.0.2"  # on the panel's list; the vantage, 127.0.0.1, is not
SECRETS = {
    "management": "test-only-management-0123456789-abcdef",
    "app_defaults": {"rest": "test-only-rest-0123456789-abcdefghijkl"},
}
POLICY = {
    "antmedia_dashboard_cidrs": [INSIDE],
    "antmedia_allow_lockout": True,
    "antmedia_management_jwt": True,
    "antmedia_trusted_proxies": [],
    "antmedia_app_defaults": {"rest_cidrs": ["127.0.0.1"], "rest_jwt": True},
    "antmedia_secrets": SECRETS,
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def run(sandboxes, authority, tmp_path_factory):
    """Run a playbook on the server; the policy is in force once `secure` has run."""
    sandbox = sandboxes(apps=["LiveApp"])
    folder = tmp_path_factory.mktemp("reports")

    def playbook(name, **variables):
        given = {
            **POLICY,
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "antmedia_home": str(sandbox.home),
            "antmedia_service_manager": "command",
            "antmedia_service_commands": {v: sandbox.facts[v] for v in ("start", "stop")},
            "antmedia_report_dir": str(folder),
            **variables,
        }
        inventory = folder / "inventory.json"
        hosts = {"media": {"ansible_host": "127.0.0.1"}, "probe": {}}
        inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": given}}))
        environment = play.environment(
            SSL_CERT_FILE=str(authority.path), ANSIBLE_FORCE_COLOR="false"
        )
        return play.run(inventory, name, "-e", "antmedia_hosts=media", env=environment)

    done = playbook("secure.yml", antmedia_prove=False)
    assert done.returncode == 0, done.stdout

    def verify(front, **endpoint):
        about = {"host": "localhost", "tls": True, "https_port": front.port, **endpoint}
        done = playbook("verify.yml", antmedia_endpoint=about, antmedia_vantages=["probe"])
        assert not any(secret in done.stdout for secret in SECRETS["app_defaults"].values())
        report = json.loads((folder / "verify.json").read_text())
        found = {
            (control["app"], control["name"]): control
            for control in report["hosts"][0]["controls"]
            if "front" in control["name"]
        }
        return done, found

    verify.sandbox = sandbox
    yield verify
    sandbox.stop()


@pytest.fixture
def behind(run, authority):
    with contextlib.ExitStack() as fronts:

        def make(*names, **options):
            front = Front(run.sandbox.http_port, authority.issue(*names, **options))
            fronts.callback(front.close)
            return front

        yield make


def test_a_good_front(run, behind):
    """Its certificate is good and ends soon, and people use RTMP as well."""
    front = behind("localhost", days=9)
    done, found = run(front, rtmp_port=run.sandbox.rtmp_port)
    assert {place: control["outcome"] for place, control in found.items()} == {
        ("", "front-certificate"): "enforced",
        ("", "front-address"): "enforced",
        # 127.0.0.1 is on the list, and would get in by any front.
        ("LiveApp", "front-address"): "cannot tell",
    }
    assert "front-address from probe: cannot tell: this machine is on the list" in done.stdout
    said = f"the certificate of localhost port {front.port}: valid, but ends in 9 days"
    assert said in " ".join(done.stdout.split())
    assert found["", "front-certificate"]["note"].startswith("valid, but ends in 9 days")


def test_a_front_that_passes_everybody_for_one_of_the_list(run, behind):
    front = behind("elsewhere.example.net")
    front.sees = INSIDE
    done, found = run(front)
    assert done.returncode != 0
    panel, certificate = found["", "front-address"], found["", "front-certificate"]
    assert panel["outcome"] == "not enforced"
    assert panel["reason"].startswith("lets in: from 127.0.0.1; the server does not learn")
    assert certificate["outcome"] == "not enforced"
    assert "it is for elsewhere.example.net, not for localhost" in certificate["reason"]
    # A token would go to whoever has such a certificate.
    assert found["LiveApp", "front-address"]["outcome"] == "cannot tell"
    beside = found["", "ports-beside-front"]
    assert beside["outcome"] == "not enforced"
    assert f"port {run.sandbox.rtmp_port} (rtmp_port)" in beside["reason"]
