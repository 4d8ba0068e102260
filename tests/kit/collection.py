"""Makes the collection importable by its full name, straight from the checkout."""

from __future__ import annotations

import os

from .places import COLLECTIONS, ROOT


def link() -> None:
    """Link the checkout into a collection path."""
    path = COLLECTIONS / "ansible_collections" / "streamward" / "antmedia"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(os.path.relpath(ROOT, path.parent))


def make_importable() -> None:
    """Let Ansible's own loader find it; the folder is on the path already, for other processes."""
    if "ansible_collections" in ROOT.parts:  # under ansible-test, which has its own
        return
    link()
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(COLLECTIONS)])
