"""Hosts to audit, on a machine in good order."""

from __future__ import annotations

import pytest

from tests.kit import audited


@pytest.fixture
def audited_host(tmp_path, call, monkeypatch):
    """A host with a made-up home as shipped, whose server does not run."""
    audited.stub(monkeypatch)
    return audited.made_up(tmp_path, call)
