# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What hosts still have to show: that they hold a secret, and that they verify with it.

PRIVATE to the collection.

Pure. An empty text means that nothing is wanting.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import verdict as _verdict
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.evidence import (
    NONE,
    Host,
)

ENTERPRISE = "enterprise"
PREVIOUS_CASE = "a token of the previous key"


def holds(host: Host, scope: str, mark: str, result: Mapping | None) -> str:
    """What is wanting until a host holds a secret wherever it uses it, empty if nothing is.

    :arg result: what the module ``settings`` returned, None for a host that was not changed.
    """
    uses = [use for use in host.uses if use.scope == scope]
    if result is None:
        marks = {use.mark for use in uses}
    elif result.get("failed"):
        return "could not be changed: " + _line(result)
    elif result.get("skipped"):
        return "was not changed, since a host before it failed"
    elif result.get("waiting"):
        return "waits until nobody is on air"
    elif result.get("restart_required"):
        return "has it in its files only, a restart is due"
    elif "fingerprints" not in result:
        return "did not say what it holds"
    else:
        held = result["fingerprints"]
        try:
            marks = {
                str((held["apps"].get(use.app, {}) if use.app else held).get(use.realm))
                for use in uses
            }
        except NONE:
            return "did not say what it holds"
    return "" if marks == {mark} else "does not hold it"


def proved(host: Host, scope: str, result: Mapping | None, old: bool, tolerant: bool) -> str:
    """What is wanting until a host has proved a scope, empty if nothing is.

    :arg result: what the module ``probe`` returned.
    :arg old: whether the host was to refuse a token of the secret before.
    :arg tolerant: whether what this edition or version cannot show may stay unproved.
    """
    if result is None:
        return "was not asked"
    if result.get("failed") or "controls" not in result:
        return "could not be asked: " + _line(result)
    try:
        return "; ".join(_wanting(host, scope, result, old, tolerant))
    except NONE:
        return "could not be asked: its answer is not one of the module probe"


def _wanting(host, scope, result, old, tolerant):
    wanting = []
    for use in (use for use in host.uses if use.scope == scope):
        silent = _cannot_show(use, host, result)
        if not (tolerant and silent):
            texts = list(_unproved(use, result, old))
            if texts and silent:
                texts[-1] += " (antmedia_unenforceable: warn does without this proof)"
            wanting += texts
    return wanting


def _cannot_show(use, host, result):
    """Whether no question would show which secret a host verifies with."""
    about = _words.REALMS[use.realm]
    file = _catalogue.SERVER if about.kept == _words.SERVER else _catalogue.APP
    if _catalogue.by_name(file, about.setting).edition == ENTERPRISE:
        return host.edition != ENTERPRISE
    outcomes = {
        c["outcome"]
        for c in result["controls"]
        if c["app"] == use.app and c["control"] in about.controls
    }
    # Without a switch it may guard nothing that can be asked for.
    return not about.switches and outcomes == {_verdict.CANNOT_TELL}


def _unproved(use, result, old):
    names = _words.REALMS[use.realm].controls
    place = f"{use.app}: " if use.app else ""
    found = [c for c in result["controls"] if c["app"] == use.app and c["control"] in names]
    wrong = [c for c in found if c["outcome"] == _verdict.NOT_ENFORCED]
    right = [c["control"] for c in found if c["outcome"] == _verdict.ENFORCED]
    if wrong or not right:
        for control in wrong or found:
            yield f"{place}{control['control']} {control['outcome']}: {control['reason']}"
        if not found:
            yield f"{place}{use.realm} was not asked about"
    elif old and not any(
        probe["app"] == use.app
        and probe["control"] in right
        and probe["case"] == PREVIOUS_CASE
        and probe["came"] == "refused"
        for probe in result["probes"]
    ):
        yield f"{place}no token of the secret before was tried"


def _line(result):
    lines = str(result.get("msg", "no reason given")).strip().splitlines()
    return " ".join(lines[:3])
