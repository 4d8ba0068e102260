# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `secret-reused`: one secret is used for two purposes.

PRIVATE to the collection.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    remedy as _remedy,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    CannotTell,
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    shown,
)


def judge(evidence: Evidence) -> Finding:
    """Whether two kinds of secrets of the host are one and the same."""
    uses: dict[str, dict[str, tuple[str, str, Mapping]]] = {}
    unknown = list(evidence.unread_apps)
    for place in evidence.places():
        try:
            for use in _remedy.secrets_in_use(place):
                secret = place.secret(use.setting)
                if secret:
                    of_secret = uses.setdefault(secret.text("fingerprint"), {})
                    of_secret.setdefault(use.setting, (place.title, place.name, use.policy))
        except CannotTell as why:
            unknown.append(str(why))
    faults = []
    for fingerprint, found in uses.items():
        if len(found) > 1:
            named = " and ".join(f"{setting} of {use[0]}" for setting, use in found.items())
            policy = _control.merged(policy for _of, _app, policy in found.values())
            app = next(iter(found.values()))[1]
            line = f"{shown(named)} are one secret ({shown(fingerprint, 20)})"
            faults.append(Fault(line, app, policy, _remedy.ROTATE))
    return _control.found(faults, "every purpose has a secret of its own", unknown=unknown)


CONTROL = Control(
    id="secret-reused",
    title="One secret is used for two purposes",
    severity="high",
    topic="secrets",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "Fingerprints of the secrets that are on: of the management, of REST APIs, of streams,"
            " of nodes."
        ),
        why=(
            "A token is a text with a signature. Whoever may make one for one purpose, such as a"
            " shop that signs tokens for viewers, can make them for the other: the REST API, or the"
            " whole server."
        ),
        attack=(
            "The secret of the stream tokens stands in the code of a web shop. It opens the"
            " management API as well."
        ),
        remedy="Give each purpose its own: `streamward.antmedia.rotate`.",
        references=("docs/rotation.md",),
    ),
)
