# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the folder ``conf`` of the server does to settings, beside the settings file in it.

PRIVATE to the collection.
"""

from __future__ import annotations

import functools
import os
from typing import Any, Callable, Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    beans as _beans,
    entry as _entry,
    files as _files,
    filling as _filling,
    logback as _logback,
    names as _names,
    servlet as _servlet,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule.scene import (
    ROOT,
    Named,
    Scene,
)

OURS = ("classpath:/red5.properties", "classpath:red5.properties")
# As shipped: the settings file comes first.
AS_SHIPPED = _beans.Filler(OURS[:1], before=_beans.NONE, after=_beans.SYSTEM)
# The files of beans: the first has the bean of the server's settings.
BEANS = ("red5.xml", "red5-common.xml", "red5-core.xml", "jee-container.xml")
GLOBALS = "red5.globals"
CONTEXT = "context.xml"
ENGINE = "red5Engine"
APPLICATIONS = ("webappFolder", ROOT + "/webapps")

# Settings of the server that a file of beans takes by their key, and for which property.
TAKEN = {
    "jee-container.xml": {"http.host": "address", "http.port": "address"},
    "red5-core.xml": {
        "rtmp.host": "addresses",
        "rtmp.port": "addresses",
        "rtmps.keystorepass": "keystorePassword",
        "rtmps.truststorepass": "truststorePassword",
    },
    "red5-common.xml": {"server.cpu_limit": "cpuLimit"},
}
# How many files of a kind may name one another.
DEEPEST = 5


def look(scene: Scene, configurations: Iterable[tuple[str, Any]] = ()) -> _beans.Filler:
    """Find it; returns who fills in the server's own settings.

    :kwarg configurations: paths of further configurations of the log, with whose word they are.
    """
    names, found = scene.files.folder(scene.path("conf"), _wanted)
    for name, file in found.items():
        if _logback.is_one(name):
            log(scene, file)
    for path, account in configurations:
        configuration = scene.files.read(path, account)
        if configuration:
            log(scene, configuration)
    if CONTEXT in found:
        give(scene, found[CONTEXT], _servlet.context, _entry.EVERY)
    if ENGINE in names:
        _hosts(scene)
    filler = AS_SHIPPED
    for name in BEANS:
        if name in found:
            asked = _server_beans(scene, name, found[name])
            filler = asked if name == BEANS[0] else filler
    _globals(scene, found.get(GLOBALS))
    return filler


def _wanted(name):
    return name in (*BEANS, GLOBALS, CONTEXT) or _logback.is_one(name)


def log(scene: Scene, file: _files.File, depth: int = 0) -> None:
    """Find system properties that a configuration of the log sets."""
    said = scene.understood(file, _logback.read) if scene.first_time(file.path) else None
    if not said:
        return

    def property_(name, place, when):
        if name in scene.names.keys or name in scene.names.server:
            scene.named.append(Named(_entry.PROPERTY, name, place, when))

    for name in said.names:
        property_(name, file.path, scene.when(file))
    for location in scene.files.few(file.path, said.files):
        found = scene.keys_of(_path(scene, location), file.author)
        if found:
            for name in found[1]:
                property_(name, found[0].path, scene.when(file))
    for location in scene.files.few(file.path, said.includes) if depth < DEEPEST else ():
        inner = scene.files.read(_path(scene, location), file.author)
        if inner:
            log(scene, inner, depth + 1)


def _path(scene, location):
    """The path of a file that a configuration of the log names."""
    location = location.replace(ROOT, scene.home)
    location = location[5:] if location.startswith("file:") else location
    return os.path.join(scene.path("conf"), location)


def give(
    scene: Scene, file: _files.File, read: Callable[..., _servlet.Found], app: str
) -> _servlet.Found | None:
    """Find what a file of the web server inside gives to an application, or to all."""
    said = scene.understood(file, read)
    for way, name in said.names if said else ():
        if name in scene.names.keys:
            scene.named.append(Named(way, name, file.path, scene.when(file), app))
    for place in said.mounts if said else ():
        scene.whole(app, place, _entry.FOLDER, file.path, scene.when(file))
    return said


def _hosts(scene):
    """What the web server inside has for all applications of one host."""
    engine = scene.path("conf", ENGINE)
    for host in scene.files.few(engine, scene.files.folder(engine)[0]):
        for name, read in (
            ("context.xml.default", _servlet.context),
            ("web.xml.default", _servlet.descriptor),
        ):
            file = scene.files.read(os.path.join(engine, host, name))
            if file:
                give(scene, file, read, _entry.EVERY)


def words(scene: Scene, said: _beans.Beans, file: _files.File, app: str) -> None:
    """Find settings of applications that are set by something in a file of beans."""
    known = scene.names.words
    app = _entry.EVERY if "setproperty" in said.words else app  # of the whole server
    for word in sorted(said.words.keys() & known.keys()):
        scene.entries.append(
            _entry.Entry(
                app,
                known[word].name,
                said.words[word],
                _entry.BEAN,
                file.path,
                scene.when(file),
            )
        )


def holder(scene: Scene, said: _beans.Beans, file: _files.File, app: str) -> None:
    """Find what a file of beans does to the bean that holds the settings."""
    fields = scene.names.app_fields if app else scene.names.server_fields
    when = scene.when(file)
    for name in said.given:
        setting = fields.get(name.lower())
        if setting:
            scene.entries.append(_entry.Entry(app, setting, name, _entry.BEAN, file.path, when))
    for text in said.odd:
        scene.whole(app, text, _entry.BEAN, file.path, when)


def _server_beans(scene, name, file, depth=0):
    """Look at a file of the server's beans; returns who fills in its values."""
    said = scene.understood(file, _beans.read, _names.SERVER_BEAN)
    if not said:
        return AS_SHIPPED
    filler = _filling.first(said.fillers)
    path_of = functools.partial(_location, scene)
    if said.fillers:
        _filling.others(scene, "", filler, OURS, file, path_of, _own)
    holder(scene, said, file, "")
    words(scene, said, file, _entry.EVERY)
    _literals(scene, name, said, file)
    for location in scene.files.few(file.path, said.imports) if depth < DEEPEST else ():
        path = path_of(location)
        if os.path.basename(path) in BEANS and os.path.dirname(path) == scene.path("conf"):
            continue  # is looked at anyway
        inner = scene.files.read(path, file.author) if path else None
        if inner and scene.first_time(path):
            _server_beans(scene, os.path.basename(path), inner, depth + 1)
        elif not inner:
            scene.files.cannot(file.path, f"imports {location}, which was not found")
    return filler


def _own(key):
    """A setting of the server has one spelling."""
    return (key,)


def _location(scene, location):
    return _filling.path_in(scene, location, (scene.path("conf"),))


def _literals(scene, name, said, file):
    """Settings in whose place a file of beans has something else."""
    for key, property_ in TAKEN.get(name, {}).items():
        values = [value for given, value in said.properties if given == property_]
        if values and not any("${" + key in value for value in values):
            scene.entries.append(
                _entry.Entry("", key, property_, _entry.LITERAL, file.path, scene.when(file))
            )
    for given, value in said.properties:
        if given == APPLICATIONS[0] and value != APPLICATIONS[1]:
            path = value.replace(ROOT, scene.home).rstrip("/")
            if path != scene.path("webapps"):
                scene.whole(_entry.EVERY, value, _entry.FOLDER, file.path, scene.when(file))


def _globals(scene, file):
    """The beans that all applications share."""
    path = scene.path("webapps", "red5-default.xml")
    if file:
        found = scene.keys_of(file.path)
        named = found[1].get("default.context", "") if found else ""
        path = named.replace(ROOT, scene.home) or path
    inner = scene.files.read(path, file.author if file else None)
    said = scene.understood(inner, _beans.read, _names.APP_BEAN) if inner else None
    if said:
        words(scene, said, inner, _entry.EVERY)
