"""Certificates made on the spot, and whoever signs them."""

from __future__ import annotations

import datetime
import ipaddress
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


def certificate(folder: Path, name: str = "localhost") -> Path:
    """A file with a key and a certificate for a name, signed by itself."""
    return Authority(folder).issue(name, self_signed=True)
