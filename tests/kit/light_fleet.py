"""A fleet of light servers on this machine, and runs of the rotation on it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from demo.sandbox import free_port

from . import madeup, play
from .processes import kill, kill_all

SERVER = Path(__file__).with_name("light_server.py")
APPS = ("LiveApp", "events")
SCOPES = (
    "fleet/LiveApp/stream",
    "fleet/_default/stream",
    "fleet/_default/rest",
    "fleet/management",
)
POLICY = {
    "antmedia_management_jwt": True,
    "antmedia_app_defaults": {"rest_jwt": True, "publish": "none", "play": "jwt"},
    "antmedia_secret_store": {"kind": "vault_file", "path": "secrets/antmedia.yml"},
    "antmedia_apply": "auto",
    "antmedia_cutover_lead": 4,
    # Nothing here restarts a light server, as a new management secret would need.
    "antmedia_rotation_realms": ["stream", "rest"],
}


class LightHost:
    """One light server and its files."""

    def __init__(self, name, home):
        self.name, self.home, self.process = name, home, None
        for folder in ("conf", "plugins", *(f"webapps/{app}/WEB-INF" for app in APPS)):
            (home / folder).mkdir(parents=True)
        (home / "plugins" / "ant-media-enterprise.jar").write_bytes(b"")
        with zipfile.ZipFile(home / "ant-media-server.jar", "w") as jar:
            jar.writestr("META-INF/MANIFEST.MF", "Implementation-Version: 2.17.1\n")
        (home / "conf" / "red5.properties").write_text(
            f"http.host=127.0.0.1\nhttp.port={free_port()}\n"
            f"rtmp.host=127.0.0.1\nrtmp.port={free_port()}\n"
            "server.allowed_dashboard_CIDR=127.0.0.1\nserver.jwksURL=\n"
            "server.jwtServerControlEnabled=false\nserver.jwtServerSecretKey=\n"
        )
        for app in APPS:
            self.file(app).write_text(f"webapp.contextPath=/{app}\nhlsTime=2\n")
            self.file(app).with_name("web.xml").write_text(madeup.web_xml("application"))

    def file(self, app):
        return self.home / "webapps" / app / "WEB-INF" / "red5-web.properties"

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, str(SERVER), "org.red5.server.Bootstrap",
             f"-Dcatalina.home={self.home}"],
        )  # fmt: skip

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def kill_waiting(self):
        """Kill what waits on the host for the instant to switch; how many processes."""
        conf, found = str(self.home / "conf"), []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):  # it has ended
                folder = f"/proc/{pid}/fd"
                # It holds the lock of the installation, which is on this folder.
                if conf in {os.readlink(f"{folder}/{name}") for name in os.listdir(folder)}:
                    found.append(int(pid))
        for pid in found:
            kill(pid)
        return len(found)

    def marks(self):
        """Fingerprints of the secrets on disk, by application and realm."""
        from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import (
            fingerprint,
        )

        found = {}
        for app in APPS:
            lines = dict(
                line.split("=", 1) for line in self.file(app).read_text().split() if "=" in line
            )
            found[app, "stream"] = fingerprint(lines.get("jwtStreamSecretKey", ""))
            found[app, "rest"] = fingerprint(lines.get("jwtSecretKey", ""))
        return found


class LightFleet:
    """Light servers, their inventory, their store, and playbook runs."""

    def __init__(self, folder, count):
        self.folder = folder
        self.hosts = [
            LightHost(f"l{number:02}", folder / f"l{number:02}") for number in range(1, count + 1)
        ]
        (folder / "password").write_text(f"light-{random.random()}\n")
        self.hidden = set()

    def inventory(self, **variables):
        """Write the inventory; a variable that is None is one it has not."""
        without = {name for name, value in variables.items() if value is None}
        variables = {name: value for name, value in variables.items() if value is not None}
        content = {
            "all": {
                "hosts": {
                    host.name: {
                        "antmedia_home": str(host.home),
                        **(
                            # A port nobody listens on: a host that cannot be reached.
                            {"ansible_connection": "ssh", "ansible_host": "127.0.0.1",
                             "ansible_port": 9, "ansible_ssh_timeout": 3}
                            if host.name in self.hidden
                            else {}
                        ),
                    }
                    for host in self.hosts
                },
                "vars": {
                    **{name: value for name, value in POLICY.items() if name not in without},
                    "ansible_connection": "local",
                    "ansible_python_interpreter": sys.executable,
                    **variables,
                },
            }
        }  # fmt: skip
        path = self.folder / "inventory.json"
        path.write_text(json.dumps(content))
        return path

    def environment(self, **more):
        said = {
            "ANSIBLE_VAULT_PASSWORD_FILE": str(self.folder / "password"),
            "ANSIBLE_FORCE_COLOR": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
        }
        return play.environment(**{**said, **more})

    def start(self, playbook, *options, variables=None, environ=None):
        """Start a playbook in a process group of its own; standard error goes with the output."""
        always = ("-f", "10", "-e", f"antmedia_rotation_log={self.folder}/rotations.jsonl")
        return play.start(
            self.inventory(**(variables or {})),
            playbook,
            *(*always, *options),
            cwd=self.folder,
            env=self.environment(**(environ or {})),
            bufsize=1,
            start_new_session=True,
        )

    def run(self, playbook, *options, code=0, **more):
        """Run a playbook to its end; returns its output."""
        process = self.start(playbook, *options, **more)
        output, _nothing = process.communicate(timeout=900)
        assert code is None or process.returncode == code, output
        return output

    def rotate(self, *options, **more):
        return self.run("rotate.yml", *options, **more)

    def kill_at(self, text, *options, delay=0.0, **more):
        """Kill a rotation, with all its workers and what they run, when its output has a text.

        :returns: whether it had.
        """
        process = self.start("rotate.yml", *options, **more)
        found = False
        for line in process.stdout:
            if text in line:
                found = True
                time.sleep(delay)
                break
        kill_all(process.pid)
        process.wait()
        process.stdout.close()
        return found

    def store(self):
        """The store's documents, opened with the fleet's password."""
        from ansible.parsing.vault import VaultSecret
        from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
            stores as _stores,
        )
        from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
            Context,
        )

        password = (self.folder / "password").read_bytes().strip()
        config = {"kind": "vault_file", "path": "secrets/antmedia.yml"}
        context = Context(str(self.folder), [("default", VaultSecret(password))])
        return _stores.open_store(config, context)

    def secure(self):
        """Start every server, make the secrets, and bring them to every host."""
        from tests.kit.kept import present

        for scope in SCOPES:
            present(self.store(), scope)
        # No server runs yet, so files are written and the start below reads them.
        self.run("secure.yml", "-e", "antmedia_batches=100%", "-e", "antmedia_apply=defer",
                 "-e", "antmedia_prove=false")  # fmt: skip
        # Seen from /proc, a process may be a second older than a file it has read all the same.
        time.sleep(2)
        for host in self.hosts:
            host.start()
        deadline = time.monotonic() + 60
        for host in self.hosts:
            port = int(
                host.home.joinpath("conf/red5.properties")
                .read_text()
                .split("http.port=")[1]
                .split()[0]
            )
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.1)

    def stop(self):
        for host in self.hosts:
            host.stop()
