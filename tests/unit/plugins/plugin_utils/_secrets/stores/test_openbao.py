"""What needs no server; the rest is in tests/stores."""

from __future__ import annotations

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
    Unavailable,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores import (
    open_store,
)

pytest.importorskip("hvac")


@pytest.fixture
def opened(tmp_path):
    def of(**options):
        config = {"kind": "openbao", "url": "http://127.0.0.1:1", **options}
        return open_store(config, Context(str(tmp_path), environ={}))

    return of


@pytest.mark.parametrize("mode, told", [(0o600, False), (0o640, False), (0o644, True)])
def test_a_token_that_everybody_may_read_is_told(opened, tmp_path, mode, told):
    path = tmp_path / "token"
    path.write_text("a-token\n")
    path.chmod(mode)
    store = opened(token_file=str(path))
    assert store._server.token() == "a-token"
    notes = [f"everybody may read the token in {path}: chmod o-r {path}"] if told else []
    assert store.notes == notes


@pytest.mark.parametrize("kind", ["a FIFO", "a device", "a folder", "65,537 bytes", "no token"])
def test_a_token_file_is_a_small_file_of_text(opened, tmp_path, kind):
    path = tmp_path / "token"
    if kind == "a FIFO":
        os.mkfifo(path)
    elif kind == "a device":
        path.symlink_to("/dev/zero")
    elif kind == "a folder":
        path.mkdir()
    else:
        path.write_bytes(b"a" * 65_537 if "bytes" in kind else b"\xff\xfe")
    with pytest.raises(Unavailable, match=kind):
        opened(token_file=str(path))._server.token()


def test_what_is_in_clear_to_this_machine_goes_by_no_proxy(opened, monkeypatch):
    asked = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers.get("X-Vault-Token"))
            self.send_error(503)

        def log_message(self, *_):
            pass

    proxy = HTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.server_port}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with pytest.raises(Unavailable):
            opened(token="a-token").load("fleet/management")
    finally:
        proxy.shutdown()
        proxy.server_close()
    assert asked == []
