# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filters that enforce something of what the server is set to, as each version ships them.

A row is a filter's class, since its name changed. What a ``web.xml`` lacks of a row is what the
server then does not enforce. Filters that enforce nothing, and those of others, may come and go.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.webxml import WebXml

# Where a row belongs: the panel with the management API, or an application.
PANEL, APP = "panel", "application"


@dataclass(frozen=True)
class Filter:
    """A filter that enforces something.

    name: its class. where: see above. patterns: the addresses it stands before, each with the
    first version that ships it so. enforces: canonical names of the settings that mean nothing
    without it; empty for one that has no setting. does: what it does, in words. serves: packages
    and classes of servlets that it has to stand before at whatever address. before: classes of
    filters that answer themselves, so it has to come first. since: first version that ships it.
    gap: first version that does not ship it, and first that does again.
    """

    name: str
    where: str
    patterns: tuple[tuple[str, tuple[int, ...]], ...]
    enforces: tuple[str, ...]
    does: str
    controls: tuple[str, ...] = ()
    switch: str = ""
    always: bool = False
    serves: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    since: tuple[int, ...] = (2, 4, 0)
    until: tuple[int, ...] | None = None
    gap: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def exists_in(self, version: tuple[int, ...]) -> bool:
        """Whether a server of this version has the class for it."""
        return self.since <= version and (self.until is None or version < self.until)

    def shipped_in(self, version: tuple[int, ...]) -> bool:
        """Whether a server of this version comes with it in place."""
        missing = self.gap is not None and self.gap[0] <= version < self.gap[1]
        return self.exists_in(version) and not missing

    def addresses(self, version: tuple[int, ...]) -> tuple[str, ...]:
        """The addresses that it stands before in a server of this version."""
        return tuple(pattern for pattern, since in self.patterns if since <= version)


_ALWAYS = (2, 4, 0)
# Until then only files of these kinds were looked at.
_ALL_OF_STREAMS = (2, 4, 1)

FILTERS = (
    Filter(
        "io.antmedia.filter.IPFilterDashboard",
        PANEL,
        (("/*", _ALWAYS),),
        ("server.allowed_dashboard_CIDR",),
        "looks who asks for the panel and the management API",
        controls=("panel-address", "trusted-proxies"),
    ),
    Filter(
        "io.antmedia.console.rest.AuthenticationFilter",
        PANEL,
        (("/rest/*", _ALWAYS),),
        ("server.jwtServerControlEnabled",),
        "asks for a log-in or a token at the management API",
        controls=("management-jwt", "panel-login"),
        always=True,
        serves=("io.antmedia.console.rest", "io.antmedia.console.servlet.ProxyServlet"),
    ),
    Filter(
        "io.antmedia.filter.IPFilter",
        APP,
        (("/rest/*", _ALWAYS), ("/chunked/*", _ALWAYS), ("/hls-upload/*", (2, 6, 2))),
        ("remoteAllowedCIDR", "ipFilterEnabled"),
        "looks who asks for the REST API and uploads segments",
        controls=("rest-address",),
        switch="ipFilterEnabled",
        serves=("io.antmedia.rest", "io.antmedia.servlet.UploadHLSChunk"),
    ),
    Filter(
        "io.antmedia.filter.JWTFilter",
        APP,
        (("/rest/*", _ALWAYS),),
        ("jwtControlEnabled",),
        "asks for a token at the REST API",
        controls=("rest-jwt", "cluster-key"),
        serves=("io.antmedia.rest",),
    ),
    Filter(
        "io.antmedia.filter.TokenFilterManager",
        APP,
        (("/streams/*", _ALL_OF_STREAMS),),
        tuple(_words.SWITCHES["play"].values()),
        "asks players for a token",
        controls=("play",),
        before=("io.antmedia.filter.HttpForwardFilter",),
        since=_ALL_OF_STREAMS,
    ),
    Filter(
        "io.antmedia.filter.TokenFilterManager",
        APP,
        (("*.m3u8", _ALWAYS), ("*.ts", _ALWAYS), ("*.mp4", _ALWAYS)),
        tuple(_words.SWITCHES["play"].values()),
        "asks players for a token",
        controls=("play",),
        before=("io.antmedia.filter.HttpForwardFilter",),
        until=_ALL_OF_STREAMS,
    ),
    Filter(
        "io.antmedia.filter.SubscriberBlockFilter",
        APP,
        (("/streams/*", (2, 7, 0)),),
        (),
        "keeps out players that were blocked",
        since=(2, 7, 0),
    ),
    Filter(
        "io.antmedia.filter.ContentSecurityPolicyHeaderFilter",
        APP,
        (("/*", (2, 5, 0)),),
        ("contentSecurityPolicyHeaderValue",),
        "sends the header Content-Security-Policy",
        since=(2, 5, 0),
        gap=((2, 12, 0), (2, 13, 0)),
    ),
)


def of(where: str, version: tuple[int, ...]) -> tuple[Filter, ...]:
    """The filters that a server of this version has for the panel, or for an application."""
    return tuple(row for row in FILTERS if row.where == where and row.exists_in(version))


def lack(row: Filter, version: tuple[int, ...], web: WebXml) -> str:
    """What a ``web.xml`` lacks of a filter that the version ships; empty if nothing."""
    names = {name for name, class_ in web.filters.items() if class_ == row.name}
    if not names:
        return f"has no filter {row.name}"
    wanted = row.addresses(version) + _elsewhere(row, web)
    open_ = [pattern for pattern in dict.fromkeys(wanted) if not _covers(web, names, pattern)]
    if open_:
        return f"does not map {row.name} to {', '.join(open_)}"
    late = _late(row, version, web, names)
    return f"maps {row.name} after {late}, which answers itself" if late else ""


# What serves the REST API: a servlet that is told in which packages to look.
_REST = "org.glassfish.jersey.servlet.ServletContainer"


def _elsewhere(row, web):
    """Addresses that servlets behind the filter have, be they the shipped ones or not."""
    names = {
        name
        for name, servlet in web.servlets.items()
        if any(_serves(servlet, wanted) for wanted in row.serves)
    }
    found = (pattern for name, pattern in web.addresses if name in names)
    # As a filter's address, / is the start page alone.
    return tuple("/*" if pattern == "/" else pattern for pattern in found)


def _serves(servlet, wanted):
    """Whether a servlet is of a class, or told to serve a package or a part of it."""
    words = [servlet.name]
    if servlet.name == _REST:
        words += re.split("[\\s,;]+", " ".join(servlet.parameters))
    return any(
        word == wanted or wanted.startswith(word + ".") or word.startswith(wanted + ".")
        for word in words
        if word
    )


def _covers(web, names, pattern):
    """Whether some filter of these names sees every request for a pattern's addresses."""
    mappings = [mapping for mapping in web.mappings if mapping.name in names]
    if any(_within(pattern, other) for mapping in mappings for other in mapping.patterns):
        return True
    servlets = {name for mapping in mappings for name in mapping.servlets}
    if "*" in servlets:
        return True
    # By servlets: one has to take all of it, and whatever takes a part of it has to be named too.
    whole = any(name in servlets and _within(pattern, other) for name, other in web.addresses)
    return whole and all(
        name in servlets
        for name, other in web.addresses
        if _within(pattern, other) or _within(other, pattern)
    )


def _late(row, version, web, names):
    """The first filter that answers itself and is asked before this one; empty if there is none."""
    for mapping in web.mappings:
        if mapping.name in names:
            return ""
        if web.filters.get(mapping.name) in row.before and any(
            _touches(pattern, other)
            for pattern in row.addresses(version)
            for other in mapping.patterns
        ):
            return web.filters[mapping.name]
    return ""


def _within(inner, outer):
    """Whether all addresses of a pattern are among those of another."""
    if outer in ("/*", inner):
        return True
    return outer.endswith("/*") and (inner + "/").startswith(outer[:-1])


def _touches(pattern, other):
    """Whether two patterns may have an address in common."""
    ending = pattern.startswith("*.") or other.startswith("*.")
    return ending or _within(pattern, other) or _within(other, pattern)
