# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is refused on the controller before a host is asked.

A null, half a character or a number without end in an option does not reach the module, or makes
ansible-core fail there without a word of which option it is.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    inventory as _inventory,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files

HOOKS = tuple("antmedia_drain_" + which for which in _inventory.HOOKS)


def refused(args: Mapping, variables: Mapping) -> dict | None:
    """The result of a task whose options are not valid, None if they are.

    :arg args: of the task, as they are templated.
    :arg variables: the task's.
    """
    faults = _options.faults(args, given=True)
    if isinstance(args.get("plan"), Mapping) and not faults:
        # Only who asks from another machine pays for what that needs.
        from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
            vantage as _vantage,
        )

        faults = _vantage.faults(plain(args["plan"]))
    # No task takes it: the role waits with it.
    faults += _options.out_of_bounds({"drain_timeout": variables.get("antmedia_drain_timeout")})
    faults += hooks_of_everybody(variables)
    if not faults:
        return None
    text = "\n".join(f"- {fault}" for fault in faults)
    host = variables.get("inventory_hostname", "")
    return {
        "failed": True,
        "changed": False,
        "msg": f"{host}: the options are not valid, nothing was changed:\n{text}",
        "faults": faults,
    }


def hooks_of_everybody(variables: Mapping) -> list[str]:
    """Faults of drain hooks in a folder that everybody may write to.

    They run on the controller. Otherwise the inventory is trusted, since Ansible itself runs what
    is in it.
    """
    named = [name for name in HOOKS if variables.get(name)]
    folder = _inventory.folder(variables)
    if not named or not folder:
        return []
    try:
        with _files.place(os.path.join(folder, named[0])):
            return []
    except _files.Unsafe as error:
        return [f"{named[0]}: {error.strerror}"]
    except OSError:
        return []
