from __future__ import annotations

import pytest


@pytest.fixture
def app(fake, web):
    """An installation with one application that has some lines in its file."""

    def make(*lines, version="2.17.1"):
        text = "\n".join(lines).encode()
        server = f"http.port={web.port}".encode()
        return fake.installation(version, server, {"LiveApp": text})

    return make
