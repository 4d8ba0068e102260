# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What came of a play, decided from what hosts have registered, in fixed words.

PRIVATE to the collection.

Pure. What hosts say has been made visible before, see ``_registered``; None is a host that has
registered nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible

NO_REASON = "no reason was given"
RESTART_DUE = (
    "the policy is not in force: a restart is due ({}), which nothing here can do. Restart the"
    " server and run this again, or say how it is done (antmedia_service_manager: command, with"
    " antmedia_service_commands). antmedia_apply: defer leaves the restart to others, and then this"
    " is not a failure"
)


def of_settings(result: Mapping, last: bool = False) -> str:
    """Why a host does not get its policy; empty if it does, or is still to wait.

    :arg result: of the module ``settings``.
    :kwarg last: whether it has waited long enough.
    """
    text = str(result.get("msg") or NO_REASON)
    if last and result.get("waiting"):
        return f"nothing was changed, somebody is still on air: {text}"
    if result.get("failed") or result.get("unreachable"):
        return text
    # Whoever puts a restart off says so; otherwise a policy that is in files only is in no force.
    if result.get("restart_required") and result.get("way") == "restart":
        reasons = ", ".join(map(str, result.get("reasons") or ())) or NO_REASON
        return RESTART_DUE.format(reasons)
    return ""


def of_report(result: Mapping, host: str) -> str:
    """Why a host does not enforce its policy; empty if it does.

    :arg result: of the module ``report``.
    """
    failed = result.get("failed_hosts")
    return str(failed[host]) if isinstance(failed, Mapping) and host in failed else ""


def of_rotation(result: Mapping) -> str:
    """What a rotation left undone; empty if nothing.

    :arg result: of the module ``rotation``, its first step or its last.
    """
    if result.get("unfinished"):
        return "\n".join(map(str, result.get("lines") or [NO_REASON]))
    absent = result.get("absent")
    if not absent:
        return ""
    hosts = "; ".join(f"{host} {why}" for host, why in absent.items())
    return (
        f"{hosts}; the next run of rotate or secure brings them up to date;"
        " antmedia_rotation_quorum excuses them"
    )


def of_token(result: Mapping) -> str:
    """Why a token is not known to be accepted; empty if it is.

    :arg result: of the module ``token``.
    """
    return "" if result.get("accepted") is True else str(result.get("verdict") or NO_REASON)


def lost(hosts: list[str], left: list[str], results: Callable[[str], Mapping | None]) -> list[str]:
    """Hosts that the play had begun with and does not reach any more.

    :arg hosts: all of the play.
    :arg left: those that are still there.
    :arg results: what the module ``settings`` returned for a host.
    """
    there = set(left)
    return [host for host in hosts if host not in there and results(host) is not None]


def fleet(
    hosts: list[str],
    results: Callable[[str], Mapping | None],
    proofs: Callable[[str], Mapping | None],
    failed: Mapping,
    check: bool,
) -> list[str]:
    """Which host has what, a line each.

    :arg results: what the module ``settings`` returned for a host.
    :arg proofs: what the module ``proved`` returned for a host.
    :arg failed: hosts that do not pass, and why.
    :arg check: whether nothing was to be changed.
    """
    return [
        _visible.line(f"{host}: {_has(results(host), proofs(host), failed.get(host), check)}")
        for host in hosts
    ]


def _has(run, proof, failure, check):
    run = run or {}
    ways = (
        (
            run.get("unreachable"),
            "not reached, and not touched unless the connection broke half-way",
        ),
        # One that has waited long enough has failed, too.
        (run.get("failed") and not run.get("waiting"), "failed, see the error above"),
        ("changed" not in run, "not touched"),
        (check and run.get("changed"), "not touched, would get the policy"),
        (run.get("waiting"), "not touched, its restart waits"),
        (failure is not None, f"has the policy and fails the proof: {failure}"),
        (run.get("restart_required"), "has the policy, files only: a restart is due"),
        (
            run.get("unproved") and (proof is None or proof.get("skipped")),
            "has the policy, not proved",
        ),
    )
    return next((words for holds, words in ways if holds), "has the policy")
