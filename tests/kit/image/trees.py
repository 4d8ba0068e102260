# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files of a server a test host runs: what is in them and how they are made.

Every tree is named by the bytes of this recipe and of what it is made from.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import zipfile
from fnmatch import fnmatch
from pathlib import Path

from demo.sandbox import archive as zip_of
from tests.double import build_double as double

from ..places import CACHE, ROOT

DOUBLE = ROOT / "tests" / "double"
TREES = CACHE / "trees"
HOME = "/usr/local/antmedia"
UID = GID = 996  # antmedia in the image, see `base`
CHECKSUMS = json.loads((ROOT / "demo" / "distributions.json").read_text())
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
# A busy box must not make the server refuse publishers, which even a limit of 100 does: no load is
# ever measured. Nothing here may call home.
FOR_TESTS = {
    "server.cpu_limit": "100",
    "server.cpu_measurement_period_ms": "86400000",
    "server.memory_limit_percentage": "100",
    "server.heartbeatEnabled": "false",
}
FILES_KEPT = (
    *("conf/*", "webapps/*/WEB-INF/red5-web.*", "webapps/*/WEB-INF/web.xml"),
    "ant-media-server.jar",
)


def digest(*parts: bytes | str | Path) -> str:
    """Return a short name for all the bytes a thing is built from."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        data = data.encode() if isinstance(data, str) else data
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()[:12]


def tree(variant: str) -> Path:
    """Where the files of a variant are, built or not."""
    base = FILES_ONLY.get(variant, variant.removesuffix("-double"))
    parts: list[bytes | str | Path] = [Path(__file__), CHECKSUMS[base], variant]
    if variant.endswith("-double"):
        parts += [DOUBLE / "build_double.py", *sorted(DOUBLE.rglob("*.java"))]
    return TREES / f"{variant}-{digest(*parts)}"


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
    """Write `change(text)` as a new file: the old one may be a link shared with another tree."""
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


def build_real(version: str) -> None:
    """The distribution as its own installer leaves it, less what no test needs."""
    archive = zipfile.ZipFile(zip_of(version))
    target = tree(version)
    with archive, appearing_whole(target) as folder:
        for item in archive.infolist():
            name = item.filename.partition("/")[2]
            if not name or any(fnmatch(name, pattern) for pattern in LEFT_OUT):
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
        (folder / "lib/native").symlink_to("native-linux-x86_64")
        shutil.rmtree(folder / "log", ignore_errors=True)
        (folder / "log").symlink_to("/var/log/antmedia")
        own(folder)


def build(variant: str) -> None:
    """Make the tree of a variant; what it is made from must be there."""
    if variant.endswith("-double"):
        build_double(variant)
    elif variant in FILES_ONLY:
        build_files_only(variant)
    else:
        build_real(variant)


def needs(variant: str) -> list[str]:
    """The real distributions whose trees a variant is made from."""
    if variant.endswith("-double"):
        return [variant.removesuffix("-double"), COMPILED_AGAINST]
    return [FILES_ONLY.get(variant, variant)]


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


def light(source: str, target: str) -> None:
    """Link what is large; no file that a test may look at has a second name."""
    if os.path.getsize(source) > 100_000:
        os.link(source, target, follow_symlinks=False)
    else:
        shutil.copy2(source, target)


def build_double(variant: str) -> None:
    """The real server's files, linked, with the double wired into every application."""
    origin = tree(variant.removesuffix("-double"))
    with appearing_whole(tree(variant)) as folder:
        shutil.copytree(origin, folder, symlinks=True, copy_function=light, dirs_exist_ok=True)
        double.install(folder, compile_against=tree(COMPILED_AGAINST), edit=edit)
        own(folder)
