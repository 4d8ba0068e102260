from __future__ import annotations

import os
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import process as _process
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
)

from tests.kit.overruling import APP

EVERY = _entry.EVERY


def unit_of(made, *lines, command=None):
    """A unit that starts the server of a home, with more lines."""
    start = (
        f"/usr/bin/env java $JVM_MEMORY_OPTIONS -cp {made.home}/ant-media-server-service.jar:"
        f"{made.home}/conf org.red5.server.Bootstrap 9999"
    )
    return "\n".join(
        ["[Service]", f"WorkingDirectory={made.home}", *lines, f"ExecStart={command or start}", ""]
    )


def test_what_only_the_next_start_has(host, systemd):
    made = host()
    path = systemd("etc/antmedia.service", unit_of(made, "Environment=HLSTIME=1"))
    assert made.entries() == {("hlsTime", path, _entry.NEXT)}
    assert made.look().concerning({APP: ["hlsTime"]}) == [
        f"{path} sets HLSTIME for the server, which overrules the files of all applications from"
        " the next start on; take it out there"
    ]


def test_what_only_the_running_server_has(host, systemd):
    made = host()
    systemd("etc/antmedia.service", unit_of(made))
    made.place.environment["HLSTIME"] = "1"
    assert made.entries() == {("hlsTime", "the server's environment", _entry.NOW)}
    assert made.look().concerning({APP: ["hlsTime"]}) == [
        "the server's environment has HLSTIME, which overrules the files of all applications; the"
        " unit does not have it: restart the server first"
    ]


def test_what_both_have_is_told_apart(host, systemd):
    made = host()
    path = systemd("etc/antmedia.service", unit_of(made, "Environment=HLSTIME=1"))
    made.place.environment["HLSTIME"] = "1"
    assert made.entries() == {
        ("hlsTime", path, _entry.NEXT),
        ("hlsTime", "the server's environment", _entry.NOW),
    }
    assert "take it out of the unit" in made.look().concerning({APP: ["hlsTime"]})[1]


def test_options_of_the_unit(host, systemd):
    made = host()
    lines = [
        "Environment=JVM_MEMORY_OPTIONS=-DhlsTime=1",
        "Environment=JAVA_TOOL_OPTIONS=-DgopSize=1",
    ]
    path = systemd("etc/antmedia.service", unit_of(made))
    drop_in = systemd("etc/antmedia.service.d/x.conf", "\n".join(["[Service]", *lines]))
    command = unit_of(made).rpartition("ExecStart=")[2].replace(" -cp", " -DhlsListSize=1 -cp")
    systemd("etc/antmedia.service", unit_of(made, command=command.strip()))
    assert made.entries() == {
        ("hlsTime", drop_in, _entry.NEXT),
        ("gopSize", drop_in, _entry.NEXT),
        ("hlsListSize", path, _entry.NEXT),
    }


def test_options_of_a_script(host, systemd):
    made = host()
    script = made.home / "start.sh"
    script.write_text('#!/bin/sh\nexport gopSize=1\nJVM_OPTS="$JVM_OPTS -DhlsListSize=1"\n')
    text = unit_of(made, 'Environment="JAVA_OPTS=-DhlsTime=1"', command=str(script))
    path = systemd("etc/antmedia.service", text)
    assert made.entries() == {
        ("gopSize", str(script), _entry.NEXT),
        ("hlsListSize", str(script), _entry.NEXT),
        ("hlsTime", path, _entry.NEXT),
    }


@pytest.mark.parametrize(
    ("option", "environment", "other"),
    [
        ("-Dred5.root={other}", {}, "red5.root={other}"),
        ("", {"RED5_HOME": "{other}"}, "RED5_HOME={other}"),
        ("-Dred5.root=.", {"RED5_HOME": "{other}"}, ""),
        ("-Dred5.root={home}", {"RED5_HOME": "{other}"}, ""),
        ("", {"RED5_HOME": "{home}/"}, ""),
        ("", {}, ""),
    ],
)
def test_another_folder_of_applications(host, tmp_path, option, environment, other):
    made = host()
    names = {"home": made.home, "other": tmp_path / "other"}
    made.place.options += [option.format(**names)] if option else []
    made.place.environment.update({key: text.format(**names) for key, text in environment.items()})
    found = [(entry.app, entry.setting, entry.key) for entry in made.look().entries]
    assert found == ([(EVERY, EVERY, other.format(**names))] if other else [])


def classes(made):
    return [(entry.key, entry.where) for entry in made.look().entries if entry.app == ""]


@pytest.mark.parametrize(
    ("root", "other"),
    [("/ams", ""), ("/ams/", ""), (".", ""), ("/amsterdam", "red5.root=/amsterdam")],
)
def test_the_home_has_another_name_in_a_container(host, monkeypatch, root, other):
    monkeypatch.setattr(_process, "in_container", lambda pid: True)
    made = host()
    made.place.options += ["-Dcatalina.home=/ams/", f"-Dred5.root={root}"]
    made.place.class_path = "/ams/ant-media-server-service.jar:/ams/more:/ams/conf:/ams/behind"
    for name in ("more", "behind"):
        (made.home / name).mkdir()
        (made.home / name / "red5.properties").write_text("")
    found = {(entry.key, entry.where) for entry in made.look().entries}
    named = {(other, "the server's command line")} if other else set()
    assert found == {("red5.properties", f"{made.home}/more")} | named


def test_a_folder_before_conf(host, tmp_path):
    made = host()
    for name in ("red5.properties", "red5-core.xml", "other.properties"):
        made.place.write(tmp_path / "more" / name, "x")
    made.place.class_path = f"ant-media-server-service.jar:{tmp_path}/more:conf:{tmp_path}/behind"
    made.place.write(tmp_path / "behind" / "red5.properties", "x")
    where = str(tmp_path / "more")
    assert sorted(classes(made)) == [("red5-core.xml", where), ("red5.properties", where)]
    assert made.look().concerning({"": ["http.port"]}) == [
        f"{where} is on the class path before conf and has red5-core.xml, red5.properties, which"
        " overrules the server's file; take it off the class path"
    ]


@pytest.mark.parametrize("how", ["archive", "wildcard", "boot"])
def test_an_archive_before_conf(host, tmp_path, how):
    made = host()
    path = tmp_path / "more" / "x.jar"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("red5.properties", "x")
        archive.writestr("inner/red5.xml", "x")
        archive.writestr("red5-common.xml.old", "x")
    named = {"archive": path, "wildcard": path.parent / "*", "boot": path}[how]
    if how == "boot":
        made.place.options.append(f"-Xbootclasspath/a:{path}")
    else:
        made.place.class_path = f"{named}:{made.home}/conf"
    assert classes(made) == [("red5.properties", str(path))]


def test_a_class_path_without_conf(host):
    made = host()
    (made.home / "lib").mkdir()
    with zipfile.ZipFile(made.home / "lib" / "x.jar", "w") as archive:
        archive.writestr("red5.xml", "x")
    assert classes(made) == []
    made.place.class_path = "ant-media-server-service.jar"
    assert classes(made) == [("red5.xml", str(made.home / "lib" / "x.jar"))]


def test_a_class_path_of_the_environment(host, tmp_path):
    made = host()
    made.place.write(tmp_path / "more" / "red5.properties", "x")
    made.place.environment["CLASSPATH"] = f"{tmp_path}/more:{made.home}/conf"
    assert classes(made) == []  # that of the command line counts
    made.place.class_path = ""
    assert classes(made) == [("red5.properties", f"{tmp_path}/more")]


def test_an_archive_that_is_none(host, tmp_path):
    made = host()
    made.place.write(tmp_path / "x.jar", "no archive")
    made.place.class_path = f"{tmp_path}/x.jar:{tmp_path}/gone.jar:conf"
    found = made.look()
    assert (found.entries, len(found.unread)) == ((), 1)
    assert found.unread[0].startswith(f"{tmp_path}/x.jar: ")


def test_an_environment_that_is_not_shown(host):
    made = host()
    process = made.place.process

    def blind(started):
        found = process(started)
        found.environ.clear()
        return found

    made.place.process = blind
    assert made.look().unread == ("the server's environment: is not shown to this account",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")
def test_files_that_the_servers_account_names(host, tmp_path, base):
    """Root reads nothing for that account that it could not read itself."""
    made = host()
    secret = base / "secret"
    secret.write_text("-DhlsTime=1")
    secret.chmod(0o600)
    made.place.options.append(f"@{secret}")
    assert len(made.entries()) == 1
    process = made.place.process
    made.place.process = lambda started: type(process(started))(
        **{**vars(process(started)), "uid": 65533}
    )
    found = made.look()
    assert found.entries == ()
    assert len(found.unread) == 1 and found.unread[0].startswith(f"{secret}: Permission denied")
