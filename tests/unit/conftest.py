"""Makes the collection importable by its full name, straight from the checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _install_finder():
    """Link the checkout into a collection path and let Ansible's own loader find it."""
    if "ansible_collections" in ROOT.parts:  # under ansible-test, which has its own
        return
    base = ROOT / ".collections"
    link = base / "ansible_collections" / "streamward" / "antmedia"
    if not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        os.symlink(os.path.relpath(ROOT, link.parent), link)
    from ansible.plugins.loader import init_plugin_loader

    sys.path.insert(0, str(base))
    init_plugin_loader([str(base)])


_install_finder()
