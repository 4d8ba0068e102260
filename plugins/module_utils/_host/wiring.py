# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the files of an installation lack of the filters that its version ships.

Reads ``web.xml`` of the panel and of each application, and what could have Tomcat read something
else in its place.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    filters as _filters,
    webxml as _webxml,
    xml as _xml,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    jar as _jar,
    place as _place,
)

# Shipped applications have one or none.
MOST_ARCHIVES = 100
FRAGMENT = "META-INF/web-fragment.xml"


@dataclass(frozen=True)
class Wired:
    """How an application is wired, or the panel.

    file: its ``web.xml``. lacks: what is wrong with each filter, by its row; the file that is to
    blame and why. changed: when the file was written last, in Unix seconds.
    """

    file: str
    lacks: dict[_filters.Filter, str] = field(default_factory=dict)
    changed: float = 0.0


class _Shared:
    """What counts for all applications of an installation."""

    def __init__(self, installation: _installation.Installation) -> None:
        conf = os.path.join(installation.home, "conf")
        # Tomcat's own folder for the host that the server makes of its address.
        host = (installation.server.document.get("http.host") or "").strip()
        engine = os.path.join(conf, "red5Engine", host)
        self.fault = _diverted(os.path.join(conf, "context.xml"))
        self.web = _webxml.WebXml()
        if host and "/" not in host:
            self.fault = self.fault or _diverted(os.path.join(engine, "context.xml.default"))
            self._merged(os.path.join(engine, "web.xml.default"))

    def _merged(self, path):
        """Take in a file that Tomcat joins with the web.xml of every application."""
        try:
            content = _read(path)
            self.web = _webxml.parse(content.data) if content else self.web
        except (OSError, _xml.XmlError) as error:
            self.fault = self.fault or f"{path} {_reason(error)}"


def look(installation: _installation.Installation) -> dict[str, Wired]:
    """How the panel and the applications are wired, the panel under an empty name."""
    shared = _Shared(installation)
    found = {app: _look(installation, app, shared) for app in ("", *installation.apps)}
    return {app: wired for app, wired in found.items() if wired}


def _look(installation, app, shared):
    """How one is wired; None for a panel that is not there at all."""
    folder = os.path.join(installation.home, "webapps", app or _installation.PANEL)
    if not app and not _installation.is_there(folder):
        return None
    version = installation.version
    rows = _filters.of(_filters.APP if app else _filters.PANEL, version)
    path = os.path.join(folder, "WEB-INF", "web.xml")
    changed = 0.0
    try:
        content = _read(path)
        if content is None:
            raise _xml.XmlError("is missing, so nothing has a filter")
        changed, web = content.changed, _webxml.parse(content.data)
    except (OSError, _xml.XmlError) as error:
        return Wired(path, dict.fromkeys(rows, f"{path} {_reason(error)}"), changed)
    archives = _Archives(os.path.join(folder, "WEB-INF", "lib"))
    diverted = _diverted(os.path.join(folder, "META-INF", "context.xml"))
    fault = diverted or shared.fault or archives.fault
    if fault:
        return Wired(path, dict.fromkeys(rows, fault), changed)
    # First what is nearer: of two with a name, Tomcat takes that.
    web = web.over(_webxml.WebXml() if web.complete else archives.web).over(shared.web)
    lacks = {row: _filters.lack(row, version, web) for row in rows}
    found = {row: f"{path} {text}" for row, text in lacks.items() if text}
    return Wired(path, {**_replaced(folder, rows, archives), **found}, changed)


def _read(path):
    """A file's content, None if there is none."""
    try:
        return _place.read(path)
    except FileNotFoundError:
        return None


def _reason(error):
    if isinstance(error, _xml.XmlError):
        return str(error)
    return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def _diverted(path):
    """Why a context.xml has Tomcat read another web.xml; empty if it does not."""
    try:
        content = _read(path)
        why = _webxml.diverted(content.data) if content else ""
    except (OSError, _xml.XmlError) as error:
        why = _reason(error)
    return f"{path} {why}" if why else ""


class _Archives:
    """What the archives of an application hold: classes, and parts of a web.xml."""

    def __init__(self, folder: str) -> None:
        self.fault = ""
        self.web = _webxml.WebXml()
        self.names: dict[str, frozenset[str]] = {}
        try:
            with _place.folder(folder) as at:
                files = [name for name in at.names() if name.endswith(".jar")]
        except FileNotFoundError:
            return
        except OSError as error:
            self.fault = f"{folder} {_reason(error)}"
            return
        if len(files) > MOST_ARCHIVES:
            self.fault = f"{folder} has more than {MOST_ARCHIVES} archives"
        for path in (os.path.join(folder, name) for name in files[:MOST_ARCHIVES]):
            try:
                self._read(path)
            except (OSError, ValueError) as error:
                self.fault = self.fault or f"{path} {_reason(error)}"

    def _read(self, path):
        with _place.find(path) as at, os.fdopen(at.open(), "rb") as stream:
            self.names[path], part = _jar.look(stream, FRAGMENT, FRAGMENT)
        if part is not None:
            self.web = self.web.over(_webxml.parse(part, "web-fragment"))


def _replaced(folder, rows, archives):
    """Filters whose class an application brings itself: its own is the one that is loaded."""
    names = {row: row.name.replace(".", "/") + ".class" for row in rows}
    classes = os.path.join(folder, "WEB-INF", "classes")
    found = {}
    for package in {os.path.dirname(name) for name in names.values()}:
        if _installation.is_there(os.path.join(classes, package)):
            for row, name in names.items():
                path = os.path.join(classes, name)
                if _installation.is_there(path):
                    found[row] = f"{path} stands in place of the server's own"
    for path, held in archives.names.items():
        for row, name in names.items():
            if name in held:
                found[row] = f"{path} has a {row.name} in place of the server's own"
    return found
