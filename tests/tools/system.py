#!/usr/bin/env python3
"""The programs of the operating system that the tests use.

    system.py        as root on Debian or Ubuntu: install what is missing
                     otherwise: say what is missing and how to get it; the exit status is 0 all
                     the same, since the tiers that need it fail and the others run

Runs with any Python 3.11, before there is an environment. Only the standard library is used.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

# The program that is looked for, and the Debian package that has it.
PROGRAMS = {
    "chromium": "chromium",
    "ffmpeg": "ffmpeg",
    "git": "git",
    "ip": "iproute2",
    "javac": "openjdk-17-jdk-headless",
    "mmdebstrap": "mmdebstrap",
    "nft": "nftables",
    "nginx": "nginx",
    "nsenter": "util-linux",
    "podman": "podman",
    "rsync": "rsync",
    "runc": "runc",
    "shellcheck": "shellcheck",
    "unzip": "unzip",
}
VENV = "Python's ensurepip"


def found(program: str) -> bool:
    """Whether a program is there, /usr/sbin included, which an ordinary user's path may lack."""
    path = ":".join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    return shutil.which(program, path=path) is not None


def missing() -> dict[str, str]:
    """Missing programs with their packages."""
    absent = {program: package for program, package in PROGRAMS.items() if not found(program)}
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        absent[VENV] = "python{}.{}-venv".format(*sys.version_info)
    return absent


def remedy(packages: list[str]) -> str:
    """The command that gets packages."""
    return "apt-get install --no-install-recommends " + " ".join(packages)


# What Debian's packages ask before they start a service of theirs.
POLICY = Path("/usr/sbin/policy-rc.d")


@contextlib.contextmanager
def starting_nothing():
    """Packages that are installed here start no service: a web server would take port 80."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def install(packages: list[str]) -> None:
    """Install packages, without asking anything."""
    with starting_nothing():
        _install(packages)


def _install(packages):
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages],
    ):
        command[1:1] = ["-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120"]
        print("+ " + " ".join(command), flush=True)
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print(done.stdout[-4000:], flush=True)
            return


def main() -> int:
    absent = missing()
    if absent and os.geteuid() == 0 and found("apt-get"):
        install(sorted(set(absent.values())))
        absent = missing()
    if absent:
        print("Missing on this machine: " + ", ".join(absent))
        print("On Debian and Ubuntu: " + remedy(sorted(set(absent.values()))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
