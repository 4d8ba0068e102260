# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `certificate-name`: a certificate is for another name.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    certificates as _certificates,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Control,
    Evidence,
    Finding,
    Page,
    shown,
)


def judge(evidence: Evidence) -> Finding:
    """Whether it is for a name by which clients come."""
    names = list(_names(evidence))

    def wrong(certificate):
        covered = [name.lower() for name in certificate.texts("names")]
        if not names:
            raise CannotTell("nothing says by which name clients come (server.name is empty)")
        if not any(_covers(pattern, name) for pattern in covered for name in names):
            of = ", ".join(map(shown, covered[:5])) or "nobody"
            yield f"it is for {of}, and clients come for {', '.join(map(shown, names))}"

    return _certificates.judge(evidence, wrong, "certificates are for the server's name")


def _names(evidence: Evidence) -> Iterator[str]:
    """Names in full by which the host is known; what its own file says counts before all others."""
    own = evidence.found.part("names").text("server").lower()
    others = (evidence.host.lower(), evidence.found.part("machine").text("name").lower())
    for name in (own,) if "." in own else others:
        if "." in name and not name.replace(".", "").isdigit():
            yield name


def _covers(pattern, name):
    if pattern.startswith("*."):
        return name.partition(".")[2] == pattern[2:]
    return pattern == name


CONTROL = Control(
    id="certificate-name",
    title="A certificate of the server is for another name",
    severity="medium",
    topic="tls",
    judge=judge,
    page=Page(
        what=(
            "The names of the server's own certificate, against `server.name` of its file, or else"
            " the names of the host in the inventory and on the machine."
        ),
        why="Clients refuse it, or were told to take any.",
        attack=(
            "As with one that nobody vouches for: a client that takes this one takes the"
            " attacker's."
        ),
        remedy="Get one for the name that stands in the addresses of your players.",
        references=("docs/proxies.md",),
    ),
)
