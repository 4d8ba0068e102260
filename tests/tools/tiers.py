#!/usr/bin/env python3
"""Run every tier of tests, from cheap to real, and say in one table how each ended.

    tiers.py [NAME ...]      default: all of them; NAME is a tier or the beginning of its name

A tier passes only if it ran and everything in it passed. One that cannot run here, for want of a
program or of rights, fails and says what it wants. Each tier's whole output is in reports/NAME.log.
Tiers that need containers run one after the other. Beside them the others do, and two of those once
no container is needed any more.
Every folder of tests and every Molecule scenario is a tier without being listed here.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import system

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "reports"
MINUTES = 30  # no tier takes a third of it

LINTS = ("yaml", "ansible", "python", "types", "shell", "changelog", "docs", "sanity")
ORDER = ("unit", "oracle", "sandbox", "rotation")  # and then the short ones
# Beyond what is in the environment. `root`: what makes containers and networks is for root here.
NEEDS = {
    "lint-shell": ("git", "shellcheck"),
    "lint-sanity": ("git",),
    "oracle": ("javac",),
    "sandbox": ("ffmpeg", "javac"),
    "browser": ("chromium",),
    "hosts": ("root", "podman", "runc", "mmdebstrap", "javac"),
    "live": ("root", "podman", "runc", "nsenter", "ffmpeg"),
    "molecule": ("root", "podman", "runc", "nsenter", "ffmpeg", "javac"),
}


@dataclass
class Tier:
    """A command, how it is counted, and how it ended."""

    name: str
    command: list[str]
    counts: bool = False  # whether it writes a JUnit file that says how many tests there were
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    remarks: list[str] = field(default_factory=list)

    @property
    def needs(self) -> tuple[str, ...]:
        return NEEDS.get(self.name, NEEDS.get(self.name.split("-")[0], ()))

    @property
    def good(self) -> bool:
        return self.passed > 0 and self.failed == 0


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def tiers() -> list[Tier]:
    """All tiers, in the order they run in."""
    found = [Tier(f"lint-{name}", ["make", "-s", f"lint-{name}"]) for name in LINTS]
    folders = {path.parts[len(ROOT.parts) + 1] for path in ROOT.glob("tests/*/**/test_*.py")}
    for name in sorted(folders, key=lambda each: ([*ORDER, each].index(each), each)):
        report = f"--junitxml={REPORTS / name}.xml"
        command = python(
            "-m",
            "pytest",
            "-q",
            "--durations=8",
            "-m",
            "not long",
            f"tests/{name}",
            report,
        )
        found.append(Tier(name, command, counts=True))
    scenarios = sorted(path.parent.name for path in ROOT.glob("molecule/*/molecule.yml"))
    needing = [index for index, tier in enumerate(found) if "podman" in tier.needs]
    hosts = Tier("hosts", python("-m", "tests.kit.image.build"))
    found.insert(needing[0] if needing else len(found), hosts)
    for name in scenarios:
        command = python("-m", "molecule", "test", "--scenario-name", name)
        found.append(Tier(f"molecule-{name}", command))
    return found


def wanting(needs: tuple[str, ...]) -> list[str]:
    """What of the needs is not there, each with its remedy."""
    wants = []
    if "root" in needs and os.geteuid() != 0:
        wants.append("must be run as root")
    programs = [need for need in needs if need != "root" and not system.found(need)]
    if programs:
        packages = sorted({system.PROGRAMS[program] for program in programs})
        wants.append(f"wants {', '.join(programs)}: {system.remedy(packages)}")
    return wants


class Run:
    """Tiers that run, two at a time, and how to end them."""

    def __init__(self):
        self.ended = False
        self.processes: set[subprocess.Popen] = set()

    def all(self, chosen: list[Tier]) -> None:
        with_hosts = deque(tier for tier in chosen if "podman" in tier.needs)
        others = deque(tier for tier in chosen if "podman" not in tier.needs)
        with ThreadPoolExecutor(2) as pool:
            try:
                lanes = [pool.submit(self.lane, with_hosts, others), pool.submit(self.lane, others)]
                for each in lanes:
                    each.result()
            finally:
                self.end()

    def lane(self, *queues: deque[Tier]) -> None:
        """Run what waits, the first queue first."""
        for queue in queues:
            while not self.ended:
                try:
                    tier = queue.popleft()
                except IndexError:
                    break
                run(tier, self)
                verdict = "passed" if tier.good else "FAILED"
                show(tier, f"=== {verdict} after {tier.seconds:.0f} s\n".encode())

    def end(self) -> None:
        self.ended = True
        for process in list(self.processes):
            end(process, signal.SIGTERM)


def end(process: subprocess.Popen, by: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, by)


def show(tier: Tier, line: bytes) -> None:
    sys.stdout.buffer.write(f"{tier.name} | ".encode() + line)
    sys.stdout.buffer.flush()


def run(tier: Tier, whole: Run) -> None:
    """Run a tier, showing and keeping its output."""
    show(tier, b"=== starts\n")
    tier.remarks = wanting(tier.needs)
    if tier.remarks:
        tier.failed = 1
        return
    report = REPORTS / f"{tier.name}.xml"
    report.unlink(missing_ok=True)
    began = time.monotonic()
    status = _follow(tier, whole)
    tier.seconds = time.monotonic() - began
    if tier.counts:
        _count(tier, report)
    if status:
        tier.failed = tier.failed or 1
    elif not tier.counts:
        tier.passed = 1
    if tier.counts and not tier.passed:
        tier.failed = tier.failed or 1
        tier.remarks.append("no test passed")


def _follow(tier: Tier, whole: Run) -> int:
    """Run the command to its end and give its exit status."""
    environment = {
        **os.environ,
        "ANSIBLE_FORCE_COLOR": "0",
        "ANSIBLE_NOCOLOR": "1",
        "MOLECULE_GLOB": "molecule/*/molecule.yml",
        "NO_COLOR": "1",
        "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
    }
    with (REPORTS / f"{tier.name}.log").open("wb") as log:
        process = subprocess.Popen(
            tier.command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        whole.processes.add(process)
        # A pipe that a stray child keeps open must not hold up the whole run.
        alarm = threading.Timer(MINUTES * 60, end, [process, signal.SIGKILL])
        alarm.start()
        try:
            for line in process.stdout:
                log.write(line)
                show(tier, line)
            status = process.wait()
        finally:
            alarm.cancel()
            whole.processes.discard(process)
    if status == -signal.SIGKILL:
        tier.remarks.append(f"ended after {MINUTES} minutes")
    return status


def _count(tier: Tier, report: Path) -> None:
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        tier.remarks.append("ended without a report")
        return
    total, failures, errors, skipped = (
        sum(int(suite.get(key, 0)) for suite in suites)
        for key in ("tests", "failures", "errors", "skipped")
    )
    tier.failed = failures + errors
    tier.skipped = skipped
    tier.passed = total - tier.failed - skipped
    reasons = {
        " ".join(re.sub(r"^.*?: ", "", each.get("message", "")).split())
        for suite in suites
        for each in suite.iter("skipped")
    }
    tier.remarks += [f"skipped: {reason}" for reason in sorted(reasons)]
    for case in (each for suite in suites for each in suite.iter("testcase")):
        tier.remarks += [_failed(case, said) for said in case if said.tag in ("failure", "error")]


def _failed(case: ElementTree.Element, said: ElementTree.Element) -> str:
    message = " ".join(said.get("message", "").split())
    return f"failed: {case.get('classname')}.{case.get('name')}: {message[:300]}"


def summary(done: list[Tier]) -> str:
    """The table, with a line for each tier."""
    width = max(len(tier.name) for tier in done)
    lines = [f"{'tier':{width}}  result  passed  failed  skipped   time"]
    for tier in done:
        lines.append(
            f"{tier.name:{width}}  {'passed' if tier.good else 'FAILED'}  {tier.passed:6}"
            f"  {tier.failed:6}  {tier.skipped:7}  {tier.seconds:4.0f} s"
        )
        lines += [f"{'':{width}}  {remark}" for remark in tier.remarks]
    return "\n".join(lines)


def main() -> int:
    wanted = sys.argv[1:]
    chosen = [
        tier
        for tier in tiers()
        if not wanted
        or any(tier.name == each or tier.name.startswith(f"{each}-") for each in wanted)
    ]
    if not chosen:
        print("No such tier. There are: " + ", ".join(tier.name for tier in tiers()))
        return 2
    REPORTS.mkdir(exist_ok=True)
    # Told to end, it ends what it runs as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    began = time.monotonic()
    Run().all(chosen)
    text = summary(chosen)
    (REPORTS / "summary.txt").write_text(text + "\n", "utf-8")
    passed, failed, skipped = (
        sum(getattr(tier, key) for tier in chosen) for key in ("passed", "failed", "skipped")
    )
    text += "\n\nFigures, many boots and every kill point are left to `make test-long`."
    print(f"\n{text}\n\n{(time.monotonic() - began) / 60:.1f} minutes in all; logs in reports/")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 0 if all(tier.good for tier in chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
