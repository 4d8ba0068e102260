# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `cluster-database`: the database of the cluster asks for no password.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    reach as _reach,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Fault,
    Finding,
    Page,
    shown,
)

HOST, PASSWORD = "clusterdb.host", "clusterdb.password"
STEP = "Make an account in MongoDB, and put it into conf/red5.properties of every node."


def judge(evidence: Evidence) -> Finding:
    """Whether nodes ask a database on another host without a password."""
    if not evidence.installation.flag("clustered"):
        return _control.not_applicable("the server is in no cluster")
    server = evidence.server
    host = server.text(HOST).strip() if server.has(HOST) else ""
    # An address of MongoDB may bring the account along.
    if server.secret(PASSWORD) or "@" in host:
        return _control.passed("the database is asked with a password")
    if _reach.is_local(host):
        return _control.passed("the database is on this host")
    return _control.found([Fault(f"{HOST} is {shown(host)}, without a password", step=STEP)])


CONTROL = Control(
    id="cluster-database",
    title="The database of the cluster asks nobody for a password",
    severity="high",
    topic="operation",
    judge=judge,
    page=Page(
        what="`clusterdb.password` of nodes of a cluster whose database is on another host.",
        why=(
            "The database has all settings of all applications, with every secret in the clear,"
            " and all streams and tokens. Nodes take from it whatever is there."
        ),
        attack=(
            "`mongosh HOST` from any machine of the network reads the secrets, or turns the tokens"
            " off for all nodes."
        ),
        remedy="Have the database ask for a password, and keep it to the nodes by a firewall.",
        references=("docs/overruled.md",),
    ),
)
