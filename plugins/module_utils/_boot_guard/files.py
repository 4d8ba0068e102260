# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The boot guard's files on a host: its program, its unit, and a drop-in of the server's unit.

The program is an archive of the very files of this collection that it imports, so that what runs
at a boot is what a run of the collection does. It holds no secret.

PRIVATE to the collection.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import os
import shlex
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    program as _program,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    firewall as _firewall,
    place as _place,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import plan as _plan
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    management as _management,
)

PROGRAM = "/usr/local/lib/streamward/boot-guard.pyz"
UNIT = "/etc/systemd/system/" + _program.UNIT
DROP_IN = f"/etc/systemd/system/{_service.UNIT}.d/{_program.NAME}.conf"

GUARD = "guard"  # why these files change, beside the reasons of _plan

PACKAGE = ".".join(_program.__name__.split(".")[:-2])
PYTHONS = ("/usr/bin/python3", "/usr/libexec/platform-python", sys.executable)
OLDEST_PYTHON = (3, 8)

_DROP_IN = """\
# Written by streamward.antmedia for antmedia_boot_guard; `antmedia_boot_guard: false` removes it.
# A plus sign runs a command as root, whatever the account of the server.
[Unit]
After=nftables.service firewalld.service ufw.service

[Service]
ExecStartPre=+{program} close {home}
ExecStartPost=+{systemctl} --no-block start {unit}
ExecStopPost=+{systemctl} stop {unit}
ExecStopPost=+{program} open {home}
"""
# No dependency on the server's unit: each start of the server starts a check of its own, and each
# end ends it. Not stopped at a shutdown either, since stopping it opens the ports. An ExecStop
# would be called when a check ends by itself, too, and would open what was not proved.
_UNIT = """\
# Written by streamward.antmedia for antmedia_boot_guard; `antmedia_boot_guard: false` removes it.
[Unit]
Description=Boot guard of Ant Media Server: keeps its ports closed until it is proved
DefaultDependencies=no
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart={program} check {home}
ExecStopPost={program} ended {home}
SyslogIdentifier={name}
"""
_MAIN = "import sys\n\nfrom {0} import main\n\nsys.exit(main())\n"


class GuardError(RuntimeError):
    """The guard could not be installed, removed or ended; the text says why."""


@dataclass(frozen=True)
class GuardFile:
    """A file of the guard: its bytes as they are and are to be, None for no file."""

    path: str
    old: bytes | None = field(repr=False)
    new: bytes | None = field(repr=False)
    mode: int = 0o644


# -- what is in them --------------------------------------------------------------------------


def _imported(source):
    """Modules of this collection that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in sys.modules else node.module


def sources():
    """The program's modules and what they import of this collection: their bytes by name."""
    found, waiting = {}, [_program.__name__]
    while waiting:
        name = waiting.pop()
        if name not in found:
            source = sys.modules[name].__spec__.loader.get_source(name)
            found[name] = source.encode("utf-8") if isinstance(source, str) else source
            waiting.extend(_imported(found[name]))
    return found


def archive():
    """The program: the same bytes for the same sources, wherever it is made."""
    files = {"__main__.py": _MAIN.format(_program.__name__).encode("utf-8")}
    for name, source in sources().items():
        *package, module = name.split(".")
        for depth in range(1, len(package) + 1):
            files["/".join([*package[:depth], "__init__.py"])] = b""
        files["/".join([*package, module + ".py"])] = source
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name])
    return result.getvalue()


def python():
    """The host's own Python, which outlives an environment; None where none is new enough."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    for path in PYTHONS:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if _place.exchangeable(path):
                continue  # who can put another program there would become root at the next start
            subprocess.run([path, "-I", "-c", check], check=True, timeout=30)
            return path
    return None


def _quoted(text):
    """A word of a command line in a unit."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if escaped != text or " " in text else text


def contents(home):
    """The bytes and mode of each file, in the order in which they are to come."""
    values = {
        "program": f"{_quoted(python())} -I {PROGRAM}",
        "home": _quoted(home),
        "name": _program.NAME,
        "unit": _program.UNIT,
        "systemctl": shutil.which("systemctl") or "/usr/bin/systemctl",
    }
    return {
        PROGRAM: archive(),
        UNIT: _UNIT.format(**values).encode("utf-8"),
        DROP_IN: _DROP_IN.format(**values).encode("utf-8"),
    }


# -- on the host ------------------------------------------------------------------------------


def _systemctl(*arguments):
    try:
        return _service.run(["systemctl", *arguments])
    except _service.ServiceError as error:
        raise GuardError(f"boot guard: {error}") from error


def faults(installation, server, manager, wanted):
    """Why the guard cannot be installed or, where it is, do its work, as texts; empty when it can.

    :arg server: what the policy wants of the server's own settings, by name.
    :arg manager: what starts and stops the server.
    :arg wanted: whether the guard is to be there; None leaves it alone.
    """
    variable = "antmedia_boot_guard"
    if wanted is False or (wanted is None and not watches(installation.home)):
        return []
    if wanted and manager != "systemd":
        return [
            f"{variable}: systemd does not start this server (service manager {manager}); leave it"
            " out"
        ]
    if os.geteuid():
        return [f"{variable}: needs root on the host; set become"]
    found = []
    try:
        _firewall.closable(_program.ports(installation.home))
    except _firewall.FirewallError as error:
        found.append(f"{variable}: {error}; or set it to false")
    found += _exchangeable(variable)
    if not python():
        found.append(
            "{}: this host has no Python {}.{} or newer that only root can change".format(
                variable, *OLDEST_PYTHON
            )
        )

    def will_be(name):
        return server[name] if name in server else installation.effective("", name)

    on = _catalogue.on(will_be("server.jwtServerControlEnabled"))
    if installation.version >= _versions.OPEN_STARTS and (
        not on or not will_be("server.jwtServerSecretKey") or will_be("server.jwksURL")
    ):
        found.append(
            f"{variable}: the guard asks the server what it holds, with a management token made"
            f" from this host's files; set antmedia_management_jwt: true, or {variable}: false"
        )
    panel = will_be("server.allowed_dashboard_CIDR") or ""
    if installation.version >= _versions.OPEN_STARTS and _management.way_in(panel) is None:
        found.append(
            f"{variable}: the guard asks the server what it holds, and antmedia_dashboard_cidrs"
            f" lets nobody in; let 127.0.0.1 in, or set {variable}: false"
        )
    return found


def _exchangeable(variable):
    """Where somebody could put a program of his in the place of the guard's, as texts."""
    for path in (PROGRAM, UNIT, DROP_IN):
        try:
            how = _place.exchangeable(path)
        except FileNotFoundError:  # made by root, when it comes to that
            continue
        if how:
            yield f"{variable}: {how}, who would become root at the next start; close it"


def installed():
    """Whether the guard is on this host, at least in part."""
    return any(os.path.lexists(path) for path in (DROP_IN, UNIT, PROGRAM))


def _watched():
    """The home of the server that the guard on this host watches, None where there is no guard."""
    for line in (_read(DROP_IN) or b"").decode("utf-8", "replace").splitlines():
        if line.startswith("ExecStartPre="):
            home = shlex.split(line)[-1].replace("%%", "%").replace("$$", "$")
            return os.path.realpath(home)
    return None


def watches(home):
    """Whether the guard is on this host, and watches the server of a home."""
    return _watched() == os.path.realpath(home)


def _ours(home):
    """Whether rules that are there are for a home's server: for no other's, at least."""
    return _watched() in (None, os.path.realpath(home))


def closed(home):
    """Whether the ports of a home's server are closed, even by a guard that is there no more.

    :raises GuardError: when nftables does not tell.
    """
    try:
        return _ours(home) and _firewall.closed()
    except _firewall.FirewallError as error:
        raise GuardError(f"boot guard: {error}") from error


def release(home):
    """End the guard's check and open the ports: somebody else has proved the server.

    :raises GuardError: when the ports cannot be opened.
    """
    there = os.path.exists(UNIT)
    if not _ours(home) or not (there or closed(home)):
        return
    try:
        _systemctl("stop", _program.UNIT)
    except GuardError:
        if there:  # else it may have ended, and systemd has forgotten it
            raise
    try:
        _firewall.open_again()
    except _firewall.FirewallError as error:
        raise GuardError(f"the boot guard's rules cannot be taken away: {error}") from error


class Guard:
    """The guard as it is on a host, and as it is to be.

    closed: whether the ports are closed, as a check that failed leaves them.

    :arg home: folder of the installation.
    :arg wanted: whether it is to be there; None leaves it alone.
    :raises GuardError: when systemd or nftables does not say what it knows.
    """

    def __init__(self, home, wanted):
        self.home = home
        self.wanted = wanted
        self.files = list(self._plan())
        self.unread = bool(wanted) and not self.files and not self._read_by_systemd()
        self.closed = closed(home)

    def _plan(self):
        if self.wanted is None:
            return
        wanted = contents(self.home) if self.wanted else {}
        for path in (PROGRAM, UNIT, DROP_IN):
            old, new = _read(path), wanted.get(path)
            if old != new or (new is not None and not _safe(path)):
                yield GuardFile(path, old, new)

    @staticmethod
    def _read_by_systemd():
        paths = _systemctl("show", _service.UNIT, "--property=DropInPaths")
        return DROP_IN in paths.partition("=")[2].split()

    @property
    def changed(self):
        """Whether there is something to do."""
        return bool(self.files) or self.unread or self.closed

    @property
    def installed(self):
        """Whether it is, or will have been, on the host."""
        return os.path.exists(DROP_IN) if self.wanted is None else self.wanted

    def changes(self):
        """The changes as a result shows them."""
        found = [
            _plan.Change("", f.path, "content", _digest(f.old), _digest(f.new), GUARD, _plan.NONE)
            for f in self.files
        ]
        return [change.shown() for change in found]

    def put(self):
        """Install or remove what the files say.

        :raises GuardError: when that fails; what was there before is there again.
        """
        if self.wanted is False and self.files:
            release(self.home)
        # What is referred to comes before what refers to it, and goes after it.
        for file in self.files if self.wanted else reversed(self.files):
            try:
                _write(file.path, file.new, file.mode)
            except OSError as error:
                self.take_back()
                text = f"boot guard: {file.path}: {error.strerror}"
                raise GuardError(text) from error
        if self.files or self.unread:
            _systemctl("daemon-reload")
        if self.wanted is False:
            for folder in (os.path.dirname(PROGRAM), os.path.dirname(DROP_IN)):
                with contextlib.suppress(OSError):  # not empty: somebody else's, too
                    os.rmdir(folder)
            shutil.rmtree(_program.STATE, ignore_errors=True)
        if not self.installed:  # rules that nobody would ever take away, of a start meanwhile, too
            release(self.home)

    def reopen(self, service, seconds):
        """Check a server that a failed check has left closed once more, and open its ports.

        :raises GuardError: when they stay closed.
        """
        process = service.process()
        if not self.closed or not process or not _firewall.closed():
            return
        try:
            _program.prove(self.home, service, process, time.monotonic() + seconds)
        except (*_program.ERRORS, _program.Open, _program.Gone) as error:
            raise GuardError(f"the boot guard keeps the server closed: {error}") from error
        release(self.home)

    def take_back(self):
        """Put back what was there before; where that was no guard, nothing stays closed."""
        with contextlib.suppress(OSError, GuardError):
            for file in reversed(self.files):
                _write(file.path, file.old, file.mode)
            _systemctl("daemon-reload")
        if not installed():
            with contextlib.suppress(GuardError):
                release(self.home)


def _digest(data):
    return None if data is None else "sha256:" + hashlib.sha256(data).hexdigest()[:12]


def _read(path):
    try:
        return _place.read(path).data
    except FileNotFoundError:
        return None


def _safe(path):
    """Whether nobody but the account of this run, which is root, can write a file of root's."""
    with _place.find(path) as at:
        status = at.status()
    mine = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    return mine and not status.st_mode & 0o022


def _write(path, data, mode):
    if data is None:
        with contextlib.suppress(FileNotFoundError), _place.find(path) as at:
            at.drop(at.name)
        return
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    content = _place.Content(data, mode, os.geteuid(), os.getegid())
    with _place.find(path) as at:
        at.replace(at.name, content, by=at.beside(".streamward-new"))
