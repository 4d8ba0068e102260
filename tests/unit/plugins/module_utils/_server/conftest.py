from __future__ import annotations

import contextlib

import pytest

from tests.kit.authority import Authority
from tests.kit.front import Front


@pytest.fixture
def app(fake, web):
    """An installation with one application that has some lines in its file."""

    def make(*lines, version="2.17.1"):
        text = "\n".join(lines).encode()
        server = f"http.port={web.port}".encode()
        return fake.installation(version, server, {"LiveApp": text})

    return make


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("others"), "Somebody else")


@pytest.fixture
def trusted(authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))


@pytest.fixture
def behind(web, trusted):
    """Put a front with a certificate before the web server; its port."""
    with contextlib.ExitStack() as fronts:

        def make(certificate):
            front = Front(web.port, certificate)
            fronts.callback(front.close)
            return front.port

        yield make
