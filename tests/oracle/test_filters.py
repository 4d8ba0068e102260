"""The table of filters against what real servers ship, and what is left out of it."""

from __future__ import annotations

import re
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    filters as _filters,
    versions as _versions,
    webxml as _webxml,
)

pytestmark = pytest.mark.oracle

VERSIONS = ("2.4.3", "2.6.1", "2.6.2", "2.17.1")
# Filters of the server that enforce nothing a policy or an operator asks for. A new one has to be
# looked at.
LEFT_OUT = {
    "io.antmedia.filter.CorsHeaderFilter": "tells browsers, which ask for it themselves",
    "io.antmedia.filter.DashStatisticsFilter": "counts",
    "io.antmedia.filter.HlsManifestModifierFilter": "rewrites playlists",
    "io.antmedia.filter.HlsStatisticsFilter": "counts",
    "io.antmedia.filter.HttpForwardFilter": "sends players elsewhere",
    "io.antmedia.filter.RestProxyFilter": "hands requests on to other nodes",
    "org.apache.catalina.filters.ExpiresFilter": "tells caches",
}


@pytest.fixture(scope="module", params=VERSIONS)
def shipped(request, distribution):
    """A version, and what wires its panel and its applications."""
    path = distribution.with_name(distribution.name.replace("2.17.1", request.param))
    if not path.is_file():
        pytest.skip(f"{path.name} is not here; `make images` fetches it")
    found = {}
    with zipfile.ZipFile(path) as bundle:
        for name in bundle.namelist():
            match = re.fullmatch(r"[^/]+/webapps/([^/]+)/WEB-INF/web\.xml", name)
            if match:
                found[match.group(1)] = _webxml.parse(bundle.read(name))
            elif name.endswith("/context.xml"):
                assert _webxml.diverted(bundle.read(name)) == ""
    assert {"root", "LiveApp", "WebRTCApp"} <= set(found)
    return _versions.parse(request.param), found


def where(app):
    return _filters.PANEL if app == "root" else _filters.APP


def test_what_is_shipped_lacks_nothing(shipped, tally):
    version, found = shipped
    for app, web in found.items():
        for row in _filters.of(where(app), version):
            assert row.shipped_in(version)
            assert _filters.lack(row, version, web) == ""
            tally[f"filters in their places as {_versions.shown(version)} ships them"] += 1


def test_the_table_asks_for_all_that_is_shipped(shipped):
    """Each address of each filter, so that none can be narrowed without a word."""
    version, found = shipped
    for app, web in found.items():
        for row in _filters.of(where(app), version):
            names = {name for name, class_ in web.filters.items() if class_ == row.name}
            patterns = [
                pattern for each in web.mappings if each.name in names for pattern in each.patterns
            ]
            assert patterns == list(row.addresses(version))


def test_nothing_else_is_shipped_that_nobody_has_looked_at(shipped):
    version, found = shipped
    for app, web in found.items():
        known = {row.name for row in _filters.of(where(app), version)}
        assert set(web.filters.values()) - known <= set(LEFT_OUT)
