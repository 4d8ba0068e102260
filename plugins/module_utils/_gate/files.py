# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What of the gate is on a host: its files, each with its owner and mode, and what they are to be.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import dataclasses
import grp
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass, field
from typing import Iterator, Mapping

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    held as _held,
    nginx as _nginx,
    policy as _policy,
    program as _program,
    units as _units,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._gate.held import GateError
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    archive as _archive,
    own as _own,
    place as _place,
    service as _service,
)

PROGRAM = "/usr/local/lib/streamward/gate.pyz"
ACCOUNTS = "/etc/sysusers.d/streamward-gate.conf"
POLICY = _program.POLICY
CONF = _units.CONF
SYSTEM = "/etc/systemd/system/"
DROP_IN = f"{SYSTEM}{_service.UNIT}.d/{_units.DAEMON}.conf"

# What is referred to comes before what refers to it, and goes after it.
PATHS = (
    *(ACCOUNTS, PROGRAM, _held.BEFORE, POLICY, CONF),
    *(SYSTEM + unit for unit in (_units.TLS_UNIT, _units.TLS_WATCH)),
    *(SYSTEM + unit for unit in (_units.DAEMON_UNIT, _units.NGINX_UNIT)),
    DROP_IN,
)
# Those that every gate has.
MAIN = tuple(path for path in PATHS if not path.endswith((_units.TLS_UNIT, _units.TLS_WATCH)))
GROUPS = {POLICY: _units.DAEMON, CONF: _units.NGINX}
# Where a try of the configuration leaves what nginx makes of it.
TRIED = "/run/streamward-gate-tried"

PROGRAMS = ("/usr/sbin/nginx", "/usr/bin/nginx")
NO_NGINX = (
    "nginx is not installed, or others than root can change it: install the package nginx (Debian,"
    " Ubuntu: apt-get install nginx; Enterprise Linux: dnf install nginx)"
)
POOR_NGINX = (
    "this nginx lacks a part that the gate needs: install the package nginx-core (Ubuntu) or"
    " nginx-full (Debian 11) in place of nginx-light"
)
_SECONDS = 30


@dataclass(frozen=True)
class GateFile:
    """A file of the gate as it is to be. group: the one that reads it, empty for root's."""

    path: str
    data: bytes = field(repr=False)
    mode: int = 0o644
    group: str = ""


def nginx() -> str:
    """The host's nginx.

    :raises GateError: when there is none that only root can change.
    """
    for path in PROGRAMS:
        with contextlib.suppress(OSError):
            with _place.find(path) as at:
                there = at.status()
            if there and not _place.exchangeable(path):
                return path
    raise GateError(NO_NGINX)


def on_host(policy: _policy.Policy) -> _policy.Policy:
    """The policy as the daemon reads it: its certificate is the copy that it may read."""
    if policy.certificate is None:
        return policy
    copies = _policy.Certificate(_units.CERTIFICATE, _units.KEY)
    return dataclasses.replace(policy, certificate=copies)


def ipv6() -> bool:
    """Whether the host has IPv6."""
    try:
        return bool(_place.read("/proc/net/if_inet6").data)
    except OSError:
        return False


def wanted(policy: _policy.Policy, before: Mapping[str, str]) -> list[GateFile]:
    """Every file of the gate, in the order in which they are to come.

    :arg before: what settings of the server were before the gate came, by name.
    :raises GateError: when the host, or the policy, does not allow for one.
    """
    python = _own.python()
    if not python:
        raise GateError(_own.NO_PYTHON)
    faults = list(_unsafe(policy))
    if faults:
        raise GateError("; ".join(faults))
    program = _archive.build(_program)
    command = f"{_own.quoted(python)} -I {PROGRAM} {POLICY}"
    try:
        conf = _nginx.text(policy, _units.PLACES, ipv6())
    except _nginx.Unfit as fault:
        raise GateError(str(fault)) from fault
    texts = {
        ACCOUNTS: _units.ACCOUNTS,
        POLICY: _policy.written(on_host(policy)),
        CONF: conf,
        SYSTEM + _units.DAEMON_UNIT: _units.daemon(policy, command, program),
        SYSTEM + _units.NGINX_UNIT: _units.nginx(policy, nginx()),
        DROP_IN: _units.drop_in(),
    }
    if policy.certificate:
        texts[SYSTEM + _units.TLS_UNIT] = _units.tls(policy.certificate)
        texts[SYSTEM + _units.TLS_WATCH] = _units.tls_watch(policy.certificate)
    texts[_held.BEFORE] = _held.note(before)
    data = {PROGRAM: program, **{path: text.encode("utf-8") for path, text in texts.items()}}
    return [as_wanted(path, data[path]) for path in PATHS if path in data]


def as_wanted(path: str, data: bytes) -> GateFile:
    """A file of the gate with the access that it is to have."""
    return GateFile(path, data, 0o640 if path in GROUPS else 0o644, GROUPS.get(path, ""))


def _unsafe(policy: _policy.Policy) -> Iterator[str]:
    """Why root does not read a certificate: somebody could have root read another file for him."""
    for name, path in vars(policy.certificate).items() if policy.certificate else ():
        try:
            how = _place.exchangeable(path)
            with _place.find(path) as at, contextlib.closing(os.fdopen(at.open(), "rb")):
                pass
        except OSError as error:
            yield f"{name} {path}: {error.strerror}"
            continue
        if how:
            yield f"{name} {path}: {how}, who could have root read another file; close it"


def differs(file: GateFile) -> bool:
    """Whether a file on the host is another one, or somebody else could write it."""
    try:
        with _place.find(file.path) as at:
            status = at.status()
            if not status or not stat.S_ISREG(status.st_mode):
                return True
            found = at.read()
    except OSError:
        return True
    owner = (os.geteuid(), gid(file.group))
    return (found.data, found.mode, (found.uid, found.gid)) != (file.data, file.mode, owner)


def gid(group: str) -> int | None:
    """The number of a group, this run's for none; None where there is no such group."""
    if not group:
        return os.getegid()
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        return None


def accounts() -> bool:
    """Whether the gate's accounts and groups are all there."""
    try:
        for name in (_units.DAEMON, _units.NGINX):
            pwd.getpwnam(name)
    except KeyError:
        return False
    return None not in map(gid, (_units.DAEMON, _units.NGINX, _units.TLS))


def put(file: GateFile) -> None:
    """Have a file as it is to be.

    :raises GateError: when that fails; the file is as it was then.
    """
    group = gid(file.group)
    if group is None:
        raise GateError(f"{file.path}: there is no group {file.group}")
    try:
        how = _place.exchangeable(os.path.dirname(file.path))
        if how:
            raise GateError(f"{file.path}: {how}, who would get into the gate; close it")
    except FileNotFoundError:  # made by root in a moment
        pass
    try:
        _own.write(file.path, file.data, file.mode, group)
    except OSError as error:
        raise GateError(f"{file.path}: {error.strerror}") from error


def there() -> list[str]:
    """The files of the gate that are on the host, whatever they hold."""
    return [path for path in PATHS if os.path.lexists(path)]


def try_out(policy: _policy.Policy) -> None:
    """Have nginx read its configuration, before it is put anywhere.

    :raises GateError: when it does not take it; the text has what nginx says.
    """
    program = nginx()
    places = _nginx.Places(
        *(f"{TRIED}/{name}" for name in ("run", "cache", "answers.sock", "certificate", "key"))
    )
    try:
        _forget_try()
        _place.make_folder(TRIED)
        for folder in (places.run, places.cache):
            _place.make_folder(folder)
        if policy.certificate:
            for source, copy in (
                (policy.certificate.certificate, places.certificate),
                (policy.certificate.key, places.key),
            ):
                _own.write(copy, _place.read(source).data, 0o600)
        conf = f"{TRIED}/nginx.conf"
        text = _nginx.text(policy, places, ipv6())
        _own.write(conf, text.encode("ascii"), 0o600)
        # The ports are whoever has them; nginx does not mind that in a trial.
        run = subprocess.run(
            [program, "-t", "-q", "-c", conf],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
    except _nginx.Unfit as fault:
        raise GateError(str(fault)) from fault
    except (OSError, subprocess.SubprocessError) as error:
        raise GateError(f"nginx -t: {error}") from error
    finally:
        _forget_try()
    said = run.stdout.decode("utf-8", "replace").strip()
    if run.returncode:
        why = POOR_NGINX + ": " if "unknown directive" in said else ""
        raise GateError(f"nginx does not take the gate's configuration: {why}{said[-1500:]}")


def _forget_try() -> None:
    """Leave nothing of a try, of one that was killed either: it holds a copy of the key."""
    forget(TRIED)


def forget(folder: str) -> None:
    """Leave nothing of a folder of root's."""
    with contextlib.suppress(FileNotFoundError), _place.find(folder) as at:
        if at.status() is not None:
            _drop(at)


def _drop(at: _place.Place) -> None:
    status = at.status()
    if status and stat.S_ISDIR(status.st_mode):
        inner = os.open(at.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at.folder)
        try:
            for name in os.listdir(inner):
                _drop(_place.Place(inner, name, at.rights, False))
        finally:
            os.close(inner)
        os.rmdir(at.name, dir_fd=at.folder)
    else:
        at.drop(at.name)
