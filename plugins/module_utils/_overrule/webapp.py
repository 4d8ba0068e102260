# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the folder of an application does to its settings, beside the settings file in it.

PRIVATE to the collection.
"""

from __future__ import annotations

import fnmatch
import functools
import os
import re

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    jar as _jar,
    place as _place,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    beans as _beans,
    conf as _conf,
    entry as _entry,
    files as _files,
    filling as _filling,
    logback as _logback,
    names as _names,
    servlet as _servlet,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule.scene import Scene

INFO = "WEB-INF"
OURS = ("/WEB-INF/red5-web.properties", "WEB-INF/red5-web.properties")
DESCRIPTOR = "web.xml"
TOMCAT_DESCRIPTOR = "tomcat-web.xml"
FRAGMENT = "META-INF/web-fragment.xml"
BEANS = "red5-*.xml"
MAIN_BEANS = "red5-web.xml"

_SEPARATORS = re.compile(r"[,;\s]+")


def look(scene: Scene, app: str) -> _beans.Filler:
    """Find it; returns who fills in the settings of the application."""
    folder = scene.path("webapps", app)
    names, found = scene.files.folder(os.path.join(folder, INFO), _wanted)
    locations = _descriptors(scene, app, names, found)
    context = scene.files.read(os.path.join(folder, "META-INF", "context.xml"))
    if context:
        _conf.give(scene, context, _servlet.context, app)
    if "lib" in names:
        _fragments(scene, app, os.path.join(folder, INFO, "lib"))
    logs(scene, app, names)
    files = _bean_files(scene, app, found, locations)
    return _beans_of(scene, app, files)


def logs(scene: Scene, app: str, names: list[str]) -> None:
    """Find what configurations of the log do that an application has of its own."""
    if "classes" in names:
        path = scene.path("webapps", app, INFO, "classes")
        for file in scene.files.folder(path, _logback.is_one)[1].values():
            _conf.log(scene, file)


def look_at_panel(scene: Scene, panel: str) -> None:
    """Find what the folder of the web panel does, which has no settings of an application."""
    names, found = scene.files.folder(scene.path("webapps", panel, INFO), _wanted)
    logs(scene, panel, names)
    for name in fnmatch.filter(found, BEANS):
        said = scene.understood(found[name], _beans.read, _names.APP_BEAN)
        if said:
            _conf.words(scene, said, found[name], _entry.EVERY)


def _wanted(name):
    return name in (DESCRIPTOR, TOMCAT_DESCRIPTOR) or fnmatch.fnmatchcase(name, BEANS)


def _descriptors(scene, app, names, found):
    """Look at the deployment descriptors; returns the locations of beans that they name."""
    locations: list[str] = []
    for name in (DESCRIPTOR, TOMCAT_DESCRIPTOR):
        file = found.get(name)
        if name == TOMCAT_DESCRIPTOR and scene.installation.version < _versions.TOMCAT_10:
            continue
        if not file or _servlet.says_nothing(file.data, scene.names.keys):
            continue
        said = _conf.give(scene, file, _servlet.descriptor, app)
        for key, value in said.parameters if said else ():
            if key == _servlet.LOCATIONS:
                locations = [part for part in _SEPARATORS.split(value) if part]
            elif key in _servlet.OTHER_PARTS:
                scene.whole(app, f"{key}={value}", _entry.BEAN, file.path, scene.when(file))
    return locations


def _fragments(scene, app, folder):
    """Look at the parts of descriptors in the application's own archives."""
    archives = fnmatch.filter(scene.files.folder(folder)[0], "*.jar")
    for name in scene.files.few(folder, archives):
        path = os.path.join(folder, name)
        try:
            with _place.find(path) as at, os.fdopen(at.open(), "rb") as stream:
                if not _jar.lists(stream, [FRAGMENT]):
                    continue
                data = _jar.look(stream, FRAGMENT, "web fragment")[1] or b""
                changed = os.fstat(stream.fileno()).st_mtime
            file = _files.File(f"{path}!{FRAGMENT}", data, changed, at.rights)
            _conf.give(scene, file, _servlet.descriptor, app)
        except (OSError, ValueError) as error:
            scene.files.cannot(path, error)


def _bean_files(scene, app, found, locations):
    """The files of beans that an application is made of, that with its settings first."""
    if not locations:
        names = fnmatch.filter(found, BEANS)
        return [found[name] for name in sorted(names, key=lambda name: name != MAIN_BEANS)]
    files: list[_files.File] = []
    for location in scene.files.few(scene.path("webapps", app), locations):
        start = f"/{INFO}/"
        if location.startswith(start) and fnmatch.filter(found, location[len(start) :]):
            files += [found[name] for name in fnmatch.filter(found, location[len(start) :])]
            continue
        path = _location(scene, app, location)
        file = scene.files.read(path) if path else None
        if file:
            files.append(file)
        else:
            where = scene.path("webapps", app, INFO, DESCRIPTOR)
            scene.files.cannot(where, f"names {location}, which was not found")
    return files


def _location(scene, app, location):
    folder = scene.path("webapps", app)
    resources = (os.path.join(folder, INFO, "classes"), scene.path("conf"))
    if not location.startswith("/") and ":" not in location:
        location = f"/{INFO}/{location}" if not location.startswith(INFO) else location
    return _filling.path_in(scene, location, resources, folder)


def _beans_of(scene, app, files):
    """Look at files of beans and what they import; returns who fills in the values."""
    waiting = list(files)
    seen: set[str] = set()
    understood, fillers, holders = [], [], []
    while waiting:
        file = waiting.pop(0)
        if file.path in seen or len(seen) > _files.MOST:
            continue
        seen.add(file.path)
        said = scene.understood(file, _beans.read, _names.APP_BEAN)
        if not said:
            continue
        understood.append(file)
        fillers += [(filler, file) for filler in said.fillers]
        holders += [file] * said.holders
        _conf.holder(scene, said, file, app)
        _conf.words(scene, said, file, app)
        for location in scene.files.few(file.path, said.imports):
            path = _location(scene, app, location)
            inner = scene.files.read(path, file.author) if path else None
            if inner:
                waiting.append(inner)
            else:
                scene.files.cannot(file.path, f"imports {location}, which was not found")
    for file in holders[1:]:
        text = f"a second bean {_names.APP_BEAN[0]}"
        scene.whole(app, text, _entry.BEAN, file.path, scene.when(file))
    return _filled(scene, app, fillers, understood)


def _filled(scene, app, fillers, files):
    filler = _filling.first([filler for filler, _file in fillers])
    file = next((file for one, file in fillers if one is filler), files[0] if files else None)
    if file:
        _filling.others(
            scene,
            app,
            filler,
            OURS,
            file,
            functools.partial(_location, scene, app),
            lambda key: [setting.name for setting in scene.names.keys.get(key, ())],
        )
    return filler
