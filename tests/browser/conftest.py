"""A Chromium for all tests."""

from __future__ import annotations

import pytest

from tests.kit.browser import Browser


@pytest.fixture(scope="session")
def started():
    with Browser() as browser:
        yield browser


@pytest.fixture
def browser(started):
    """A window of the usual size, in daylight."""
    started.see()
    started.scripts(True)
    yield started
    started.open("about:blank")
