"""A server in a container: from outside where it is seen and where it is not, and from inside."""

from __future__ import annotations

import contextlib
import os
import shutil

import pytest

from tests.kit import accounts
from tests.kit.contained import Contained
from tests.kit.image.trees import HOME

pytestmark = pytest.mark.live

NAME = "sw-contained"
# What another process number space leaves of this one: nothing, as in a pod beside the server's.
UNSEEING = ("unshare", "--pid", "--fork", "--mount", "--mount-proc")
SECRETS = {
    "management": "test-only-management-secret-of-live-tests",
    "app_defaults": {"rest": "test-only-rest-secret-of-the-live-tests"},
    "admin": {"email": "admin@example.net", "password": "test-only-password-of-nobody"},
}
POLICY = {
    "antmedia_dashboard_cidrs": ["127.0.0.1"],
    "antmedia_management_jwt": True,
    "antmedia_app_defaults": {"rest_cidrs": ["127.0.0.1"], "rest_jwt": True},
    "antmedia_secrets": SECRETS,
}
# Some change that needs a restart.
MORE = {"antmedia_server_settings": {"server.cpu_limit": 99}}


@contextlib.contextmanager
def laid_out(name=NAME + "-alone"):
    # Its account has to reach the log.
    with accounts.open_folder() as folder, contextlib.ExitStack() as left:
        made = Contained(name, folder)
        if not os.environ.get("STREAMWARD_KEEP"):
            left.callback(made.down)
        yield made


@pytest.fixture(scope="module")
def contained():
    """In a network of its own, its ports published; the whole home is a volume."""
    with laid_out(NAME) as made:
        made.start()
        yield made


def settings(made):
    """The settings files of a volume, and what lies beside them."""
    found = accounts.snapshot(made.home)
    return {
        name: entry
        for name, entry in found.items()
        if name.endswith(".properties") or ".streamward" in name
    }


def test_who_is_on_air_is_not_cut_from_outside(contained):
    began = contained.started_at()
    with contained.publisher("s1") as publisher:
        done = contained.play("secure.yml", {**POLICY, **MORE})
        assert done.returncode != 0
        assert "would cut off people on air, nothing was changed: LiveApp: 1 publisher (s1)" in (
            done.stdout
        )
        assert (publisher.poll(), contained.started_at()) == (None, began)


def test_a_server_that_is_not_seen_is_left_alone(contained):
    """With commands at hand, and although the policy lets a restart cut whoever is on air."""
    before, began = settings(contained), contained.started_at()
    policy = {**POLICY, **MORE, "antmedia_live_streams": "drop"}
    with contained.publisher("s2") as publisher:
        for flags in ({}, {"antmedia_apply": "defer"}):
            done = contained.play("secure.yml", {**policy, **flags}, *UNSEEING)
            assert done.returncode != 0
            for said in (
                "port 5080 (http.port) is held by a process of root that is not seen",
                "port 1935 (rtmp.port) is held by a process of root that is not seen",
                f"no server is seen that runs from {contained.home}",
                "ansible_connection: containers.podman.podman",
                "nothing was changed",
            ):
                assert said in done.stdout, done.stdout
        assert publisher.poll() is None
    assert (settings(contained), contained.started_at()) == (before, began)


def test_inside_a_restart_is_somebody_elses(contained):
    """The end of the server is the end of the container, and of whoever works in it."""
    began, policy = contained.started_at(), {**POLICY, **MORE}
    done = contained.play_inside("secure.yml", policy)
    assert done.returncode != 0
    assert "the policy is not in force: a restart is due (" in done.stdout
    assert "server.cpu_limit" in done.stdout
    put_off = contained.play_inside("secure.yml", {**policy, "antmedia_apply": "defer"})
    assert put_off.returncode == 0, put_off.stdout
    assert contained.started_at() == began
    contained.restart()
    done = contained.play_inside("secure.yml", policy)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("enforced") >= 9


# --- the other ways to run one ---


@pytest.mark.long
@pytest.mark.parametrize("network", ["bridge", "host"])
def test_from_outside_by_commands(network):
    with laid_out() as made:
        made.start(network=network)
        done = made.play("secure.yml", POLICY)
        assert done.returncode == 0, done.stdout
        assert "restarted for server.allowed_dashboard_CIDR" in done.stdout
        assert done.stdout.count("enforced") >= 9
        again = made.play("secure.yml", POLICY)
        assert (again.returncode, "changed=0" in again.stdout) == (0, True), again.stdout


@pytest.mark.long
@pytest.mark.parametrize("network", ["bridge", "host"])
def test_a_part_of_the_home_is_no_home(network):
    """Only the applications are mounted: the server is another one than its files look like."""
    with laid_out() as made:
        image = made.folder / "image"
        shutil.copytree(made.home, image, symlinks=True)
        apps = f"--volume={made.home}/webapps:{HOME}/webapps"
        made.start(apps, network=network, home=image)
        before, began = settings(made), made.started_at()
        done = made.play("secure.yml", {**POLICY, "antmedia_live_streams": "drop"})
        assert done.returncode != 0
        assert f" has settings of {made.home} among its files; but no server is seen" in done.stdout
        assert f"runs from {HOME} in a container" in done.stdout
        assert (settings(made), made.started_at()) == (before, began)


@pytest.mark.long
def test_a_container_that_is_started_and_then_not_seen():
    """Nothing spoke for it while it was down: it gets its files back, and reads them."""
    with laid_out() as made:
        image = made.folder / "image"
        shutil.copytree(made.home, image, symlinks=True)
        made.start(f"--volume={made.home}/webapps:{HOME}/webapps", network="host", home=image)
        made.stop()
        before = settings(made)
        done = made.play("secure.yml", POLICY)
        assert done.returncode != 0
        assert "the server was started: " in done.stdout
        assert "the previous files were put back, but the server does not come up" in done.stdout
        made.wait()
        after = settings(made)
        assert after.pop("conf/.streamward-unproved")
        assert after == before
        assert made.get("/LiveApp/rest/v2/version") == 200
