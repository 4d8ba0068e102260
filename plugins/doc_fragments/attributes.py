# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    """What every module and action of the collection supports."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in check mode and return what it would change without changing it.
  diff_mode:
    description:
      - Returns what it changed, or would change, in diff mode. Secrets are shown by fingerprint.
  platform:
    description: The systems it runs on.
    platforms: posix
"""
    ACTION_GROUP = r"""
attributes:
  action_group:
    description: Takes the defaults given for the group in C(module_defaults).
    support: full
    membership:
      - streamward.antmedia.antmedia
"""
    # These two stand before the others in a module's list: of two texts the first counts.
    ON_HOST = r"""
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    platforms: linux
    support: full
"""
    ON_CONTROLLER = r"""
attributes:
  action:
    description: Runs on the controller.
    support: full
  check_mode:
    support: full
  diff_mode:
    support: none
  platform:
    support: full
"""
