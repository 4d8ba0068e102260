# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate's units and accounts: texts for systemd. Pure.

No process of the gate is root's, but the one that copies the certificate and its key to where the
gate's accounts may read them; systemd runs that at each start and whenever the files change.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import os
from typing import Iterable

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    nginx as _nginx,
    policy as _policy,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    own as _own,
    service as _service,
)

# The daemon's account, whose group reads the policy; nginx's, whose group reaches the daemon; and
# the group that reads the certificate's key. Nobody but these is in them.
DAEMON, NGINX, TLS = "streamward-gate", "streamward-gate-nginx", "streamward-gate-tls"
DAEMON_UNIT, NGINX_UNIT = f"{DAEMON}.service", f"{NGINX}.service"
TLS_UNIT, TLS_WATCH = f"{TLS}.service", f"{TLS}.path"
RUN = f"/run/{DAEMON}"
CERTIFICATE, KEY = (f"/run/{TLS}/{name}.pem" for name in ("certificate", "key"))
CONF = "/etc/streamward/gate/nginx.conf"
# A link below the folder of a service in /run: what its unit was like when it was started.
STARTED = "started-as"

PLACES = _nginx.Places(
    run=f"/run/{NGINX}",
    cache=f"/run/{NGINX}/cache",
    answers=f"{RUN}/answers.sock",
    certificate=CERTIFICATE,
    key=KEY,
)

_HEAD = "# Written by streamward.antmedia for antmedia_gate; `antmedia_gate: false` removes it.\n"

ACCOUNTS = f"""\
{_HEAD}g {DAEMON} -
g {NGINX} -
g {TLS} -
u {DAEMON} -:{DAEMON} "Daemon of the gate of Ant Media Server"
u {NGINX} -:{NGINX} "nginx of the gate of Ant Media Server"
"""

# Only what both services need. Neither writes anywhere but in its folders in memory.
_SANDBOX = """\
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
ProtectProc=invisible
ProcSubset=pid
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
"""
_SERVICE = """\
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources @mount @debug @cpu-emulation @obsolete
CapabilityBoundingSet={capabilities}
AmbientCapabilities={capabilities}
"""
# Tried for ever: a gate that gives up is an outage.
_TRIED = """\
Restart=always
RestartSec=1
"""


def _low(ports: Iterable[int | None]) -> str:
    """What a service needs to have its ports, where nobody but root may have them."""
    return "CAP_NET_BIND_SERVICE" if any(port and port < 1024 for port in ports) else ""


def _needs(secure: bool) -> str:
    return f"Wants={TLS_UNIT}\nAfter={TLS_UNIT}\n" if secure else ""


def _marked(text: str, run: str, more: bytes = b"") -> str:
    """A unit that leaves word of itself when it is started, for whoever compares."""
    found = hashlib.sha256(text.encode("utf-8") + b"\0" + more).hexdigest()[:16]
    return text.replace("{mark}", f"ExecStartPre=/bin/ln -sfn {found} {run}/{STARTED}\n")


def mark(unit: str) -> str:
    """What a unit's text leaves word of; empty where it leaves none."""
    for line in unit.splitlines():
        if line.startswith("ExecStartPre=/bin/ln -sfn "):
            return line.split()[2]
    return ""


def daemon(policy: _policy.Policy, command: str, program: bytes) -> str:
    """The unit of the daemon.

    :arg command: that runs the program, as a unit has it.
    :arg program: the bytes of the program: another one is started anew.
    """
    listen = policy.listen
    text = f"""\
{_HEAD}[Unit]
Description=Gate of Ant Media Server: decides who publishes and plays, and is the gate of RTMP
After=network.target
{_needs(listen.rtmps is not None)}Before={_service.UNIT}
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={DAEMON}
Group={NGINX}
SupplementaryGroups={DAEMON} {TLS}
RuntimeDirectory={DAEMON}
RuntimeDirectoryMode=0750
{{mark}}ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
WatchdogSec=30
TimeoutStartSec=60
TimeoutStopSec=10
{_TRIED}UMask=0077
LimitNOFILE=65536
TasksMax=64
MemoryMax=1G
OOMPolicy=kill
SyslogIdentifier={DAEMON}
{_SANDBOX}{_SERVICE.format(capabilities=_low((listen.rtmp, listen.rtmps)))}
[Install]
WantedBy=multi-user.target
"""
    return _marked(text, RUN, program)


def nginx(policy: _policy.Policy, program: str) -> str:
    """The unit of nginx.

    :arg program: the path of nginx.
    """
    listen = policy.listen
    command = f"{_own.quoted(program)} -c {CONF}"
    text = f"""\
{_HEAD}[Unit]
Description=Gate of Ant Media Server: nginx
After=network.target {DAEMON_UNIT}
Wants={DAEMON_UNIT}
{_needs(listen.https is not None)}Before={_service.UNIT}
StartLimitIntervalSec=0

[Service]
Type=forking
PIDFile=/run/{NGINX}/nginx.pid
User={NGINX}
Group={NGINX}
SupplementaryGroups={TLS}
RuntimeDirectory={NGINX} {NGINX}/cache
RuntimeDirectoryMode=0700
{{mark}}ExecStart={command}
ExecReload={command} -t -q
ExecReload=/bin/kill -HUP $MAINPID
KillMode=mixed
KillSignal=SIGTERM
TimeoutStartSec=60
TimeoutStopSec=10
{_TRIED}UMask=0077
LimitNOFILE=65536
TasksMax=512
MemoryMax=25%
OOMPolicy=continue
LogRateLimitIntervalSec=10
LogRateLimitBurst=500
SyslogIdentifier={NGINX}
{_SANDBOX}{_SERVICE.format(capabilities=_low((listen.http, listen.https)))}
[Install]
WantedBy=multi-user.target
"""
    return _marked(text, f"/run/{NGINX}")


def tls(certificate: _policy.Certificate) -> str:
    """The unit that copies the certificate and its key, and has nginx take them.

    The daemon sees by itself that its copies are others.
    """
    pairs = tuple(zip(map(_own.quoted, vars(certificate).values()), (CERTIFICATE, KEY)))
    copies = "".join(
        f"ExecStart=/usr/bin/install -m 0640 -T -- {source} {target}\n" for source, target in pairs
    )
    # Whatever else happens in their folders is none of nginx's business.
    others = " ".join(word for pair in pairs for word in pair)
    compared = """'! cmp -s -- "$$1" "$$2" || ! cmp -s -- "$$3" "$$4"'"""
    return f"""\
{_HEAD}[Unit]
Description=Gate of Ant Media Server: its certificate, where its accounts may read it
StartLimitIntervalSec=0

[Service]
Type=oneshot
User=root
Group={TLS}
RuntimeDirectory={TLS}
RuntimeDirectoryMode=0750
RuntimeDirectoryPreserve=yes
UMask=0027
ExecCondition=/bin/sh -c {compared} sh {others}
{copies}ExecStartPost=-+/bin/systemctl --no-block reload {NGINX_UNIT}
{_SANDBOX.replace("ProtectHome=yes", "ProtectHome=read-only")}RestrictAddressFamilies=AF_UNIX
SystemCallFilter=@system-service
SystemCallFilter=~@mount @debug @cpu-emulation @obsolete
CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_CHOWN
"""


def tls_watch(certificate: _policy.Certificate) -> str:
    """The unit that sees the certificate change: whatever renews it need know nothing of a gate.

    It looks at the folders, since a link that leads to another file from now on is a change, too.
    """
    folders = dict.fromkeys(os.path.dirname(path) for path in vars(certificate).values())
    paths = "".join(f"PathChanged={folder.replace('%', '%%')}\n" for folder in folders)
    return f"""\
{_HEAD}[Unit]
Description=Gate of Ant Media Server: sees its certificate change
StartLimitIntervalSec=0

[Path]
{paths}Unit={TLS_UNIT}

[Install]
WantedBy=multi-user.target
"""


def drop_in() -> str:
    """What the server's own unit is told: it starts after the gate, and never without it.

    A gate that ends later takes nobody's server away; it is started again.
    """
    units = (DAEMON_UNIT, NGINX_UNIT)
    checks = "".join(f"ExecStartPre=+/bin/systemctl is-active --quiet {unit}\n" for unit in units)
    return f"""\
{_HEAD}[Unit]
Wants={" ".join(units)}
After={" ".join(units)}

[Service]
{checks}"""
