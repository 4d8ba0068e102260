"""Starting ansible-playbook as an operator does, with the collection of the checkout."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .places import COLLECTIONS, ROOT


def command(inventory, playbook, *options, program="ansible-playbook") -> list[str]:
    """The command for a playbook: its path, or the name of one of the collection."""
    path = ROOT / "playbooks" / playbook if "/" not in str(playbook) else Path(playbook)
    return [str(program), "-i", str(inventory), str(path), *map(str, options)]


def environment(**more: str) -> dict[str, str]:
    return {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        **more,
    }


def start(inventory, playbook, *options, cwd=ROOT, env=None, **more) -> subprocess.Popen:
    """Start a playbook and return at once; standard error goes with the output."""
    return subprocess.Popen(
        command(inventory, playbook, *options),
        cwd=cwd,
        env=environment() if env is None else env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,
    )


def run(inventory, playbook, *options, **more) -> subprocess.CompletedProcess:
    """Run a playbook to its end."""
    process = start(inventory, playbook, *options, **more)
    output, _nothing = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output)
