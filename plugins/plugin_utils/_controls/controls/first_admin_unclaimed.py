# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `first-admin-unclaimed`: the first who comes becomes the admin.

PRIVATE to the collection.
"""

from __future__ import annotations

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
)


def judge(evidence: Evidence) -> Finding:
    """Whether the running server has no account yet."""
    if not evidence.running:
        raise CannotTell("the server does not run, so nobody says whether it has an admin")
    if not evidence.told.flag("unclaimed"):
        return _control.passed("the server has an admin")
    policy = {
        "antmedia_dashboard_cidrs": _remedy.own_addresses(evidence),
        "antmedia_secrets": {"admin": {"email": "you@example.net", "password": "{{ vaulted }}"}},
    }
    text = "the running server says that it has no account yet"
    return _control.found([Fault(text, policy=policy, step=STEP)])


STEP = "Look through the accounts afterwards: somebody may have been faster."

CONTROL = Control(
    id="first-admin-unclaimed",
    title="Nobody is the admin yet: the first who comes becomes it",
    severity="critical",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what="Whether the running server has an account of its web panel.",
        why=(
            "As long as there is none, the page of the panel offers to make one, to everybody whom"
            " `server.allowed_dashboard_CIDR` lets in, which is everybody as shipped."
        ),
        attack=(
            "One request to `/rest/v2/users/initial`, without any log-in, makes the attacker the"
            " admin. Scanners for it exist. The admin reads all secrets, and has the server run"
            " programs by its script settings."
        ),
        remedy=(
            "Make the account before the port is reachable, and narrow the list. With"
            " `antmedia_secrets.admin` in the policy, `secure` does both."
        ),
        references=("docs/first-hour.md",),
    ),
)
