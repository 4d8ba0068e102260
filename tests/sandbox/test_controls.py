"""The cases of every control on the files of real distributions, of versions of every era.

No server is started: what a running one tells, a case says itself.
"""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
)

from demo import sandbox
from tests.kit import audited, calling
from tests.unit.plugins.plugin_utils._controls import controls as of_units

VERSIONS = ("2.4.3", "2.6.1", "2.6.2", "2.17.1")


def cases():
    """Every case of every control on every version; one that fails and one that passes of each
    control on the newest are enough where time is short."""
    for module in pkgutil.iter_modules(of_units.__path__):
        found = getattr(
            importlib.import_module(f"{of_units.__name__}.{module.name}"), "CASES", None
        )
        seen = set()
        for name, (_edit, outcome) in found.rows.items() if found else ():
            first = outcome in (_control.FAIL, _control.PASS) and outcome not in seen
            seen.add(outcome)
            for version in VERSIONS:
                marks = () if first and version == VERSIONS[-1] else pytest.mark.long
                label = f"{found.control.id}-{name}-{version}"
                yield pytest.param(version, found, name, marks=marks, id=label)


@pytest.fixture
def call(capfd, monkeypatch):
    return calling.Caller(capfd, monkeypatch)


@pytest.mark.parametrize(("version", "found", "name"), list(cases()))
def test_cases(version, found, name, tmp_path, call, monkeypatch):
    audited.stub(monkeypatch)
    host = audited.real(sandbox.distribution(version), tmp_path, call)
    found.check(name, host)
