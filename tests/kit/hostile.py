"""Hosts that are an attacker's: what answers on the ssh port, and what is called Python there."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import socketserver
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from . import play
from .places import COLLECTIONS, ROOT

SUM = "{{ 7919 * 7927 }}"
CAME_OUT = str(7919 * 7927)
# A title for the terminal, and text that runs backwards.
STEERING = "\x1b]0;owned\x07\x9b31m\u202egnorw\u2028\u200b"
STEERING_SHOWN = "\\x1b]0;owned\\x07\\x9b31m\\u202egnorw\\u2028\\u200b"
SECRET = "canary-secret-0123456789-0123456789-abcdef"


class Impostor(socketserver.ThreadingTCPServer):
    """Whoever answers on the ssh port, before any key of a host is checked."""

    daemon_threads = True

    def __init__(self, lines):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError):
                    for line in lines:
                        self.request.sendall(line.encode() + b"\r\n")
                    self.request.recv(1000)

        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


PYTHON = """#!{python}
import os, sys
if not sys.stdin.isatty():
    sys.stdin.buffer.read()
sys.stdout.buffer.write(open({answer!r}, "rb").read())
sys.stderr.buffer.write(open({error!r}, "rb").read())
"""


class Fleet:
    """A controller of one ansible-core, whose hosts say what an attacker wants them to."""

    def __init__(self, core):
        self.programs = core.bin
        # From 2.20 on, ansible-core has shown what a module warns of before the collection sees it.
        self.warns = core.version < "2.20"
        # Short, as ssh shows no more than 100 characters of what calls itself a version.
        self.folder = Path(tempfile.mkdtemp(prefix="t", dir="/tmp"))
        self.made = self.folder / "m"
        self.run_it = f"{{{{ lookup('pipe','touch {self.made}') }}}}"
        self.evil = self.run_it + SUM + STEERING
        self.impostors = [
            Impostor([SUM, f"SSH-{self.run_it}{SUM}"]),
            Impostor([self.run_it, SUM, f"SSH-2.0-{self.run_it}{SUM}"]),
        ]
        self.hosts = {
            f"impostor{number}": {
                "ansible_connection": "ssh",
                "ansible_host": "127.0.0.1",
                "ansible_port": impostor.port,
            }
            for number, impostor in enumerate(self.impostors, 1)
        }
        self.host("failing", json.dumps(self.failure()))
        self.host("junk", self.evil + "\nTraceback " + self.evil, self.evil)
        self.host("friendly", json.dumps(self.success()))
        (self.folder / "password").write_text("canary-vault-password")
        self.variables = {
            "ansible_python_interpreter": sys.executable,
            "antmedia_app_defaults": {"rest_cidrs": ["127.0.0.1"], "rest_jwt": True},
            "antmedia_secrets": {"app_defaults": {"rest": SECRET}},
            "antmedia_report_dir": str(self.folder / "reports"),
            "antmedia_rotation_log": str(self.folder / "log.jsonl"),
        }

    def store(self):
        """Keep the secrets in a store instead."""
        del self.variables["antmedia_secrets"]
        store = {"kind": "vault_file", "path": str(self.folder / "s.yml")}
        self.variables["antmedia_secret_store"] = store

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for impostor in self.impostors:
            impostor.shutdown()
            impostor.server_close()
        shutil.rmtree(self.folder)

    def host(self, name: str, answer: str, error: str = "") -> None:
        """A host whose Python says the same whatever it is asked."""
        paths = {"answer": self.folder / f"{name}.out", "error": self.folder / f"{name}.err"}
        for key, text in (("answer", answer), ("error", error)):
            paths[key].write_text(text, "utf-8", "surrogatepass")
        python = self.folder / name
        words = {key: str(path) for key, path in paths.items()}
        python.write_text(PYTHON.format(python=sys.executable, **words))
        python.chmod(stat.S_IRWXU)
        self.hosts[name] = {
            "ansible_connection": "local",
            "ansible_python_interpreter": str(python),
        }

    def answering(self, *lines) -> int:
        """The port of one more that says these lines to whoever comes."""
        self.impostors.append(Impostor(lines))
        return self.impostors[-1].port

    def steering(self) -> dict:
        """What an answer may try beside what it was asked for."""
        taken = {
            "antmedia_report_dir": str(self.folder / "taken"),
            "antmedia_rotation_log": str(self.folder / "taken.jsonl"),
            "antmedia_fleet": self.evil,
            "ansible_connection": "local",
        }
        warnings = {"warnings": [self.evil], "deprecations": [{"msg": self.evil, "version": "9"}]}
        return {
            **(warnings if self.warns else {}),
            self.evil: self.evil,
            "nested": [{self.evil: [self.evil]}],
            "diff": {"before": self.evil, "after": "x\n" + self.evil},
            "ansible_facts": taken,
            "add_host": {"host_name": "added", "groups": ["all"]},
        }

    def failure(self) -> dict:
        text = f"vm: {self.evil}"
        return {"failed": True, "msg": text, "exception": text, **self.steering()}

    def success(self) -> dict:
        """Good for every module: what the roles go on with, with an expression wherever text is."""
        control = dict.fromkeys(("app", "control", "wants", "reason", "note"), self.evil)
        control.update(outcome="not enforced", probes=1, right=0, milliseconds=1.0)
        probe = dict.fromkeys(("app", "control", "case", "asked", "answer"), self.evil)
        probe.update(expected="refused", came="let in", milliseconds=1.0)
        settings = {"jwtSecretKey": "fp:1", "jwtControlEnabled": "true"}
        marks = {"rest": self.evil, "stream": self.evil}
        app = {"settings": settings, "file": self.evil, "writable_by_server": True}
        found = {
            "changed": True,
            "way": "restart",
            "msg": self.evil,
            "reasons": [self.evil],
            "waiting": False,
            "unproved": True,
            "restart_required": False,
            "controls": [control],
            "probes": [probe],
            "notes": [self.evil],
            "outcome": "not enforced",
            "installation": {"home": self.evil, "version": self.evil, "edition": self.evil},
            "content": base64.b64encode(self.properties().encode()).decode(),
            "status": 200,
            **self.steering(),
        }
        found["ansible_facts"]["antmedia"] = {
            "home": self.evil,
            "version": "2.17.1",
            "edition": self.evil,
            "apps": {self.evil: app, "LiveApp": app},
            "server": {"settings": {"server.jwtServerControlEnabled": "true"}},
            "fingerprints": {
                "management": self.evil,
                "apps": {self.evil: marks, "LiveApp": marks},
            },
            "process": {"pid": 1, "started": 1.0},
            "memory": {"known": True, "differs": {}, "overrides": [self.evil]},
        }
        return found

    def properties(self) -> str:
        secrets = "".join(f"{name}={SECRET}\n" for name in ("jwtSecretKey", "jwtStreamSecretKey"))
        return f"{secrets}server.name={self.run_it}{SUM}\nhttp.port={SUM}\n"

    def play(self, playbook, *options) -> str:
        """Run a playbook; what it printed, which by then must have done no harm."""
        hosts = self.folder / "hosts.json"
        hosts.write_text(json.dumps({"all": {"hosts": self.hosts, "vars": self.variables}}))
        done = subprocess.run(
            play.command(
                hosts,
                playbook,
                *("--vault-password-file", self.folder / "password", *options),
                program=self.programs / "ansible-playbook",
            ),
            cwd=self.folder,
            env={
                "PATH": f"{self.programs}:{os.environ['PATH']}",
                "HOME": str(self.folder),
                "LANG": "C.UTF-8",
                "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
                "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
                "ANSIBLE_FORKS": "10",
                "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_DEPRECATION_WARNINGS": "0",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.status = done.returncode
        shown = done.stdout.decode("utf-8", "backslashreplace")
        for found in (self.made.exists(), CAME_OUT in shown, SECRET in shown):
            assert not found, shown
        return shown

    def tasks(self, text: str, *options) -> str:
        path = self.folder / "play.yml"
        path.write_text(text)
        return self.play(path, *options)
