# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the module facts as that of settings is run."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.action.settings import ActionModule

__all__ = ["ActionModule"]
