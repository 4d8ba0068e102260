# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `list-one-family`: everybody of one family of addresses is let in.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    cidr as _cidr,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    lists as _lists,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    Place,
)

STEP = "Name who is to be let in. If it really is everybody, write both 0.0.0.0/0 and ::/0."


def judge(evidence: Evidence) -> Finding:
    """Whether a list has the whole of one family, and not of the other."""
    return _control.in_files(
        evidence,
        _faults,
        says="no list has all of one family of addresses alone",
    )


def _faults(place: Place) -> list[Fault]:
    found = []
    for setting in _remedy.LISTS:
        text = place.text(setting) if place.has(setting) else ""
        whole = [each for each in _lists.EVERYBODY if _cidr.contains(text, each)]
        if len(whole) == 1:
            line = f"{place.title}: {setting} has {whole[0]}, and not the other family"
            # Everybody is right only where something else is asked for.
            meant = bool(place.name) and place.on("jwtControlEnabled")
            policy = _remedy.list_of(place, setting, ["any"]) if meant else {}
            found.append(Fault(line, place.name, policy, STEP))
    return found


CONTROL = Control(
    id="list-one-family",
    title="A list has everybody of IPv4 or of IPv6 alone",
    severity="low",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what="Lists that have `0.0.0.0/0` and not `::/0`, or the other way round.",
        why=(
            "The server looks at IPv4 and IPv6 apart. With IPv6 forgotten, clients that come by"
            " IPv6 through a proxy get a 403 where everybody should get in, and people then turn"
            " the filter off. As shipped the panel's list is of this kind."
        ),
        attack="None by itself; it is a sign that the list says what nobody meant.",
        remedy=(
            "Name who is to be let in. Where a token is asked for in any case, `any` stands for"
            " both families."
        ),
        references=(
            "docs/values.md",
            "https://github.com/ant-media/Ant-Media-Server/issues/4371",
        ),
    ),
)
