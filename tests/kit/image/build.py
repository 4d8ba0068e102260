# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Build what test hosts are made of, as far as it is absent: the image and the distributions.

    python -m tests.kit.image.build [--prune] [VARIANT ...]        default: every variant

A variant is `2.17.1` (the real server), `2.17.1-double` (the same server with the labelled
enforcement double in place of its mock token beans) or `3.0.3-files` (files of a 3.x installation
for the settings engine alone; no server runs from it). Everything is named by what it was built
from: a changed recipe builds anew, an unchanged one costs nothing. Standard library only.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from demo.sandbox import SandboxError, fetch

from ..containers import CONTAINERS_CONF
from ..places import CACHE
from .trees import (
    CHECKSUMS,
    TREES,
    VARIANTS,
    build as build_tree,
    digest,
    needs,
    tree,
)

HERE = Path(__file__).resolve().parent


def podman_environment() -> dict[str, str]:
    return {"CONTAINERS_CONF": CONTAINERS_CONF, **os.environ}


def podman(*arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["podman", *arguments],
        env=podman_environment(),
        check=check,
        stdout=subprocess.PIPE,
        stderr=None if check else subprocess.PIPE,
        text=True,
    )


def image() -> str:
    return "localhost/streamward-host:" + digest(HERE / "base.sh", HERE / "test-host.conf")


def missing(variants=VARIANTS) -> list[str]:
    """Variants not built yet; `image` stands for the image."""
    absent = [variant for variant in variants if not tree(variant).is_dir()]
    if podman("image", "exists", image(), check=False).returncode:
        absent.insert(0, "image")
    return absent


@contextlib.contextmanager
def one_at_a_time():
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(variants=VARIANTS) -> None:
    """Build whatever of `variants` (and the image) is absent."""
    with one_at_a_time():
        absent = missing(variants)
        if not absent:
            return
        print("building", *absent, file=sys.stderr, flush=True)
        base = None
        if "image" in absent:
            base = subprocess.Popen(
                [str(HERE / "base.sh"), image()],
                env=podman_environment(),
                stdout=subprocess.DEVNULL,
                stderr=sys.stderr,
            )
            absent.remove("image")
        needed = {version for variant in absent for version in needs(variant)}
        reals = [name for name in CHECKSUMS if name in needed and not tree(name).is_dir()]
        if reals:
            try:
                fetch(*reals)
            except SandboxError as error:
                raise SystemExit(str(error)) from None
        for variant in dict.fromkeys([*reals, *absent]):
            build_tree(variant)
        if base is not None and base.wait():
            raise SystemExit("the image could not be built, see above")


def prune() -> None:
    """Remove trees and images of recipes that are no more, unless a container uses them."""
    containers = podman("ps", "--all", "--quiet").stdout.split()
    used = podman("inspect", *containers).stdout if containers else ""
    for variant in VARIANTS:
        for path in TREES.glob(variant + "-" + "[0-9a-f]" * 12 + "*"):
            if path.name.split(".proved")[0] != tree(variant).name and path.name not in used:
                path.unlink() if path.is_file() else shutil.rmtree(path)
    for name in podman("images", "--format={{.Repository}}:{{.Tag}}").stdout.split():
        if name.startswith("localhost/streamward-host:") and name != image() and name not in used:
            podman("rmi", name, check=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prune", action="store_true", help="remove what no recipe makes any more")
    parser.add_argument("variants", nargs="*", metavar="VARIANT", help=" ".join(VARIANTS))
    arguments = parser.parse_args()
    unknown = set(arguments.variants) - set(VARIANTS)
    if unknown:
        parser.error("unknown: {}; there are: {}".format(sorted(unknown), " ".join(VARIANTS)))
    build(arguments.variants or VARIANTS)
    if arguments.prune:
        prune()
