"""Run `ansible-test sanity` on the files that are shipped, without containers.

    python -m tests.tools.sanity [ARGUMENT ...]

Its arguments are those of `ansible-test sanity`, such as --test pylint.

ansible-test wants a real path .../ansible_collections/NAMESPACE/NAME, so it gets a copy. It brings
pip into its own environments by a script from a host of its developers; here the same pip comes
from the package index, as everything else does. Its environments are kept in the cache folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import yaml

from tests.kit.places import CACHE, ROOT

HOME = CACHE / "ansible-test"

GET_PIP = """\
# Installs what it is told with the pip that lies beside it.
import pathlib
import sys

sys.path.insert(0, str(next(pathlib.Path(__file__).parent.glob("pip-{version}-*.whl"))))
from pip._internal.cli.main import main

options = [each for each in sys.argv[1:] if each not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--upgrade", "--force-reinstall", *options]))
"""


def copy_shipped(target: Path) -> None:
    """Copy what git tracks or would, as it is in the work tree, without what is not built."""
    ignored = yaml.safe_load((ROOT / "galaxy.yml").read_text("utf-8"))["build_ignore"]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.decode()
    for name in dict.fromkeys(filter(None, listed.split("\0"))):
        source, copy = ROOT / name, target / name
        if name.split("/")[0] not in ignored and (source.is_symlink() or source.is_file()):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy, follow_symlinks=False)


def bootstrap_pip() -> None:
    """Put the script where ansible-test looks before it would fetch its own."""
    from ansible_test._internal.python_requirements import get_venv_packages

    version = get_venv_packages(SimpleNamespace(version=""))["pip"]
    folder = HOME / ".ansible" / "test" / "cache"
    script = folder / f"get_pip_{version.replace('.', '_')}.py"
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob(f"pip-{version}-*.whl")):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--dest", str(folder), f"pip=={version}"], check=True)
    script.write_text(GET_PIP.format(version=version), "utf-8")


def search_path() -> str:
    """The environment's programs, then real interpreters: a version manager's shims end in 127."""
    folders = [os.path.dirname(sys.executable)]
    folders += [each for each in os.environ["PATH"].split(":") if "shims" not in each.split("/")]
    manager = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders += map(str, sorted((manager / "versions").glob("3.*/bin"), reverse=True))
    return ":".join(dict.fromkeys(folders))


def main() -> int:
    bootstrap_pip()
    environment = {**os.environ, "HOME": str(HOME), "PATH": search_path()}
    for name in ("ANSIBLE_CONFIG", "VIRTUAL_ENV", "PYENV_VERSION"):
        environment.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="sanity-") as folder:
        target = Path(folder) / "ansible_collections" / "streamward" / "antmedia"
        copy_shipped(target)
        command = ["ansible-test", "sanity", "--color", "no", *sys.argv[1:]]
        return subprocess.run(
            command, cwd=target, env=environment, stdin=subprocess.DEVNULL
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
