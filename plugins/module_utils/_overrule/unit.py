# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server's unit as systemd would start it next, read from its files.

What the running process was started with is another matter: files may have been changed since.

PRIVATE to the collection.
"""

from __future__ import annotations

import fnmatch
import os
import re
import shlex
from dataclasses import dataclass, field
from typing import Any, Iterator, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._host import service as _service
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    files as _files,
    jvm as _jvm,
)

# Where systemd looks, the place that wins first.
FOLDERS = (
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/run/systemd/system",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    "/run/systemd/generator.late",
)
# What systemd gives to every service.
MANAGER = "/etc/systemd/system.conf"
# Drop-ins of the unit, and those of all services.
DROP_INS = (_service.UNIT + ".d", "service.d")

_SPECIFIERS = {"%%": "%", "%E": "/etc", "%t": "/run", "%S": "/var/lib", "%C": "/var/cache"}
_SPECIFIER = re.compile("%.")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
# A variable that a script sets or hands on.
_SCRIPT = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One line of a unit: in which section it stands, its key, its value, and its file."""

    section: str
    key: str
    value: str
    path: str


@dataclass
class Unit:
    """What a start gives to the server.

    environment: values by name. places: where each of them is set. command: the words of the
    command. command_place: where that stands. folder: in which it is started. assigned: name,
    value and place of what the scripts set that the command runs.
    """

    environment: dict[str, str] = field(default_factory=dict, repr=False)
    places: dict[str, str] = field(default_factory=dict)
    command: Sequence[str] = field(default=(), repr=False)
    command_place: str = ""
    folder: str = ""
    assigned: list[tuple[str, str, str]] = field(default_factory=list, repr=False)


def lines(text: str, path: str) -> Iterator[Line]:
    """The lines of a unit's file."""
    section, whole = "", ""
    for line in text.split("\n"):
        bare = line.strip()
        if bare.startswith(("#", ";")) or (not bare and not whole):
            continue
        if bare.endswith("\\"):
            whole += bare[:-1] + " "
            continue
        whole += bare
        if whole.startswith("[") and whole.endswith("]"):
            section = whole[1:-1]
        elif "=" in whole:
            key, _equals, value = whole.partition("=")
            yield Line(section, key.strip(), value.strip(), path)
        whole = ""


def _words(value):
    """The words of a value, as a shell would take them; unbalanced quotes are taken as they are."""
    try:
        return shlex.split(value)
    except ValueError:
        return value.split()


def _specified(text):
    return _SPECIFIER.sub(lambda found: _SPECIFIERS.get(found.group(), found.group()), text)


def said(files: _files.Files) -> list[Line]:
    """All lines that matter, in the order in which systemd takes them."""
    there: dict[str, _files.File] = {}
    drop_ins: dict[str, str] = {}
    for folder in FOLDERS:
        names, found = files.folder(folder, lambda name: name == _service.UNIT)
        there = there or found
        for inner in DROP_INS:
            if inner in names:
                path = os.path.join(folder, inner)
                for name in files.folder(path)[0]:
                    # The same name in an earlier folder hides it.
                    if name.endswith(".conf"):
                        drop_ins.setdefault(name, os.path.join(path, name))
    if not there:
        return []
    managers = [MANAGER]
    managers += [os.path.join(MANAGER + ".d", name) for name in files.folder(MANAGER + ".d")[0]]
    later = [drop_ins[name] for name in sorted(drop_ins)]
    read = [files.read(path) for path in managers]
    read += [*there.values(), *(files.read(path) for path in later)]
    return [line for file in filter(None, read) for line in lines(file.text, file.path)]


def look(files: _files.Files, home: str) -> Unit | None:
    """The unit of the server of a home; None where systemd does not run, or has none for it."""
    if not _service.systemd_runs():
        return None
    from_files: list[Any] = []
    removed: list[Any] = []
    unit, command = Unit(), ""
    for line in said(files):
        if line.key == "DefaultEnvironment" and line.section == "Manager":
            _assign(unit, line.value, line.path)
        if line.section != "Service":
            continue
        if line.key == "Environment":
            _assign(unit, line.value, line.path)
        elif line.key == "EnvironmentFile":
            from_files = [*from_files, line.value] if line.value else []
        elif line.key == "UnsetEnvironment":
            removed = [*removed, *_words(line.value)] if line.value else []
        elif line.key == "ExecStart":
            command, unit.command_place = line.value, line.path
        elif line.key == "WorkingDirectory":
            unit.folder = line.value.lstrip("-")
    for path in from_files:
        _take(unit, files, _specified(path.lstrip("-")))
    for name in removed:
        unit.environment.pop(name.partition("=")[0], None)
    unit.command = tuple(_expanded(_words(command.lstrip("@-:+!|")), unit.environment))
    wanted = {"LoadState": "loaded", "WorkingDirectory": unit.folder}
    if not _service.starts({**wanted, "ExecStart": " ".join(unit.command)}, home):
        return None
    for script in _scripts(files, home, unit.command):
        for name, value in _SCRIPT.findall(script.text):
            unit.assigned.append((name, value.strip().strip("\"'"), script.path))
    return unit


def _assign(unit, value, path):
    if not value:
        unit.environment.clear()
    for word in _words(_specified(value)):
        name, equals, text = word.partition("=")
        if equals:
            unit.environment[name], unit.places[name] = text, path


def _take(unit, files, pattern):
    """Take what files of variables say, which may be named by a pattern."""
    paths = [pattern]
    folder, name = os.path.split(pattern)
    if any(sign in name for sign in "*?["):
        names = files.folder(folder)[0]
        paths = [os.path.join(folder, found) for found in fnmatch.filter(names, name)]
    for path in paths:
        file = files.read(path)
        for line in file.text.replace("\\\n", " ").split("\n") if file else ():
            name, equals, value = line.partition("=")
            name = name.strip()
            if equals and not name.startswith(("#", ";")):
                unit.environment[name] = " ".join(_words(value))
                unit.places[name] = path


def _expanded(words, environment):
    """The words of a command, with the values of variables in them."""
    for word in words:
        found = _VARIABLE.fullmatch(word)
        if found and found.group(2):  # a word of its own, which may become several
            yield from _words(environment.get(found.group(2), ""))
        else:
            yield _VARIABLE.sub(
                lambda part: environment.get(part.group(1) or part.group(2), ""), _specified(word)
            )


def _scripts(files: _files.Files, home: str, command: Any) -> Iterator[_files.File]:
    """The scripts that a command runs to start the server."""
    start = os.path.join(home, "start.sh")
    paths = [word for word in command if os.path.isabs(word)]
    for path in paths if _jvm.MAIN_CLASS not in command else ():
        file = files.read(path, quiet=True)  # it may be a program
        if file and file.data.startswith(b"#!"):
            yield file
            if "start.sh" in file.text and path != start:
                yield from filter(None, [files.read(start)])
