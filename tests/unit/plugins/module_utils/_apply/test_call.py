from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import secret as _secret
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import (
    call as _call,
    run as _run,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.errors import (
    ApplyError,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply.result import Result
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    guard as _guard,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    plan as _plan,
)
from ansible_collections.streamward.antmedia.plugins.modules import cutover, settings
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    COMMANDS,
    HOST,
    POLICY,
)

# --- homes and files that cannot be read ---


UNREADABLE = "the installation cannot be read"


def test_a_home_that_is_none(faults, home):
    (home / _installation.JAR).unlink()
    assert faults(UNREADABLE) == [
        f"home: {home} is not an Ant Media Server: {home}/ant-media-server.jar: No such file or"
        " directory"
    ]


def test_no_home(call, tmp_path):
    result = call(settings, home=str(tmp_path / "nothing"))
    assert result["failed"]
    assert result["faults"] == [
        f"home: {tmp_path}/nothing is not a folder; set antmedia_home to where the server is"
    ]


def test_malformed_and_missing_files_with_the_line(faults, home):
    path = home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties"
    path.write_bytes(b"a=1\n# note\nb=c\\\n  d\\u12x\n")
    server = home / "conf" / "red5.properties"
    server.unlink()
    assert faults(UNREADABLE, dashboard_cidrs=[]) == [
        f"{server}: No such file or directory",
        f"{path} line 4: malformed \\uXXXX escape, four hexadecimal digits are needed",
    ]


OUTSIDE = """
import sys
sys.path[:0] = {path!r}
import json
from ansible.module_utils import basic
from ansible_collections.streamward.antmedia.plugins.modules import settings
arguments = dict(json.loads(sys.argv[1]), _ansible_remote_tmp="/tmp")
try:
    from ansible.module_utils.testing import patch_module_args
except ImportError:
    basic._ANSIBLE_ARGS = json.dumps(dict(ANSIBLE_MODULE_ARGS=arguments)).encode()
    settings.main()
else:
    with patch_module_args(arguments):
        settings.main()
"""


def outside(*command, home, **arguments):
    """The module in a process of its own, started by a command; its result."""
    arguments["home"] = str(home)
    script = OUTSIDE.format(path=[path for path in sys.path if path])
    done = subprocess.run(
        [*command, sys.executable, "-c", script, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.stderr.startswith("unshare") or "mount:" in done.stderr:
        pytest.skip("no mount namespaces here: " + done.stderr.strip())
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def as_nobody(tmp_path):
    """Call something in a child that is nobody in particular; what it returned."""

    def run(work):
        out = tmp_path / "out"
        with out.open("w") as stream:
            child = os.fork()
            if not child:
                try:
                    os.setgroups([])
                    os.setresgid(65534, 65534, 65534)
                    os.setresuid(65534, 65534, 65534)
                    json.dump(work(), stream)
                    stream.flush()
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
        return json.loads(out.read_text())

    return run


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_a_file_that_may_not_be_read_or_written(as_nobody, call, fake):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        home = fake.home(Path(folder) / "home")
        path = home / "conf" / "red5.properties"

        def secure(check=False):
            return call(
                settings,
                check,
                home=str(home),
                dashboard_cidrs=["127.0.0.1"],
                service_manager="none",
            )

        secure(check=True)  # loads what nobody may not load any more
        path.chmod(0o600)
        before = fake.snapshot(home)
        result = as_nobody(secure)
        assert result["failed"]
        assert result["faults"] == [f"{path}: Permission denied"]
        # One that may be read, in a folder where nothing can be written.
        path.chmod(0o644)
        result = as_nobody(secure)
        assert result["failed"]
        assert result["msg"] == f"{HOST}: {path}: Permission denied; nothing was changed"
        path.chmod(0o600)
        assert fake.snapshot(home) == before


SMALL = """
set -e
mkdir -p {mount} {out}
mount -t tmpfs -o size=256k none {mount}
cp -a {home}/. {mount}
{after}
"$@" || true
cp -a {mount}/. {out}
"""


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("mount -o remount,ro {mount}", "Read-only file system"),
        (
            "dd if=/dev/zero of={mount}/filler bs=4k status=none 2>/dev/null || true",
            "No space left on device",
        ),
    ],
)
def test_file_systems_that_take_nothing(home, fake, tmp_path, after, reason):
    mount, out = tmp_path / "mount", tmp_path / "out"
    script = SMALL.format(mount=mount, out=out, home=home, after=after.format(mount=mount))
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"]
    result = outside(*command, home=mount, dashboard_cidrs=["127.0.0.1"])
    assert result["failed"]
    path = mount / "conf" / "red5.properties"
    assert result["msg"] == f"{HOST}: {path}: {reason}; nothing was changed"
    assert result["changed"] is False
    (out / "filler").unlink(missing_ok=True)
    assert fake.snapshot(out) == fake.snapshot(home)


def test_a_file_changed_between_plan_and_write(secure, ams, home, monkeypatch, fake):
    path = home / "webapps" / "events" / "WEB-INF" / "red5-web.properties"
    real = _call._plan.make_plan

    def plan(*arguments):
        made = real(*arguments)
        path.write_bytes(path.read_bytes() + b"\nby=somebody\n")
        return made

    monkeypatch.setattr(_call._plan, "make_plan", plan)
    before = fake.snapshot(home / "conf")
    result = secure(apps={"events": {"settings": {"gopSize": 1}}})
    assert result["failed"]
    assert result["msg"] == (
        f"{HOST}: {path}: was changed by somebody else meanwhile; run again; nothing was changed"
    )
    assert fake.snapshot(home / "conf") == before
    assert path.read_bytes().endswith(b"\nby=somebody\n")


# --- an agreed instant ---


@pytest.fixture
def cut_over(call, home):
    """Run the module cutover on the home."""

    def run(**arguments):
        return call(cutover, home=str(home), **arguments)

    return run


def finish(run, boot_guard, wanted):
    """What a process of its own does when the instant has come, and what it tells."""
    result = Result({}, [], {}, {}, changed=True)
    return _call.Call(run, boot_guard, wanted, result).finish().as_dict()


def test_a_cutover_is_left_to_a_process_of_its_own(secure, cut_over, ams, home, secrets):
    moment = time.time() + 1
    policy = dict(POLICY, apply="defer")
    result = secure(secrets=secrets, cutover_at=moment, **policy)
    assert result["changed"]
    assert result["cutover_pid"] > 1
    path = home / "conf" / "red5.properties"
    assert b"jwtServerControlEnabled=true" not in path.read_bytes()
    # It keeps other runs away until it is done.
    blocked = secure(secrets=secrets, **dict(policy, ready_timeout=0))
    assert "another run works on this host" in blocked["msg"]
    collected = cut_over(timeout=10)
    assert not collected["failed"]
    assert (collected["changed"], collected["way"]) == (True, "defer")
    assert collected["fingerprints"]["management"] == _secret.fingerprint(secrets["management"])
    assert time.time() >= moment
    assert b"jwtServerControlEnabled=true" in path.read_bytes()
    os.waitpid(result["cutover_pid"], 0)
    assert not secure(secrets=secrets, **policy)["changed"]


def test_a_cutover_whose_files_somebody_has_changed(secure, cut_over, ams, home, secrets):
    result = secure(secrets=secrets, cutover_at=time.time() + 3, **dict(POLICY, apply="defer"))
    path = home / "conf" / "red5.properties"
    path.write_bytes(path.read_bytes() + b"by=somebody\n")
    collected = cut_over(timeout=10)
    assert (collected["failed"], collected["changed"]) == (True, False)
    assert collected["msg"] == (
        f"{HOST}: {path}: was changed by somebody else meanwhile; run again; nothing was changed"
    )
    os.waitpid(result["cutover_pid"], 0)
    assert path.read_bytes().endswith(b"by=somebody\n")


def test_a_cutover_called_off_leaves_nothing(secure, cut_over, ams, home, secrets):
    before = {path: path.read_bytes() for path in home.rglob("*.properties")}
    result = secure(
        secrets=secrets, management_jwt=True, cutover_at=time.time() + 60, apply="defer"
    )
    assert result["cutover_pid"]
    collected = cut_over(state="called_off", timeout=20)
    assert (collected["failed"], collected["changed"]) == (True, False)
    assert "the cutover was called off; nothing was changed" in collected["msg"]
    assert {path: path.read_bytes() for path in home.rglob("*.properties")} == before
    assert not list(home.rglob(".*.streamward-new"))


def test_a_cutover_behind_closed_ports_is_no_success(secure, ams, home, monkeypatch):
    def reopen(_self, _service, _seconds):
        raise _guard.GuardError("the boot guard keeps the server closed: x")

    monkeypatch.setattr(_guard.Guard, "reopen", reopen)
    found = _installation.observe(str(home))
    wanted = _compile.compile_policy({}, found)
    service = _service.Service(str(home), "command", COMMANDS)
    run = _run.begin(found, _plan.make_plan(found, wanted), service, ready_timeout=0.3)
    run.prepare()
    boot_guard = _guard.Guard(str(home), None)
    result = finish(run, boot_guard, wanted)
    assert (result["failed"], result["changed"]) == (True, True)  # the file's mode
    assert result["msg"] == f"{HOST}: the boot guard keeps the server closed: x"


class BootGuard:
    """A boot guard of which only this is asked."""

    taken_back = reopened = False

    def take_back(self):
        self.taken_back = True

    def reopen(self, _service, _seconds):
        self.reopened = True


@pytest.fixture
def boot_guard():
    return BootGuard()


def test_the_rest_of_a_cutover_tells_how_it_went(secure, ams, home, fake, secrets, boot_guard):
    """What the process of its own does, in this one."""
    found = _installation.observe(str(home))
    wanted = _compile.compile_policy({"dashboard_cidrs": ["127.0.0.1"]}, found)
    for failed in (False, True):
        plan = _plan.make_plan(_installation.observe(str(home)), wanted)
        run = _run.begin(
            _installation.observe(str(home)),
            plan,
            _service.Service(str(home), "command", COMMANDS),
            ready_timeout=0.3,
        )
        run.prepare()
        result = finish(run, boot_guard, wanted)
        assert result.get("failed", False) is failed
        assert result["changed"] is not failed
        assert result["starts"] == 1 + failed
        wanted.server["server.allowed_dashboard_CIDR"] = "127.0.0.0/8"
        ams.trouble = lambda found: (
            ["ERROR no"]
            if found.effective("", "server.allowed_dashboard_CIDR") == "127.0.0.0/8"
            else None
        )
    assert result["server_log"] == ["ERROR no"]


def test_who_came_on_air_before_the_instant_stays_there(ams, home, fake, boot_guard):
    found = _installation.observe(str(home))
    wanted = _compile.compile_policy({"dashboard_cidrs": ["127.0.0.1"]}, found)
    service = _service.Service(str(home), "command", COMMANDS)
    for mode in ("refuse", "drop"):
        run = _run.begin(found, _plan.make_plan(found, wanted), service, live_streams=mode)
        ams.streams.clear()
        run.refuse_restart()
        before = fake.snapshot(home)
        run.prepare()
        ams.streams["events"] = [{"streamId": "s1", "status": "broadcasting", "hlsViewerCount": 2}]
        result = finish(run, boot_guard, wanted)
        assert result["audience"][0]["streams"] == ["s1"]
        if mode == "refuse":
            assert (result["failed"], result["changed"]) == (True, False)
            assert "a restart would cut off people on air, nothing was changed" in result["msg"]
            assert fake.snapshot(home) == before
            assert boot_guard.taken_back
            assert ams.started == 0
    assert ams.started == 1
    assert result["warnings"] == ["the restart cut off 1 publisher, 2 viewers"]


def test_a_failure_says_who_was_cut_all_the_same(secure, ams, home, secrets):
    ams.streams["events"] = [{"streamId": "s1", "status": "broadcasting", "hlsViewerCount": 2}]
    ams.trouble = lambda found: ["ERROR no"] if ams.started == 1 else None
    result = secure(secrets=secrets, **dict(POLICY, live_streams="drop"))
    assert (result["failed"], result["changed"], result["starts"]) == (True, False, 2)
    assert result["audience"][0]["publishers"] == 1
    assert "the restart cut off 1 publisher, 2 viewers" in result["warnings"]
    ams.trouble = lambda found: ["ERROR nothing goes any more"]
    result = secure(secrets=secrets, **dict(POLICY, live_streams="drop"))
    assert (result["failed"], result["changed"]) == (True, True)


def test_a_guard_that_cannot_be_taken_back_hides_no_error():
    class Stuck:
        def take_back(self):
            raise _guard.GuardError("the guard stays")

    error = _call.undo(Stuck(), ApplyError("the reason", ["a line"]))
    assert (str(error), error.lines) == ("the reason; the guard stays", ["a line"])
