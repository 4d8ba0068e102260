"""One environment a supported ansible-core, in the user's cache folder by what it is made of."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .places import CACHE, ROOT

# What of the pinned packages an old ansible-core wants in a version of its own.
UNPINNED = ("ansible-core", "resolvelib")


class NoInterpreter(Exception):
    """There is no Python that an ansible-core runs on."""


@dataclass(frozen=True)
class Core:
    """A release of ansible-core, and the versions of Python that it runs on, the best first."""

    version: str
    pythons: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.version.rpartition(".")[0]

    @cached_property
    def bin(self) -> Path:
        """The folder of its programs, made if need be."""
        return self._environment() / "bin"

    def _environment(self) -> Path:
        python, version = interpreter(self.pythons)
        packages = [f"ansible-core=={self.version}", *pinned("requirements.txt", "PyJWT", "hvac")]
        pins = "\n".join(pinned("constraints.txt"))
        content = "\n".join((version, *packages, pins))
        digest = hashlib.sha256(content.encode()).hexdigest()[:12]
        folder = CACHE / "cores" / f"{self.name}-{digest}"
        folder.parent.mkdir(parents=True, exist_ok=True)
        with open(f"{folder}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "ok").exists():  # else it is there, or was left half-made
                _run(python, "-m", "venv", "--clear", folder)
                (folder / "constraints.txt").write_text(pins + "\n")
                pip = (folder / "bin/python", "-m", "pip", "install", "--quiet", "--no-compile")
                options = ("--disable-pip-version-check", "--constraint")
                _run(*pip, *options, folder / "constraints.txt", *packages)
                (folder / "ok").touch()
        return folder


CORES = (
    Core("2.16.19", ("3.11", "3.12", "3.10")),
    Core("2.18.19", ("3.11", "3.12", "3.13")),
    Core("2.19.14", ("3.11", "3.12", "3.13")),
    Core("2.21.5", ("3.12", "3.13", "3.14")),
)


def pinned(name: str, *wanted: str) -> list[str]:
    """The pinned packages of a file of the repository, those wanted or all that can stay pinned."""
    lines = re.findall(r"(?m)^([A-Za-z0-9_.-]+)(==[^\s;]+)$", (ROOT / name).read_text("utf-8"))
    return [
        package + version
        for package, version in lines
        if (package in wanted if wanted else package not in UNPINNED)
    ]


def interpreter(versions: tuple[str, ...]) -> tuple[str, str]:
    """A Python that works and can make environments, and its full version.

    :raises NoInterpreter: that says how to get one.
    """
    manager = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for version in versions:
        places = [sys.executable, f"python{version}"]
        places += [str(each / "bin/python") for each in sorted(manager.glob(f"{version}.*"))]
        for place in places:
            found = _version(place)
            if re.match(rf"Python {re.escape(version)}\.", found):
                return place, found
    wanted = " or ".join(versions)
    raise NoInterpreter(
        f"wants Python {wanted} with venv, and there is none in PATH nor in {manager}."
        f" Debian, Ubuntu: apt-get install python{versions[0]}-venv; else: pyenv install"
        f" {versions[0]}"
    )


def _version(python):
    """Empty for what does not work, such as the shim of a version manager."""
    try:
        done = subprocess.run(
            [python, "-c", "import ensurepip, sys; print('Python', sys.version)"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return "" if done.returncode else " ".join(done.stdout.split())


def _run(*command):
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}:\n{done.stdout}")
