# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a start gives to the server: the one that was, by the process, and the next, by the unit.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    jar as _jar,
    place as _place,
    process as _process,
    rights as _rights,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.rights import Rights
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    jvm as _jvm,
    unit as _unit,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule.scene import (
    Named,
    Scene,
)

ENVIRONMENT = "the server's environment"
COMMAND = "the server's command line"

# What the server reads from its class path, where the first of a name wins.
READ = (
    "red5.properties",
    "red5.xml",
    "red5-common.xml",
    "red5-core.xml",
    "red5.globals",
    "jee-container.xml",
    "logback.xml",
    "logback-test.xml",
)
SHIPPED = "ant-media-server-service.jar"


@dataclass
class Start:
    """What one start gives.

    java: by options of Java. environment: values by name. places: where each of them is set.
    folder: in which the server runs. when: which start it is. account: whose word all of it is;
    None for root's. inside: the home as it is named there, where that is in a container.
    """

    java: _jvm.Java
    environment: Mapping[str, str] = field(repr=False)
    places: Mapping[str, str]
    folder: str
    when: str
    account: Rights | None = None
    inside: str = ""


def look(scene: Scene) -> list[Start]:
    """Find what starts give; returns them, that of the running process first."""
    found = list(filter(None, (_of_process(scene), _of_unit(scene))))
    for start in found:
        _names(scene, start)
        _root(scene, start)
        _class_path(scene, start)
    return found


def _of_process(scene):
    process = scene.process
    if not process:
        return None
    if process.arguments and not process.environ:
        scene.files.cannot(ENVIRONMENT, "is not shown to this account")
    # A command line is what its account wants it to be.
    account = _rights.of_account(process.uid) if process.uid and not os.geteuid() else None
    folder = process.folder or scene.home
    words = _jvm.of_words(process.arguments)
    read = _reader(scene, folder, account)
    java = _jvm.given(words, process.environ, COMMAND, ENVIRONMENT, read)
    places = dict.fromkeys(process.environ, ENVIRONMENT)
    inside = _process.home_inside(process)
    return Start(java, process.environ, places, folder, _entry.NOW, account, inside)


def _of_unit(scene):
    unit = _unit.look(scene.files, scene.home)
    if not unit:
        return None
    folder = unit.folder or scene.home
    read = _reader(scene, folder)
    java = _jvm.Java()
    for name, files in _jvm.VARIABLES.items():
        if name in unit.environment:
            java.add(_jvm.split(unit.environment[name]), unit.places[name], read, files)
    words = _jvm.of_words(unit.command)
    if words:
        # What the command takes from a variable is written where that is.
        written = {
            word: unit.places[name]
            for name, text in unit.environment.items()
            for word in _jvm.split(text)
        }
        for word in words:
            java.add([word], written.get(word, unit.command_place), read)
        java.class_path = _jvm.given(words, {}, "", "", lambda _path: "").class_path
    else:
        for name in _jvm.SCRIPT_VARIABLES:
            if name in unit.environment:
                java.add(_jvm.split(unit.environment[name]), unit.places[name], read)
    places, environment = dict(unit.places), dict(unit.environment)
    for name, value, path in unit.assigned:
        if "-D" in value:
            java.add(_jvm.split(value), path, read)
        places[name], environment[name] = path, value
    return Start(java, environment, places, folder, _entry.NEXT)


def _reader(scene, folder, account=None):
    """Reads a file of options, which is named as seen from a folder."""
    seen: list[str] = []

    def read(path):
        seen.append(path)
        few = len(scene.files.few("the options of Java", seen)) == len(seen)
        file = scene.files.read(os.path.join(folder, path), account) if few else None
        return file.text if file else ""

    return read


def _names(scene, start):
    """Names of settings among variables and system properties."""
    names = scene.names
    for name in start.environment:
        if name in names.environment or name in names.server:
            scene.named.append(Named(_entry.ENVIRONMENT, name, start.places[name], start.when))
    for name, where in start.java.places.items():
        if name in names.keys or name in names.server:
            scene.named.append(Named(_entry.PROPERTY, name, where, start.when))


def _root(scene, start):
    """The folder in which the server looks for its applications."""
    name = "red5.root"
    path, where = start.java.values.get(name, ""), start.java.places.get(name, "")
    if not path:
        name = "RED5_HOME"
        path, where = start.environment.get(name, ""), start.places.get(name, "")
    if path in ("", ".") or "$" in path:
        return  # the folder it runs in, by which it was found
    if not _same(_here(scene, start, path), scene.home):
        scene.whole(_entry.EVERY, f"{name}={path}", _entry.FOLDER, where, start.when)


def _here(scene, start, path):
    """A path of a start as this run finds it: the home of a container has another name there."""
    whole = os.path.join(start.folder, path)
    if start.inside and (whole + "/").startswith(start.inside + "/"):
        return scene.home + whole[len(start.inside) :]
    return whole


def _same(one, other):
    return os.path.realpath(one) == os.path.realpath(other)


def _class_path(scene, start):
    """What stands before the folder ``conf`` of the home on the class path."""
    before, path = [], start.java.class_path or start.environment.get("CLASSPATH", "")
    parts = path.split(":") if path else []
    for part in scene.files.few("the class path", parts):
        whole = _here(scene, start, part)
        if _same(whole, scene.path("conf")):
            break
        before.append(whole)
    else:
        before += [scene.path("lib", "*")] if path else []
    for place in (*scene.files.few("the boot class path", start.java.boot), *before):
        for path in _archives(scene, place, start.account):
            for name in _read_from(scene, path, start.account):
                scene.whole("", name, _entry.CLASS_PATH, path, start.when)


def _archives(scene, place, account):
    """The archives that a place on the class path stands for; any other is one itself."""
    if not place.endswith("/*"):
        return [place]
    names = scene.files.folder(place[:-2], named_by=account)[0]
    return [os.path.join(place[:-2], name) for name in names if name.endswith(".jar")]


def _read_from(scene, path, account):
    """Names of the files that the server reads from a place on its class path."""
    if path.endswith((".jar", ".zip")):
        return _in_archive(scene, path, account)
    names = scene.files.folder(path, named_by=account)[0]
    return [name for name in READ if name in names]


def _in_archive(scene, path, account):
    if os.path.basename(path) == SHIPPED:
        return []
    try:
        with _place.find(path, account) as at, os.fdopen(at.open(), "rb") as stream:
            return _jar.lists(stream, READ)
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        scene.files.cannot(path, error)
        return []
