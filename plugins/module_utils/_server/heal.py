# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bringing a running application back to its file, without touching the file's text.

PRIVATE to the collection.
"""

from __future__ import annotations

from typing import Collection

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.installation import (
    Installation,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.transaction import (
    Transaction,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    held as _held,
    management as _management,
    ready as _ready,
)


def heal(
    installation: Installation,
    management: _management.Management,
    app: str,
    names: Collection[str] = (),
) -> list[str]:
    """Compare what an application holds with its file, and post what the file says if it differs.

    :arg management: one that can authenticate.
    :kwarg names: canonical names of settings to compare beside those that decide access.
    :returns: the names of the settings that differed.
    :raises NotReady: when the application does not hold them afterwards either.
    :raises RestError, OSError, ValueError: when asking, posting or the file fails.
    """
    held = management.settings(app)
    found = _held.differences(installation, app, held, names)
    if not found:
        return []
    management.post_settings(app, _held.healed(installation, app, held))
    rewrite(installation.apps[app])
    different = _held.differences(installation, app, management.settings(app), names)
    if different:
        raise _ready.NotReady(
            f"application {app} does not hold {', '.join(setting.name for setting in different)} as"
            " its file says"
        )
    return [setting.name for setting in found]


def heal_all(
    installation: Installation, management: _management.Management
) -> dict[str, list[str]]:
    """The same for all applications of a server that can be asked: the names by application."""
    if not management.accessible:
        return {}
    found = {app: heal(installation, management, app) for app in installation.apps}
    return {app: names for app, names in found.items() if names}


def rewrite(file: _files.SettingsFile) -> None:
    """Put a file back to bytes it had before the server rewrote it, as it does on every post."""
    current = _files.read_file(file.path)
    if current.data != file.data:
        again = Transaction([_files.NewFile("", current, file.data, file.mode, file.uid, file.gid)])
        again.prepare()
        again.replace()
