# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs of the collection's playbook on the hosts of the scenario whose tests are running."""

from __future__ import annotations

import json
import os
import subprocess
from typing import NamedTuple

from . import play as _play
from .places import ROOT

PLAIN = {"antmedia_batches": "100%", "antmedia_prove": False}  # the tests do the asking


class Run(NamedTuple):
    failed: bool
    changed: bool
    message: str


def command(**variables) -> list[str]:
    return _play.command(
        ROOT / "molecule/shared/inventory.yml",
        "secure.yml",
        f"--inventory={os.environ['MOLECULE_SCENARIO_DIRECTORY']}/inventory.yml",
        "--extra-vars=" + json.dumps({**PLAIN, **variables}),
    )


def start(**variables) -> subprocess.Popen:
    """Start a run and return at once."""
    environment = _play.environment(ANSIBLE_STDOUT_CALLBACK="ansible.posix.json")
    return subprocess.Popen(
        command(**variables), env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def play(**variables) -> Run:
    """Bring the scenario's hosts to its policy, with further variables over the inventory's."""
    run = start(**variables)
    output, _ = run.communicate()
    report = json.loads(output[output.index("{\n") :])  # what plugins print comes before
    results = [
        result
        for play in report["plays"]
        for task in play["tasks"]
        for result in task["hosts"].values()
    ]
    failures = [result.get("msg", "") for result in results if result.get("failed")]
    return Run(
        failed=run.returncode != 0,
        changed=any(stats["changed"] for stats in report["stats"].values()),
        message="\n".join(map(str, failures)),
    )
