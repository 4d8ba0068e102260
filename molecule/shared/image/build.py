#!/usr/bin/env python3
"""Build what test hosts are made of, as far as it is absent: the image and the distributions.

    build.py [--prune] [VARIANT ...]        default: every variant

A variant is `2.17.1` (the real server), `2.17.1-double` (the same server with the labelled enforcement
double in place of its mock token beans) or `3.0.3-files` (files of a 3.x installation for the settings
engine alone; no server runs from it). Everything is named by what it was built from, so a change of a
recipe builds anew and an unchanged one costs nothing. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DOUBLE = ROOT / "tests" / "double"
CACHE = Path(os.environ.get("STREAMWARD_CACHE") or Path.home() / ".cache" / "streamward")
TREES = CACHE / "trees"
HOME = "/usr/local/antmedia"
UID = GID = 996  # antmedia in the image, see `base`
CHECKSUMS = json.loads((HERE / "distributions.json").read_text())
COMPILED_AGAINST = "2.17.1"
DOUBLED = ("2.4.3", "2.6.1", "2.17.1")
FILES_ONLY = {"3.0.3-files": "2.17.1"}
VARIANTS = (*CHECKSUMS, *(version + "-double" for version in DOUBLED), *FILES_ONLY)

# Other platforms' natives and a database engine nobody uses here: half of every distribution.
LEFT_OUT = (
    "lib/native-mac/*",
    "lib/native-linux-aarch64/*",
    "lib/rocksdbjni-*",
    "plugins/*-macosx-*",
    "plugins/*-linux-arm*",
    "plugins/*-linux-ppc64le*",
    "plugins/*-linux-x86-*",
)
# A busy box must not make the server refuse publishers; nothing here may call home.
FOR_TESTS = {
    "server.cpu_limit": "100",
    "server.memory_limit_percentage": "100",
    "server.heartbeatEnabled": "false",
}
FILES_KEPT = ("conf/*", "webapps/*/WEB-INF/red5-web.*", "ant-media-server.jar")


def digest(*parts: bytes | str | Path) -> str:
    """Return a short name for all the bytes a thing is built from."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        data = data.encode() if isinstance(data, str) else data
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()[:12]


def podman_environment() -> dict[str, str]:
    return {"CONTAINERS_CONF": str(HERE.parent / "containers.conf"), **os.environ}


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
    return "localhost/streamward-host:" + digest(HERE / "base", HERE / "test-host.conf")


def tree(variant: str) -> Path:
    """Where the files of a variant are, built or not."""
    base = FILES_ONLY.get(variant, variant.removesuffix("-double"))
    parts: list[bytes | str | Path] = [Path(__file__), CHECKSUMS[base], variant]
    if variant.endswith("-double"):
        parts += sorted(DOUBLE.rglob("*.java"))
    return TREES / "{0}-{1}".format(variant, digest(*parts))


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


@contextlib.contextmanager
def appearing_whole(target: Path):
    """Yield a folder to fill; it becomes `target` only when the block ends well."""
    partial = target.with_name(".partial-" + target.name)
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def edit(path: Path, change) -> None:
    """Write `change(text)` as a new file, since the old one may be a hard link shared with another tree."""
    text = change(path.read_text("iso-8859-1"))
    status = path.stat()
    path.unlink()
    path.write_text(text, "iso-8859-1")
    path.chmod(status.st_mode)


def own(folder: Path) -> None:
    """Give the tree to antmedia, as the installer does."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, UID, GID, follow_symlinks=False)


def set_properties(text: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        text, count = re.subn(rf"(?m)^{re.escape(key)}=.*$", f"{key}={value}", text)
        if not count:
            text = text.rstrip("\n") + f"\n{key}={value}\n"
    return text


def unpack(version: str, wanted) -> None:
    archive = zipfile.ZipFile(CACHE / "ams" / f"ant-media-server-{version}-community.zip")
    target = tree(version)
    with archive, appearing_whole(target) as folder:
        for item in archive.infolist():
            name = item.filename.partition("/")[2]
            if not name or not wanted(name):
                continue
            path = folder / name
            if item.is_dir():
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(item) as source, path.open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            path.chmod(item.external_attr >> 16 & 0o777 or 0o644)
        edit(folder / "conf/red5.properties", lambda text: set_properties(text, FOR_TESTS))
        # Both as the distribution's own installer leaves them.
        (folder / "lib/native").symlink_to("native-linux-x86_64")
        shutil.rmtree(folder / "log", ignore_errors=True)
        (folder / "log").symlink_to("/var/log/antmedia")
        own(folder)


def build_real(version: str) -> None:
    unpack(version, lambda name: not any(fnmatch(name, pattern) for pattern in LEFT_OUT))


def build_files_only(variant: str) -> None:
    """The files of a 3.x installation: 2.17.1's, with 3.x in the manifest. Nothing runs from it."""
    origin = tree(FILES_ONLY[variant])
    with appearing_whole(tree(variant)) as folder:
        for pattern in FILES_KEPT:
            for path in origin.glob(pattern):
                copy = folder / path.relative_to(origin)
                copy.parent.mkdir(parents=True, exist_ok=True)
                if path.is_file():
                    shutil.copy2(path, copy)
        jar = folder / "ant-media-server.jar"
        with zipfile.ZipFile(jar) as archive:
            manifest = archive.read("META-INF/MANIFEST.MF").decode()
        version = variant.removesuffix("-files")
        manifest = re.sub(
            r"(?m)^(Implementation-Version): .*?(\r?)$", rf"\1: {version}\2", manifest
        )
        with zipfile.ZipFile(jar, "w") as archive:
            archive.writestr("META-INF/MANIFEST.MF", manifest)
        own(folder)


def build_double(variant: str) -> None:
    """The real server's files, linked, with the double's classes and their wiring in every application."""
    sys.path.insert(0, str(DOUBLE))
    import build_double as double

    origin = tree(variant.removesuffix("-double"))
    with appearing_whole(tree(variant)) as folder:
        shutil.copytree(origin, folder, symlinks=True, copy_function=os.link, dirs_exist_ok=True)
        double.install(folder, compile_against=tree(COMPILED_AGAINST), edit=edit)
        own(folder)


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
                [str(HERE / "base"), image()],
                env=podman_environment(),
                stdout=subprocess.DEVNULL,
                stderr=sys.stderr,
            )
            absent.remove("image")
        reals = [FILES_ONLY.get(name, name.removesuffix("-double")) for name in absent]
        if any(name.endswith("-double") for name in absent):
            reals.append(COMPILED_AGAINST)
        reals = [name for name in CHECKSUMS if name in reals and not tree(name).is_dir()]
        if reals:
            fetch(reals)
        for version in reals:
            build_real(version)
        for variant in absent:
            if variant.endswith("-double"):
                build_double(variant)
            elif variant in FILES_ONLY:
                build_files_only(variant)
        if base is not None and base.wait():
            raise SystemExit("the image could not be built, see above")


def fetch(versions: list[str]) -> None:
    subprocess.run(
        [
            "ansible-playbook",
            "--inventory=localhost,",
            "--connection=local",
            "--extra-vars=" + json.dumps({"fetch_versions": versions}),
            str(HERE / "fetch.yml"),
        ],
        cwd=ROOT,
        env={"STREAMWARD_CACHE": str(CACHE), **os.environ},
        stdout=sys.stderr,
        check=True,
    )


def prune() -> None:
    """Remove trees and images of recipes that are no more, unless a container uses them."""
    used = podman("ps", "--all", "--format={{.Labels}} {{.Image}} {{.Command}}").stdout
    current = {tree(variant).name for variant in VARIANTS}
    for folder in TREES.iterdir() if TREES.is_dir() else ():
        if folder.name not in current and folder.name not in used:
            shutil.rmtree(folder)
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
        parser.error("unknown: {0}; there are: {1}".format(sorted(unknown), " ".join(VARIANTS)))
    build(arguments.variants or VARIANTS)
    if arguments.prune:
        prune()
