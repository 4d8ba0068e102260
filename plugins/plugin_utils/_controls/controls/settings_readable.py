# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control `settings-readable`: every account of the host may read settings with secrets.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    modes as _modes,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.control import (
    Control,
    Evidence,
    Finding,
    Page,
)

KIND = "settings"
STEP = "chmod o-rwx the file, or the server's folder; its account has to keep its access."


def judge(evidence: Evidence) -> Finding:
    """Whether other accounts of the host may read one."""
    return _modes.readable(evidence, KIND, STEP)


CONTROL = Control(
    id="settings-readable",
    title="Every account of the host may read settings with secrets",
    severity="high",
    topic="secrets",
    judge=judge,
    page=Page(
        what=(
            "Modes of `conf/red5.properties`, `conf/jee-container.xml` and each"
            " `red5-web.properties`, and of the folders on the way. As shipped they are 0644, in"
            " old versions 0664."
        ),
        why=(
            "They hold every secret of the server in the clear: of tokens, of the nodes, of the"
            " database, of S3."
        ),
        attack=(
            "A web shop on the same machine is broken into; `cat"
            " /usr/local/antmedia/webapps/*/WEB-INF/red5-web.properties` makes the attacker the"
            " admin of the server as well."
        ),
        remedy=(
            "Close the files, or the folder above them. `secure` keeps the modes that it finds, so"
            " do it once. The server makes files of new applications with 0644; closing the folder"
            " sees to those, too."
        ),
        references=("docs/security.md",),
    ),
)
