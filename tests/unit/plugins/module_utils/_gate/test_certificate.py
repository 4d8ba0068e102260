"""The certificate of RTMPS: taken anew when its files change, and kept while they are broken."""

from __future__ import annotations

import os
import socket
import ssl
import threading

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    certificate as _certificate,
    policy as _policy,
)

from tests.kit import authority


@pytest.fixture
def files(tmp_path):
    """The certificate's files, and a function that puts a new pair in their place."""
    named = _policy.Certificate(str(tmp_path / "c.pem"), str(tmp_path / "k.pem"))

    def put(name):
        made = authority.certificate(tmp_path, f"{name}.example").read_bytes()
        for target in vars(named).values():
            new = tmp_path / "new"
            new.write_bytes(made)
            new.rename(target)

    put("one")
    return named, put


def shown(context):
    """The certificate that a client sees."""
    client = ssl.create_default_context()
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    here, there = socket.socketpair()

    def serve():
        with context.wrap_socket(there, server_side=True) as link:
            link.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    with client.wrap_socket(here) as link:
        found = link.getpeercert(binary_form=True)
        link.send(b"x")
    thread.join()
    return found


def test_it_is_taken_and_taken_anew(files):
    named, put = files
    tls = _certificate.Tls()
    tls.look(named)
    context, first = tls.context, shown(tls.context)
    tls.look(named)
    assert shown(context) == first
    put("two")
    tls.look(named)
    assert tls.context is context
    assert shown(context) != first
    assert tls.why == ""


def test_it_is_kept_while_the_files_are_broken(files):
    named, put = files
    tls = _certificate.Tls()
    tls.look(named)
    first = shown(tls.context)
    with open(named.key, "w", encoding="ascii") as key:
        key.write("x")
    tls.look(named)
    assert tls.why.startswith("the certificate cannot be used: ")
    assert shown(tls.context) == first
    os.unlink(named.certificate)
    tls.look(named)
    assert tls.why
    assert shown(tls.context) == first
    put("two")
    tls.look(named)
    assert tls.why == ""
    assert shown(tls.context) != first


def test_a_certificate_of_another_key(files, tmp_path):
    named, _put = files
    other = authority.certificate(tmp_path, "x.example")
    tls = _certificate.Tls()
    tls.look(_policy.Certificate(named.certificate, str(other)))
    assert tls.context is None
    assert tls.why


def test_none_at_first_and_none_at_last(files):
    named, _put = files
    tls = _certificate.Tls()
    tls.look(None)
    assert (tls.context, tls.why) == (None, "")
    tls.look(named)
    assert tls.context
    tls.look(None)
    assert tls.context is None


def test_old_versions_of_tls_are_not_spoken(files):
    named, _put = files
    tls = _certificate.Tls()
    tls.look(named)
    assert tls.context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_key_with_a_password_is_a_fault_and_not_a_question(files, monkeypatch):
    named, _put = files
    from cryptography.hazmat.primitives import serialization as form

    with open(named.key, "rb") as file:
        key = form.load_pem_private_key(file.read(), None)
    locked = key.private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.BestAvailableEncryption(b"x")
    )
    with open(named.key, "wb") as file:
        file.write(locked)
    tls = _certificate.Tls()
    tls.look(named)
    assert tls.why == "the certificate cannot be used: its key has a password"
