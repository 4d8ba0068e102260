from __future__ import annotations

import os
import shlex
import sys
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    process as _process,
    service as _service,
)

Service = _service.Service


@pytest.fixture
def systemctl(tmp_path, monkeypatch):
    """A systemctl that says what it is told to and writes down what it was asked."""
    log = tmp_path / "asked"
    isdir = os.path.isdir
    monkeypatch.setattr(os.path, "isdir", lambda path: path == "/run/systemd/system" or isdir(path))
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])

    def say(text, code=0):
        path = tmp_path / "systemctl"
        path.write_text(
            f'#!/bin/sh\necho "$@" >> {shlex.quote(str(log))}\necho "{text}"\nexit {code}\n'
        )
        path.chmod(0o755)

    say.asked = lambda: log.read_text().splitlines()
    return say


def test_systemd_that_knows_the_unit(systemctl):
    systemctl("LoadState=loaded\nMainPID=0\nWorkingDirectory=/ams")
    assert _service.detect("/ams") == "systemd"
    assert systemctl.asked() == [
        "show antmedia.service --property=LoadState,MainPID,WorkingDirectory,ExecStart"
    ]
    assert Service("/ams").manager == "systemd"


@pytest.mark.parametrize(("text", "code"), [("LoadState=not-found", 0), ("", 1)])
def test_systemd_that_does_not(systemctl, text, code):
    systemctl(text, code)
    assert _service.detect("/ams") == "none"


@pytest.mark.parametrize(
    ("home", "properties", "found"),
    [
        # As shipped: the command names the home by a variable only.
        ("/ams", ("WorkingDirectory=/ams", "ExecStart={ argv[]=/usr/bin/env java }"), "systemd"),
        ("/ams/", ("WorkingDirectory=!/ams",), "systemd"),
        ("/ams", ("WorkingDirectory=/ams2", "ExecStart={ argv[]=x -cp /ams/lib }"), "none"),
        ("/ams", ("ExecStart={ path=/ams/start.sh ; argv[]=/ams/start.sh ; }",), "systemd"),
        ("/ams", ("ExecStart={ path=/bin/java ; argv[]=java -Dcatalina.home=/ams x}",), "systemd"),
        ("/ams", ("ExecStart={ path=/ams2/start.sh ; argv[]=/ams2/start.sh ; }",), "none"),
        ("/ams", ("ExecStart={ path=/etc/init.d/antmedia }",), "none"),
        ("/ams", (), "none"),
        # Started elsewhere, and yet the one that runs.
        ("/ams", ("MainPID=77", "WorkingDirectory=/"), "systemd"),
        ("/ams", ("MainPID=78", "WorkingDirectory=/"), "none"),
    ],
)
def test_whose_unit_it_is(systemctl, monkeypatch, home, properties, found):
    monkeypatch.setattr(_process, "find", lambda home: _process.Process(77, 0, {}))
    systemctl("\n".join(["LoadState=loaded", *properties]))
    assert _service.detect(home) == found


def test_a_unit_that_names_a_link(systemctl, tmp_path):
    (tmp_path / "ams-2.17").mkdir()
    (tmp_path / "ams").symlink_to("ams-2.17")
    systemctl("LoadState=loaded\nWorkingDirectory={}".format(tmp_path / "ams"))
    assert _service.detect(str(tmp_path / "ams-2.17")) == "systemd"


def test_no_systemd(monkeypatch):
    monkeypatch.setattr(os.path, "isdir", lambda path: False)
    service = Service("/ams")
    assert service.manager == "none"
    assert not service.managed


def test_start_and_stop_by_systemd(systemctl, tmp_path):
    systemctl("")
    service = Service(str(tmp_path), "systemd")
    assert service.managed
    service.stop()
    service.start()
    assert systemctl.asked() == ["stop antmedia.service", "start antmedia.service"]


def test_start_and_stop_by_commands_without_a_shell(tmp_path):
    path = tmp_path / "said $HOME"
    argv = [
        sys.executable,
        "-c",
        "import sys; open(sys.argv[1], 'a').write(sys.argv[2])",
        str(path),
    ]
    commands = {verb: shlex.join([*argv, verb + ";"]) for verb in ("start", "stop")}
    service = Service(str(tmp_path), "command", commands)
    service.stop()
    service.start()
    assert path.read_text() == "stop;start;"


def test_a_command_that_fails(tmp_path):
    service = Service(str(tmp_path), "command", {"start": "sh -c 'echo no such luck; exit 3'"})
    with pytest.raises(_service.ServiceError, match="sh ended with 3: no such luck"):
        service.start()


def test_no_such_command(tmp_path):
    service = Service(str(tmp_path), "command", {"start": "/no/such/command"})
    with pytest.raises(_service.ServiceError, match="/no/such/command: No such file"):
        service.start()


def test_a_command_that_hangs(tmp_path, monkeypatch):
    monkeypatch.setattr(_service, "COMMAND_SECONDS", 0.2)
    service = Service(str(tmp_path), "command", {"start": "sleep 60"})
    with pytest.raises(_service.ServiceError, match="timed out"):
        service.start()


@pytest.fixture
def background(tmp_path):
    """A command that leaves a server in the background, with the command's own output."""
    said = tmp_path / "said"
    server = "sleep 2; echo one; echo two; echo lives > " + shlex.quote(str(said))

    def command(*rest):
        text = "; ".join([f"sh -c {shlex.quote(server)} &", *rest]).replace("&;", "&")
        return {"start": shlex.join(["sh", "-c", text])}

    command.said = said
    return command


def test_a_server_in_the_background_is_not_waited_for(tmp_path, background):
    Service(str(tmp_path), "command", background("echo on its way")).start()
    assert not background.said.exists()
    begin = time.monotonic()
    while not background.said.exists():  # it goes on, although nobody reads what it prints
        assert time.monotonic() - begin < 20
        time.sleep(0.05)


def test_a_command_that_fails_and_leaves_something_behind(tmp_path, background):
    service = Service(str(tmp_path), "command", background("sleep 0.3", "echo no luck", "exit 3"))
    with pytest.raises(_service.ServiceError, match="sh ended with 3: no luck"):
        service.start()
    assert not background.said.exists()


def test_a_command_that_says_nothing_more_and_goes_on(tmp_path):
    command = shlex.join(["sh", "-c", "echo no luck; exec >&- 2>&-; sleep 0.5; exit 3"])
    service = Service(str(tmp_path), "command", {"start": command})
    with pytest.raises(_service.ServiceError, match="sh ended with 3: no luck"):
        service.start()


def test_a_command_cannot_read_what_the_module_reads(tmp_path):
    """The module's own input holds the secrets."""
    service = Service(str(tmp_path), "command", {"start": "sh -c 'test -z \"$(cat)\"'"})
    service.start()


def test_stop_waits_for_the_end(tmp_path, monkeypatch):
    running = _process.Process(os.getpid(), 0, {})
    left = [running, running, None]
    monkeypatch.setattr(_process, "find", lambda home: left.pop(0))
    Service(str(tmp_path), "command", {"stop": "true"}).stop()
    assert left == []


def test_a_server_that_does_not_stop(tmp_path, monkeypatch):
    monkeypatch.setattr(_service, "COMMAND_SECONDS", 0.5)
    running = _process.Process(os.getpid(), 0, {})
    monkeypatch.setattr(_process, "find", lambda home: running)
    service = Service(str(tmp_path), "command", {"stop": "true"})
    assert service.process() == running
    with pytest.raises(_service.ServiceError, match="the server does not stop"):
        service.stop()


def test_a_server_started_by_a_command_outlives_it_and_holds_no_descriptor(tmp_path):
    """A lock or a pipe of the module must not live on in the server."""
    handle = os.open(tmp_path, os.O_RDONLY)
    script = "import os; print(sorted(int(n) for n in os.listdir('/proc/self/fd'))[3:], flush=True)"
    out = tmp_path / "out"
    command = shlex.join(["sh", "-c", f'{sys.executable} -c "{script}" > {out}'])
    Service(str(tmp_path), "command", {"start": command}).start()
    os.close(handle)
    assert len(out.read_text().strip("[]\n").split(",")) <= 1  # the listing's own
