"""A made-up home in which settings can be overruled, and what is found there."""

from __future__ import annotations

import os
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    look as _look,
    unit as _unit,
)

from tests.kit import madeup, overruling


@pytest.fixture(autouse=True)
def systemd(tmp_path, monkeypatch):
    """The folders of systemd's units on a made-up host: `systemd(name, text)` writes a file."""
    monkeypatch.setattr(_service, "systemd_runs", lambda: True)
    names = ("etc", "run", "lib")
    folders = tuple(str(tmp_path / "systemd" / name) for name in names)
    monkeypatch.setattr(_unit, "FOLDERS", folders)
    monkeypatch.setattr(_unit, "MANAGER", str(tmp_path / "systemd" / "system.conf"))

    def write(name, text):
        path = tmp_path / "systemd" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    return write


class Host:
    """A dressed home of a version, on which things are put and looked for."""

    def __init__(self, root, version, apps):
        self.home = madeup.home(root / "antmedia", version, apps)
        overruling.dress(self.home, apps)
        self.place = overruling.Place(self.home, version, root)
        for app in apps:
            self.place.fill(app)
        self.running = True

    def look(self, written=True):
        installation = _installation.observe(str(self.home))
        process = self.place.process(time.time()) if self.running else None
        return _look.look(installation, process)

    def entries(self, app=overruling.APP):
        """What is named for an application, as triples of setting, place and moment."""
        return {
            (entry.setting, entry.where, entry.when)
            for entry in self.look().entries
            if entry.app in ((app, _entry.EVERY) if app else ("",))
        }

    def age(self):
        """Everything was written long before the server was started."""
        for folder, _folders, files in os.walk(self.home):
            for name in files:
                os.utime(os.path.join(folder, name), (1, 1))


@pytest.fixture
def host(tmp_path):
    """Make a host: `host("2.6.1")`, with as many applications as are named."""

    def make(version="2.17.1", apps=(overruling.APP, overruling.PLAIN)):
        return Host(tmp_path, version, apps)

    return make
