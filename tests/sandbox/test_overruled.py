"""Everything that overrules a settings file, put on real servers: they take it, and it is named."""

from __future__ import annotations

import time

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._automation import (
    starts as _starts,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    log as _log,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    look as _look,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    management as _management,
)

from tests.kit import overruling
from tests.kit.overruling import APP, OF_APPS, OF_SERVER, ONE, PLAIN, SETTINGS, WAYS

pytestmark = pytest.mark.sandbox

ADMIN = {"email": "admin@example.net", "password": "test-only-password-of-nobody"}
OLDER = ("2.4.3", "2.6.1", "2.6.2")
NAMES = dict(zip(WAYS, SETTINGS[1:]))


class Tried:
    """A server on which everything was tried at once.

    where: the place that has to be named for each way. held: what each application holds, by name.
    """

    def __init__(self, sandbox, version):
        self.version = version
        outside = sandbox.root / "outside"
        outside.mkdir()
        self.place = place = overruling.Place(sandbox.home, version, outside)
        for app in sandbox.apps():
            place.fill(app)
        self.where = {
            name: way.put(place, NAMES[name], place.key(NAMES[name])) for name, way in WAYS.items()
        }
        self.where.update((app, way.put(place, app)) for app, way in OF_APPS.items())
        self.where.update((key, way.put(place, key)) for key, (way, _mark) in OF_SERVER.items())
        time.sleep(3)  # what is newer than a process was not read by it
        sandbox.start(place.options, place.environment)
        sandbox.wait_ready()
        installation = _installation.observe(str(sandbox.home))
        management = _management.Management(installation, ADMIN)
        management.claim()
        self.held = {app: management.settings(app) for app in sandbox.apps()}
        self.held[""] = management.server_settings()
        process = _process.find(str(sandbox.home))
        begun = time.perf_counter()
        self.found = _look.look(installation, process)
        self.seconds = time.perf_counter() - begun

    def takes(self, app, name):
        """Whether a server has a setting from elsewhere than its file."""
        return self.held[app][self.place.setting(name).field] != "file"

    def named(self, app, name):
        """Places that are named for a setting, and when they hold."""
        return {
            (entry.where, entry.when)
            for entry in self.found.entries
            if (entry.app == app or (app and entry.app == _entry.EVERY))
            and entry.setting in (name, _entry.EVERY)
        }


@pytest.fixture(
    scope="module",
    params=[
        "2.17.1",
        *(pytest.param(v, marks=pytest.mark.long) for v in ("2.4.3", "2.6.1", "2.6.2")),
    ],
)
def tried(request, sandboxes):
    return Tried(sandboxes(apps=[APP, PLAIN, *OF_APPS], version=request.param), request.param)


@pytest.mark.parametrize("name", WAYS)
def test_a_way(tried, name):
    way, setting = WAYS[name], NAMES[name]
    takes = way.takes(tried.version)
    assert tried.takes(APP, setting) == takes
    assert {where for where, _when in tried.named(APP, setting)} == (
        {tried.where[name]} if takes else set()
    )
    everywhere = takes and way.everywhere
    assert tried.takes(PLAIN, setting) == everywhere
    assert bool(tried.named(PLAIN, setting)) == everywhere
    for _where, when in tried.named(APP, setting):
        assert when in (_entry.NOW, _entry.ALWAYS)


@pytest.mark.parametrize("app", OF_APPS)
def test_a_way_of_an_application(tried, app):
    takes = OF_APPS[app].takes(tried.version)
    assert tried.takes(app, ONE) == takes
    assert (tried.where[app] in {where for where, _when in tried.named(app, ONE)}) == takes
    assert bool(tried.named(app, ONE)) == takes


@pytest.mark.parametrize("key", OF_SERVER)
def test_a_way_of_the_server(tried, key):
    way, mark = OF_SERVER[key]
    field = _catalogue.by_name(_catalogue.SERVER, key).field
    takes = way.takes(tried.version)
    assert (tried.held[""][field] == mark) == takes
    assert {where for where, _when in tried.named("", key)} == (
        {tried.where[key]} if takes else set()
    )


def test_nothing_else_is_named(tried):
    apps = [entry for entry in tried.found.entries if entry.app in (APP, PLAIN, _entry.EVERY)]
    assert {entry.setting for entry in apps} == {
        name for way, name in NAMES.items() if WAYS[way].takes(tried.version)
    }
    assert tried.found.unread == ()


def test_its_start_is_counted(tried):
    home = str(tried.place.home)
    moments, whole = _log.starts(home, time.time() - 3600)
    assert (len(moments), whole) == (1, True)
    assert _starts.look(home, _process.find(home)).shown()["last_day"] == 1


def test_it_takes_no_time(tried):
    assert tried.seconds < 0.5
