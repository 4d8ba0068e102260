# Copyright (c) 2026 Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make demo`: secure one real Ant Media Server on this machine, and show that it is secured.

python -m demo         boot a fresh server, look, apply playbooks/secure.yml, look again
python -m demo down    stop it (`make demo-down`)
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from . import posture
from .sandbox import VERSION, Sandbox, SandboxError

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".demo"
PLAY = ["-i", "inventories/demo", "playbooks/secure.yml"]


class Steps:
    """Numbered headings, with the time each step took."""

    def __init__(self) -> None:
        self.number = 0
        self.began = self.last = time.monotonic()

    def step(self, text: str) -> None:
        self.number += 1
        self.last = time.monotonic()
        print(f"\n{self.number}. {text}", flush=True)

    def done(self, text: str = "done") -> None:
        print(f"   {text} ({time.monotonic() - self.last:.1f} s)", flush=True)


def boot(sandbox: Sandbox) -> None:
    """A freshly laid out server, so that the posture before is the one AMS ships with."""
    if sandbox.exists():
        sandbox.stop()
    sandbox.create(prefer_ports=True)
    sandbox.start()
    sandbox.wait_ready()


def secure() -> int:
    """Run the playbook as an operator would. Returns how many tasks changed something."""
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_FORCE_COLOR": "0",
    }
    with subprocess.Popen(
        [str(Path(sys.executable).with_name("ansible-playbook")), *PLAY],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as play:
        output = []
        for line in play.stdout:
            output.append(line)
            print("   | " + line, end="", flush=True)
    recap = re.findall(r"changed=(\d+) .*failed=(\d+)", "".join(output))
    if play.returncode or not recap:
        raise SandboxError(f"playbooks/secure.yml ended with {play.returncode}")
    return sum(int(changed) for changed, _ in recap)


def up() -> int:
    sandbox = Sandbox(FOLDER)
    steps = Steps()

    steps.step(f"The real Ant Media Server Community {VERSION}, on loopback, as shipped")
    boot(sandbox)
    apps = sandbox.apps()
    steps.done(f"{sandbox.url}, RTMP port {sandbox.rtmp_port}, applications {', '.join(apps)}")
    stand_ins = sandbox.facts["stand_ins"]
    if stand_ins:
        print(f"   (this machine lacks {', '.join(stand_ins)}: stand-ins are used)")

    steps.step("Its posture as shipped, by real requests")
    tried = posture.attempts(apps)
    nobody = posture.tokens(dict.fromkeys(("management", "rest"), "x" * 48))
    before = posture.observe(sandbox.http_port, tried, nobody)
    steps.done(f"{len(tried)} requests")

    steps.step("ansible-playbook " + " ".join(PLAY))
    secure()
    steps.done()

    steps.step("Its posture now, by the same requests")
    secrets = {
        realm: (FOLDER / "secrets" / realm).read_text("utf-8").split()[0]
        for realm in ("management", "rest")
    }
    after = posture.observe(sandbox.http_port, tried, posture.tokens(secrets))
    steps.done(f"{len(tried)} requests")

    steps.step("The same playbook again: nothing is left to do")
    changed = secure()
    steps.done(f"changed={changed}")

    lines, good = posture.table(tried, before, after)
    print("\n" + "\n".join(lines))
    print(
        f"\nOperator is {posture.OPERATOR}, stranger is {posture.STRANGER}. "
        f"{time.monotonic() - steps.began:.0f} s in all."
    )
    print(
        f"The server goes on running at {sandbox.url} until `make demo-down`.\n"
        "Change the policy in inventories/demo/group_vars/demo.yml and run step 3 again:\n"
        f"    . .venv/bin/activate && ansible-playbook {' '.join(PLAY)}"
    )
    if changed:
        raise SandboxError("The second run of the playbook changed something")
    if not good:
        raise SandboxError("The server does not do what the policy asks for")
    return 0


def down() -> int:
    sandbox = Sandbox(FOLDER)
    running = sandbox.pid()
    sandbox.stop()
    print("The demo's server is stopped." if running else "The demo's server was not running.")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(down() if sys.argv[1:] == ["down"] else up())
    except SandboxError as problem:
        sys.exit(f"\n{problem}")
