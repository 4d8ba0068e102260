# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults of versions of the server that are public, each with the number of its report.

Where the libraries are concerned, until which version is by the vendor's own list of them, the
repository ant-media-server-parent. What a setting mends has a control of its own.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Evidence,
    Fault,
    Finding,
)

COMMUNITY, ENTERPRISE = "community", "enterprise"
_ISSUES = "https://github.com/ant-media/Ant-Media-Server/issues/"
_ADVISORIES = "https://github.com/advisories/"


@dataclass(frozen=True)
class Hole:
    """A fault that is public.

    numbers: as it is known. what: in a line. where: the report. until: first version without it,
    since: first with it. edition: the one that has it, empty for both.
    """

    numbers: str
    what: str
    where: str
    until: tuple[int, ...]
    since: tuple[int, ...] = ()
    edition: str = ""


OF_SERVER = (
    Hole(
        "CVE-2024-32656",
        "every account of the host runs code in the server by its management port 5599, as shipped",
        _ADVISORIES + "GHSA-qwhw-hh9j-54f5",
        (2, 9, 0),
    ),
    Hole(
        "CVE-2024-3462",
        "a header of HTTP opens calls of the API; no version is known to be without it, up to 2.9.0"
        " it was tried",
        _ADVISORIES + "GHSA-g95v-3pj6-j433",
        (2, 10, 0),
        edition=COMMUNITY,
    ),
    Hole(
        "issue 7254",
        "who came once with a token plays and publishes without one in the same session",
        _ISSUES + "7254",
        (2, 15, 0),
        since=(2, 13, 2),
        edition=ENTERPRISE,
    ),
)

OF_LIBRARIES = (
    Hole("CVE-2022-1471", "SnakeYAML runs code out of a document", _ISSUES + "4659", (2, 5, 3)),
    Hole(
        "CVE-2022-42252, CVE-2023-24998",
        "Tomcat lets requests be smuggled, and be stopped by uploads",
        _ISSUES + "5325",
        (2, 6, 3),
    ),
    Hole("CVE-2026-22732", "Spring Security, rated 9.1", _ISSUES + "7741", (3, 0, 1)),
    Hole("CVE-2026-29145", "Tomcat, rated 9.1", _ISSUES + "7777", (3, 0, 1)),
    Hole(
        "CVE-2026-41409, CVE-2026-41635",
        "MINA, which RTMP is made of, rated 9.8",
        _ISSUES + "7815",
        (3, 1, 0),
    ),
    Hole("CVE-2026-43515", "Tomcat, rated 9.1", _ISSUES + "7830", (3, 1, 0)),
)


def holes(rows: tuple[Hole, ...], version: tuple[int, ...], edition: str) -> list[Hole]:
    """Those that a server has."""
    return [
        hole
        for hole in rows
        if hole.since <= version < hole.until and hole.edition in ("", edition)
    ]


def finding(evidence: Evidence, rows: tuple[Hole, ...]) -> Finding:
    """Which of them the version of a host has, each with the version to upgrade to."""
    faults = [
        Fault(
            f"{hole.numbers}: {hole.what} ({hole.where})",
            step=f"Upgrade to {_versions.shown(hole.until)} or later.",
        )
        for hole in holes(rows, evidence.version, evidence.edition)
    ]
    return _control.found(faults, "this version has none of the faults that are listed here")
