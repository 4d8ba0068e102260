# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `panel-open`: the list of the web panel has everybody.

PRIVATE to the collection.
"""

from __future__ import annotations

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
    shown,
)

LIST = "server.allowed_dashboard_CIDR"


def judge(evidence: Evidence) -> Finding:
    """Whether a whole family of addresses is in the list."""
    text = evidence.server.text(LIST)
    if not _lists.everybody(text):
        return _control.passed(f"{LIST} is {shown(text)}")
    policy = {"antmedia_dashboard_cidrs": _remedy.own_addresses(evidence)}
    return _control.found([Fault(f"{LIST} is {shown(text)}", policy=policy)])


CONTROL = Control(
    id="panel-open",
    title="The web panel lets in every address",
    severity="high",
    topic="access",
    mends=True,
    judge=judge,
    page=Page(
        what=(
            "The list of addresses that may open the web panel and the management API,"
            " `server.allowed_dashboard_CIDR` of `conf/red5.properties`. As shipped it is"
            " `0.0.0.0/0`."
        ),
        why=(
            "Whoever can open the panel can try passwords there. Accounts of the panel can read"
            " every secret of every application, change every setting, and have the server run"
            " programs. A list keeps such a mistake, or a fault in the log-in, inside your network."
        ),
        attack=(
            "Scanners find port 5080 within hours. They try known and guessed passwords; the server"
            " blocks an account for five minutes after three, and no address."
        ),
        remedy=(
            "Name who may open the panel: your offices, your VPN, your monitoring. The lines below"
            " keep the host itself and the address that this run came from; add yours."
        ),
        references=("docs/first-hour.md", "docs/proxies.md"),
    ),
)
