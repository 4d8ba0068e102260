"""A real OpenBao server for tests of the store that it is."""

from __future__ import annotations

import os

import pytest

from tests.kit.bao import BAO, Bao


@pytest.fixture(scope="session")
def bao_server(tmp_path_factory):
    if not os.access(BAO, os.X_OK):
        pytest.fail("the program bao is missing: pip install -r requirements-dev.txt")
    server = Bao(tmp_path_factory.mktemp("bao"))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def bao(bao_server, request):
    """The server, up and unsealed, with an empty mount named for the test."""
    if bao_server.process is None:
        bao_server.start()
    elif bao_server.client("").sys.read_seal_status()["sealed"]:
        bao_server.unseal()
    mount = f"kv-{abs(hash(request.node.nodeid))}"
    bao_server.client().sys.enable_secrets_engine("kv", path=mount, options={"version": "2"})
    bao_server.mount = mount
    Bao.until(lambda: bao_server.client().secrets.kv.v2.read_configuration(mount_point=mount))
    yield bao_server
    bao_server.resume() if bao_server.process else None
