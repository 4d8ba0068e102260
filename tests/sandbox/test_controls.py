"""The cases of every control on the files of real distributions, of versions of every era.

No server is started: what a running one tells, a case says itself.
"""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from demo import sandbox
from tests.kit import audited, calling
from tests.unit.plugins.plugin_utils._controls import controls as of_units

VERSIONS = ("2.4.3", "2.6.1", "2.6.2", "2.17.1")


def cases():
    """Pairs of a control's cases and the name of one of them."""
    for module in pkgutil.iter_modules(of_units.__path__):
        found = getattr(
            importlib.import_module(f"{of_units.__name__}.{module.name}"), "CASES", None
        )
        yield from ((found, name) for name in (found.rows if found else ()))


@pytest.fixture
def call(capfd, monkeypatch):
    return calling.Caller(capfd, monkeypatch)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("found", "name"), list(cases()), ids=lambda value: getattr(value, "name", value)
)
def test_cases(version, found, name, tmp_path, call, monkeypatch):
    audited.stub(monkeypatch)
    host = audited.real(sandbox.distribution(version), tmp_path, call)
    found.check(name, host)
