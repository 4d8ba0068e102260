"""The next start as systemd would make it: the same as a real one, in the same order of places."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._host import service as _service
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    files as _files,
    unit as _unit,
)

HOME = "/usr/local/antmedia"
UNIT = f"""\
[Unit]
Description=Ant Media Server
[Service]
Environment=JVM_MEMORY_OPTIONS=
Environment=JAVA_HOME=/usr/lib/jvm/java-17
WorkingDirectory={HOME}
# ExecStart=nothing
ExecStart=/usr/bin/env ${{JAVA_HOME}}/bin/java -Da=%%b $JVM_MEMORY_OPTIONS \\
  -cp {HOME}/ant-media-server-service.jar:{HOME}/conf org.red5.server.Bootstrap 9999
"""


def look(home=HOME):
    return _unit.look(_files.Files(), home)


def test_the_shipped_unit(systemd):
    path = systemd("lib/antmedia.service", UNIT)
    found = look()
    assert found.environment["JAVA_HOME"] == "/usr/lib/jvm/java-17"
    assert found.places["JAVA_HOME"] == found.command_place == path
    assert found.folder == HOME
    assert found.command[:3] == ("/usr/bin/env", "/usr/lib/jvm/java-17/bin/java", "-Da=%b")
    assert found.command[-2:] == ("org.red5.server.Bootstrap", "9999")
    assert found.command[3] == "-cp"  # a variable that is empty is no word


def test_no_unit_of_this_server(systemd, monkeypatch):
    assert look() is None
    systemd("lib/antmedia.service", UNIT)
    assert look("/opt/other") is None
    monkeypatch.setattr(_service, "systemd_runs", lambda: False)
    assert look() is None


def test_the_first_place_wins(systemd):
    systemd("lib/antmedia.service", UNIT)
    path = systemd("etc/antmedia.service", UNIT.replace("java-17", "java-21"))
    assert (look().environment["JAVA_HOME"], look().command_place) == ("/usr/lib/jvm/java-21", path)


def service(*lines):
    return "[Service]\n" + "\n".join(lines) + "\n"


def test_drop_ins_in_the_order_of_their_names(systemd):
    systemd("lib/antmedia.service", UNIT)
    systemd("lib/antmedia.service.d/50.conf", service("Environment=A=lib", "Environment=B=lib"))
    hidden = systemd("run/antmedia.service.d/50.conf", service("Environment=A=run"))
    later = systemd("etc/antmedia.service.d/60.conf", service("Environment=C=60 D=60"))
    systemd("etc/antmedia.service.d/55.conf", service("Environment=C=55"))
    every = systemd("etc/service.d/10.conf", service("Environment=E=every"))
    systemd("etc/antmedia.service.d/70.txt", service("Environment=A=none"))
    found = look()
    assert [found.environment.get(name) for name in "ABCDE"] == ["run", None, "60", "60", "every"]
    assert [found.places[name] for name in "ACE"] == [hidden, later, every]


def test_what_is_taken_back(systemd):
    systemd("lib/antmedia.service", UNIT)
    systemd("etc/antmedia.service.d/1.conf", service("Environment=A=1", "EnvironmentFile=/none"))
    systemd("etc/antmedia.service.d/2.conf", service("Environment=", "Environment=B=2 C=3"))
    systemd("etc/antmedia.service.d/3.conf", service("UnsetEnvironment=B C=3", "EnvironmentFile="))
    assert look().environment == {}


def test_words_in_quotes(systemd):
    systemd("lib/antmedia.service", UNIT)
    lines = ["Environment=\"A=1 2\" 'B=3' C=4%%5 \\", '   D="6 7"', "Environment=E=it's"]
    systemd(
        "etc/antmedia.service.d/1.conf", service(*lines, "; Environment=F=1", "# Environment=G=1")
    )
    found = look().environment
    assert [found.get(name) for name in "ABCDEFG"] == ["1 2", "3", "4%5", "6 7", "it's", None, None]


def test_files_of_variables(systemd, tmp_path):
    systemd("lib/antmedia.service", UNIT)
    one = systemd("default/one.env", '# A=0\n A = "1 2"\nB=3\\\n4\nno variable\n;C=1\n')
    two = systemd("default/two.env", "B=two\n")
    line = f"EnvironmentFile=-{tmp_path}/systemd/default/*.env"
    systemd(
        "etc/antmedia.service.d/1.conf", service("Environment=A=0", line, "EnvironmentFile=-/no")
    )
    found = look()
    assert (found.environment["A"], found.environment["B"]) == ("1 2", "two")
    assert (found.places["A"], found.places["B"]) == (one, two)


def test_what_every_service_gets(systemd):
    systemd("lib/antmedia.service", UNIT)
    path = systemd("system.conf", "[Manager]\nDefaultEnvironment=A=1\n[Service]\nEnvironment=B=1\n")
    more = systemd("system.conf.d/x.conf", '[Manager]\nDefaultEnvironment="C=2 3"\n')
    found = look()
    assert (found.environment["A"], found.environment["C"]) == ("1", "2 3")
    assert (found.places["A"], found.places["C"]) == (path, more)


def test_a_variable_that_becomes_words(systemd):
    systemd("lib/antmedia.service", UNIT)
    line = "Environment=\"JVM_MEMORY_OPTIONS=-Xmx1g -Dx=1 '-Dy=2 3'\""
    systemd("etc/antmedia.service.d/1.conf", service(line))
    assert look().command[3:6] == ("-Xmx1g", "-Dx=1", "-Dy=2 3")


def test_a_script_that_starts_the_server(systemd, tmp_path):
    home = tmp_path / "antmedia"
    home.mkdir()
    (home / "start.sh").write_text('#!/bin/sh\nexport hlsTime=1\nJVM_OPTS="-Dx=1"\necho a=1\n')
    script = tmp_path / "ams"
    script.write_text("#!/bin/sh\ncd /x\n  gopSize='2'\n./start.sh\n")
    text = f"[Service]\nWorkingDirectory={home}\nExecStart=!{script} start\n"
    systemd("lib/antmedia.service", text)
    found = look(str(home))
    assert found.assigned == [
        ("gopSize", "2", str(script)),
        ("hlsTime", "1", str(home / "start.sh")),
        ("JVM_OPTS", "-Dx=1", str(home / "start.sh")),
    ]
