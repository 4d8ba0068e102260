# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What ``web.xml`` lets pages of other sites do, and whether it asks browsers for TLS.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
)

CORS = ("org.apache.catalina.filters.CorsFilter", "io.antmedia.filter.CorsHeaderFilter")
SECURITY = "org.apache.catalina.filters.HttpHeaderSecurityFilter"
_LONGEST = 500


def look(scene: Scene) -> dict[str, dict[str, Any] | None]:
    """By application, empty for the panel; None where its file cannot be read.

    origins: of which sites pages may ask, empty where the file names none. credentials: whether
    with the visitor's cookies. cors, hsts: whether a filter for it is there.
    """
    installation = scene.there
    found: dict[str, dict[str, Any] | None] = {}
    for app in ("", *installation.apps):
        path = scene.path("webapps", app or _installation.PANEL, "WEB-INF", "web.xml")
        file = scene.files.read(path)
        try:
            found[app] = _of(_xml.parse(file.data)) if file else None
        except _xml.XmlError as error:
            scene.files.cannot(path, error)
            found[app] = None
    return found


def _of(root: _xml.Element) -> dict[str, Any]:
    mapped = {element.first("filter-name") for element in root.all("filter-mapping")}
    filters = {
        element.first("filter-class"): element
        for element in root.all("filter")
        if element.first("filter-name") in mapped
    }
    cors = next((filters[name] for name in CORS if name in filters), None)
    said = _parameters(cors) if cors else {}
    security = _parameters(filters[SECURITY]) if SECURITY in filters else None
    return {
        "cors": cors is not None,
        "origins": said.get("cors.allowed.origins", "")[:_LONGEST],
        "credentials": said.get("cors.support.credentials", "").lower() == "true",
        "hsts": security is not None and security.get("hstsEnabled", "true").lower() != "false",
    }


def _parameters(element: _xml.Element) -> dict[str, str]:
    return {
        each.first("param-name"): each.first("param-value") for each in element.all("init-param")
    }
