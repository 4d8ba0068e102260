"""A web server in front of another one, by TLS, with certificates made on the spot.

    python -m tests.kit.front ADDRESS PORT CERTIFICATE BEHIND

is one at an address and a port before the port BEHIND of the loopback, until its input ends.
"""

from __future__ import annotations

import datetime
import http.client
import http.server
import ipaddress
import ssl
import sys
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

UTC = datetime.timezone.utc


class Authority:
    """Whoever signs certificates; `path` is what those have who trust it.

    named: what a certificate of nobody's is called.
    """

    def __init__(self, folder: Path, named: str = "Authority of tests"):
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, named)])
        self.path = folder / f"{named.replace(' ', '-')}.pem"
        own = self._sign(self._name, self._key.public_key(), (), 3650, 1, True, self)
        self.path.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        self._made = 0

    @staticmethod
    def _sign(subject, key, names, days, age, is_ca, by):
        now = datetime.datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(by._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=age))
            .not_valid_after(now + datetime.timedelta(days=days, minutes=5 if days >= 0 else -5))
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(by._key, hashes.SHA256())

    def issue(self, *names: str, days: int = 90, age: int = 1, self_signed: bool = False) -> Path:
        """A file with a key and its certificate for names and addresses.

        days: how long from now. age: for how many days it has been one; negative for later.
        """
        self._made += 1
        key = ec.generate_private_key(ec.SECP256R1())
        own = Authority.__new__(Authority)
        own._key = key
        own._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "front")])
        signed = self._sign(
            own._name,
            key.public_key(),
            [_name(name) for name in names],
            days,
            age,
            False,
            own if self_signed else self,
        )
        path = self.folder / f"{self.path.stem}-{self._made}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        return path


def _name(text):
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


class Front:
    """A web server that passes requests on to a port of the loopback.

    port: its own. seen: what it passed on. sees: who it takes all callers for, None for who they
    are. adds: whether it adds them to X-Forwarded-For, else it passes that on as it came. closed:
    beginnings of paths that it answers itself, by status.
    """

    def __init__(self, port: int, certificate: Path | None = None, place=("127.0.0.1", 0)):
        self.seen, self.sees, self.adds, self.closed = [], None, True, {}
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                for start, status in front.closed.items():
                    if self.path.startswith(start):
                        return self._say(status, b"no such thing here")
                headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
                if front.adds:
                    said = headers.get("X-Forwarded-For")
                    who = front.sees or self.client_address[0]
                    headers["X-Forwarded-For"] = f"{said}, {who}" if said else who
                front.seen.append((self.headers.get("Host"), self.path, headers))
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
                link.request("GET", self.path, headers=headers)
                answer = link.getresponse()
                self._say(answer.status, answer.read())
                link.close()

            def _say(self, status, body):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_ignored):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_ignored):  # callers that do not like the certificate
                pass

            def finish_request(self, request, client_address):
                if certificate:
                    request = self.context.wrap_socket(request, server_side=True)
                super().finish_request(request, client_address)

        self._server = Server(place, Handler)
        if certificate:
            self._server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._server.context.load_cert_chain(certificate)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def main() -> None:
    address, port, certificate, behind = sys.argv[1:]
    front = Front(int(behind), Path(certificate), (address, int(port)))
    print(flush=True)
    sys.stdin.read()
    front.close()


if __name__ == "__main__":
    main()
