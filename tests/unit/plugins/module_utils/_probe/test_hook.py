from __future__ import annotations

import socket

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import hook as _hook


def test_somebody_answers(web):
    assert _hook.trouble(f"http://127.0.0.1:{web.port}/may", 2) == ""
    assert web.requests == []


def test_nobody_answers():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        assert "refused" in _hook.trouble(f"https://127.0.0.1:{port}/may", 2)
    assert _hook.trouble("http://[::1", 1)
    assert _hook.trouble("http://127.0.0.1:99999/", 1)
