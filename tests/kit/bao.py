"""A real OpenBao server on loopback, with TLS and storage that outlives its process."""

from __future__ import annotations

import datetime
import ipaddress
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import hvac
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.sandbox import free_port

BAO = shutil.which("bao") or str(Path(sys.executable).with_name("bao"))
CONFIG = """
storage "raft" {{
  path = "{folder}/data"
  node_id = "one"
}}
listener "tcp" {{
  address = "127.0.0.1:{port}"
  tls_cert_file = "{folder}/server.pem"
  tls_key_file = "{folder}/server.key"
}}
audit "file" "to-file" {{
  options {{
    file_path = "{folder}/audit.log"
  }}
}}
api_addr = "https://127.0.0.1:{port}"
cluster_addr = "https://127.0.0.1:{cluster}"
"""


def _certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "streamward test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _state(thread: Path) -> str:
    return (thread / "stat").read_text().rpartition(") ")[2][:1]


class Bao:
    """One server. ``root`` is its root token."""

    def __init__(self, folder):
        self.folder, self.port, self.process = folder, free_port(), None
        self.url = f"https://127.0.0.1:{self.port}"
        self.ca_cert = str(folder / "server.pem")
        (folder / "data").mkdir()
        _certificate(folder)
        (folder / "config.hcl").write_text(
            CONFIG.format(folder=folder, port=self.port, cluster=free_port())
        )
        self.start(unseal=False)
        answer = self.client("").sys.initialize(secret_shares=1, secret_threshold=1)
        self.root, self._key = answer["root_token"], answer["keys"][0]
        self.unseal()

    def client(self, token=None):
        token = self.root if token is None else token
        return hvac.Client(url=self.url, token=token, verify=self.ca_cert, timeout=30)

    def start(self, unseal=True):
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [BAO, "server", f"-config={self.folder}/config.hcl"], stdout=log, stderr=log
            )
        self.until(lambda: self.client("").sys.read_seal_status())
        if unseal:
            self.unseal()

    def unseal(self):
        self.client("").sys.submit_unseal_key(self._key)
        self.until(self._lead)

    def _lead(self):
        """A server that is not elected yet answers what is read and refuses what is written."""
        status = self.client("").sys.read_health_status().status_code
        if status != 200:
            raise RuntimeError(f"health {status}")

    def seal(self):
        self.client().sys.seal()

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self):
        """Stop every thread of it: on a busy machine some answer for a while after the signal."""
        self.process.send_signal(signal.SIGSTOP)
        threads = Path(f"/proc/{self.process.pid}/task")
        while any(_state(thread) != "T" for thread in threads.iterdir()):
            time.sleep(0.01)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def requests(self, operation=None):
        """The requests of clients so far, as (operation, path), from the server's own audit log."""
        found = []
        for line in (self.folder / "audit.log").read_text().splitlines():
            entry = json.loads(line)
            if entry["type"] == "request":
                found.append((entry["request"]["operation"], entry["request"]["path"]))
        return [pair for pair in found if operation in (None, pair[0])]

    @staticmethod
    def until(ready):
        deadline = time.monotonic() + 30
        while True:
            try:
                return ready()
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
